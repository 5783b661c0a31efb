"""Does the stand-in for Twilio behave as messaging.md 1 says that Twilio does? Asked with Twilio's own SDK."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Response
from integrations.messaging.stand_ins.twilio_rules import ERRORS, MAGIC
from practices import clock
from tests.builders.vendors import OTHER_PHONE, OURS, PHONE, Listener, twilio_session

XML = Response(200, b"<Response/>", {"Content-Type": "text/xml"})


def refusal(twilio: Client, **more: str) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**{"to": PHONE, "from_": OURS, "body": "Hi"} | more)
    return refused.value


def forms(listener: Listener) -> list[dict[str, str]]:
    return [request.form for request in listener.heard]


def test_a_message_is_created_as_queued_and_goes_its_way(stand_ins: StandIns, listener: Listener) -> None:
    with twilio_session(stand_ins) as twilio:
        stand_ins.twilio.callbacks.hold()
        created = twilio.messages.create(
            to=PHONE, from_=OURS, body="Hi “Dana”", status_callback=f"{listener.url}/c/?o=attempt-7"
        )
        assert (created.status, created.direction, created.num_segments) == ("queued", "outbound-api", "1")
        assert created.date_created is not None
        assert abs(created.date_created - clock.now()) < timedelta(seconds=5)
        assert (created.date_sent, created.error_code) == (None, None)
        stand_ins.twilio.callbacks.release()
        assert stand_ins.settle()
        fetched = twilio.messages(created.sid).fetch()
        assert fetched.status == "delivered"
        assert fetched.date_sent is not None

    assert [form["MessageStatus"] for form in forms(listener)] == ["sending", "sent", "delivered"]
    for request in listener.heard:
        url, signature = f"{listener.url}/c/?o=attempt-7", request.headers["x-twilio-signature"]
        assert RequestValidator(stand_ins.twilio.account.auth_token).validate(url, request.form, signature)
        assert not RequestValidator("another").validate(url, request.form, signature)
        assert request.form["MessageSid"] == request.form["SmsSid"] == created.sid
        assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")
    kept = stand_ins.twilio.accepted[0]
    assert (kept.attempt, kept.text, kept.status) == ("attempt-7", "Hi “Dana”", "delivered")


def test_through_a_messaging_service_it_is_accepted_first_and_has_no_sender_yet(stand_ins: StandIns) -> None:
    service = min(stand_ins.twilio.account.services)
    stand_ins.twilio.callbacks.plan(delay=(30, 30))
    with twilio_session(stand_ins) as twilio:
        created = twilio.messages.create(to=PHONE, messaging_service_sid=service, body="Hi")
        assert (created.status, created.num_segments, created.from_) == ("accepted", "0", None)
        assert created.messaging_service_sid == service
        stand_ins.twilio.callbacks.clear()


def test_an_api_key_signs_in_as_well_as_the_token(stand_ins: StandIns) -> None:
    ((key, secret),) = stand_ins.twilio.account.keys.items()
    with twilio_session(stand_ins, key, secret) as twilio:
        assert twilio.messages.create(to=PHONE, from_=OURS, body="Hi").status == "queued"
    with twilio_session(stand_ins, key, "wrong") as twilio:
        refused = refusal(twilio)
        assert (refused.status, refused.code) == (401, 20003)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "555 0142"}, 21211),
        ({"to": "+10125550142"}, 21211),
        ({"from_": "+13125559999"}, 21606),
        ({"from_": ""}, 21603),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "/callback"}, 21609),
        ({"status_callback": "https://under_score.example/x"}, 21609),
        ({"from_": "", "messaging_service_sid": "MG" + "0" * 32}, 21703),
        *(({"to": f"+1312990{digits}"}, fate.code) for digits, (fate, _) in MAGIC.items() if fate.at_create),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(stand_ins: StandIns, asked: dict[str, str], code: int) -> None:
    with twilio_session(stand_ins) as twilio:
        refused = refusal(twilio, **asked)
    assert (refused.status, refused.code) == (400, code)
    assert "{" not in refused.msg
    assert not stand_ins.twilio.accepted


@pytest.mark.parametrize(("digits", "fate"), [(d, f) for d, (f, _) in sorted(MAGIC.items()) if not f.at_create])
def test_numbers_with_a_fate_meet_it(stand_ins: StandIns, listener: Listener, digits: str, fate: Any) -> None:
    with twilio_session(stand_ins) as twilio:
        created = twilio.messages.create(
            to=f"+1773990{digits}", from_=OURS, body="Hi", status_callback=f"{listener.url}/c"
        )
        assert stand_ins.settle()
        fetched = twilio.messages(created.sid).fetch()
    assert fetched.status == fate.status
    last = forms(listener)[-1]
    assert last["MessageStatus"] == fate.status
    assert last.get("ErrorCode", "") == (str(fate.code) if fate.code else "")
    assert (fetched.error_code or 0) == fate.code
    assert all("ErrorCode" not in form for form in forms(listener)[:-1])


def test_a_number_can_be_given_a_fate(stand_ins: StandIns) -> None:
    with twilio_session(stand_ins) as twilio:
        stand_ins.twilio.doom(PHONE, 21610, at_create=True)
        assert refusal(twilio).code == 21610
        stand_ins.twilio.doom(PHONE, 30005)
        sid = twilio.messages.create(to=PHONE, from_=OURS, body="Hi").sid or ""
        assert stand_ins.settle()
        assert twilio.messages(sid).fetch().error_code == 30005
        stand_ins.twilio.doom(PHONE, status="delivered")
        sid = twilio.messages.create(to=PHONE, from_=OURS, body="Hi").sid or ""
        assert stand_ins.settle()
        assert twilio.messages(sid).fetch().status == "delivered"


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "Unsubscribe", "END", "quit", "STOPALL", "revoke", "OptOut", "cancel"]
)
def test_a_stop_word_alone_blocks_the_number_and_is_answered_once(stand_ins: StandIns, word: str) -> None:
    stand_ins.twilio.write_back(PHONE, OURS, word)
    stand_ins.twilio.write_back(PHONE, OURS, word)
    with twilio_session(stand_ins) as twilio:
        assert refusal(twilio).code == 21610
        assert refusal(twilio).status == 400
        assert twilio.messages.create(to=OTHER_PHONE, from_=OURS, body="Hi").sid
        assert twilio.messages.create(to=PHONE, from_="+13125550101", body="Hi").sid
        listed = [message.body for message in twilio.messages.list(limit=50)]
    assert len(stand_ins.records.all("twilio", "auto")) == 1
    assert not [body for body in listed if "unsubscribed" in (body or "")]


@pytest.mark.parametrize("words", ["Stop please", "yes, Tuesday works", "don't stop", "stop."])
def test_other_words_are_left_to_the_application(stand_ins: StandIns, words: str) -> None:
    stand_ins.twilio.write_back(PHONE, OURS, words)
    with twilio_session(stand_ins) as twilio:
        assert twilio.messages.create(to=PHONE, from_=OURS, body="Hi").sid
    assert not stand_ins.records.all("twilio", "auto")


@pytest.mark.parametrize("word", ["START", "yes", "UnStop"])
def test_a_start_word_lifts_the_block(stand_ins: StandIns, word: str) -> None:
    stand_ins.twilio.write_back(PHONE, OURS, "STOP")
    stand_ins.twilio.write_back(PHONE, OURS, word)
    with twilio_session(stand_ins) as twilio:
        assert twilio.messages.create(to=PHONE, from_=OURS, body="Hi").sid


def test_where_the_application_handles_stop_twilio_does_not(stand_ins: StandIns) -> None:
    stand_ins.twilio.change({"handles_stop": False})
    stand_ins.twilio.write_back(PHONE, OURS, "STOP")
    with twilio_session(stand_ins) as twilio:
        assert twilio.messages.create(to=PHONE, from_=OURS, body="You are unsubscribed.").sid


def test_what_clients_write_is_told_signed(stand_ins: StandIns, listener: Listener) -> None:
    url = f"{listener.url}/in/?practice=7"
    listener.response = XML
    stand_ins.twilio.own("+13125559000", f"{url}#rc=2")
    stand_ins.twilio.write_back(PHONE, "+13125559000", "Sí, martes 😀")
    assert stand_ins.settle()
    (request,) = listener.heard
    assert request.query == "practice=7"
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    assert (form["From"], form["To"], form["Body"]) == (PHONE, "+13125559000", "Sí, martes 😀")
    assert (form["SmsStatus"], form["NumSegments"], form["NumMedia"]) == ("received", "1", "0")
    assert "OptOutType" not in form
    validator = RequestValidator(stand_ins.twilio.account.auth_token)
    assert validator.validate(url, form, request.headers["x-twilio-signature"])
    assert stand_ins.twilio.alerts == []
    with twilio_session(stand_ins) as twilio:
        (message,) = twilio.messages.list(from_=PHONE, limit=5)
        assert (message.direction, message.status) == ("inbound", "received")


def test_with_advanced_opt_out_keywords_are_named(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.twilio.change({"advanced_opt_out": True, "inbound_url": listener.url})
    listener.response = XML
    service = min(stand_ins.twilio.account.services)
    for words in ("help", "STOP", "Hello"):
        stand_ins.twilio.write_back(PHONE, service, words)
    assert stand_ins.settle()
    assert sorted(form.get("OptOutType", "") for form in forms(listener)) == ["", "HELP", "STOP"]
    assert all(form["MessagingServiceSid"] == service for form in forms(listener))


@pytest.mark.parametrize(
    ("answer", "alerts", "sent_on"),
    [
        (XML, [], []),
        (Response(204), [], []),
        (Response(200), [], []),
        (Response(200, b"{}", {"Content-Type": "application/json"}), [12300], []),
        (Response(200, b"<Response>", {"Content-Type": "text/xml"}), [12100], []),
        (Response(403), [11200], []),
        (Response(200, b"Hello", {"Content-Type": "text/plain"}), [], ["Hello"]),
        (
            Response(200, b"<Response><Message>Hi</Message></Response>", {"Content-Type": "text/xml"}),
            [],
            ["Hi"],
        ),
    ],
)
def test_twilio_notes_what_is_wrong_with_an_answer(
    stand_ins: StandIns, listener: Listener, answer: Response, alerts: list[int], sent_on: list[str]
) -> None:
    listener.response = answer
    stand_ins.twilio.change({"inbound_url": listener.url})
    stand_ins.twilio.write_back(PHONE, OURS, "Hello")
    assert stand_ins.settle()
    assert [code for code, _, _ in stand_ins.twilio.alerts] == alerts
    assert stand_ins.twilio.answers_in_twiml == [(PHONE, text) for text in sent_on]


@pytest.mark.parametrize(
    ("fragment", "times"), [("", 1), ("#rc=3&rp=5xx", 4), ("#rc=2&rp=4xx", 1), ("#rc=1&rp=all", 2)]
)
def test_callbacks_are_tried_again_as_the_address_says(
    stand_ins: StandIns, listener: Listener, fragment: str, times: int
) -> None:
    listener.response = Response(503)
    stand_ins.twilio.change({"inbound_url": f"{listener.url}/{fragment}"})
    stand_ins.twilio.write_back(PHONE, OURS, "Hello")
    assert stand_ins.settle(30)
    assert len(listener.heard) == times
    assert [code for code, _, _ in stand_ins.twilio.alerts] == [11200]


def test_a_redirect_is_followed_as_get_and_loses_the_form(stand_ins: StandIns, listener: Listener) -> None:
    listener.answers = [Response(302, b"", {"Location": f"{listener.url}/there"})]
    stand_ins.twilio.change({"inbound_url": f"{listener.url}/here"})
    stand_ins.twilio.write_back(PHONE, OURS, "Hello")
    assert stand_ins.settle()
    assert [(request.method, request.path, request.body) for request in listener.heard][1:] == [("GET", "/there", b"")]


def test_the_list_is_complete_newest_first_over_several_pages(stand_ins: StandIns) -> None:
    with twilio_session(stand_ins) as twilio:
        for number in range(25):
            twilio.messages.create(to=PHONE if number % 5 else OTHER_PHONE, from_=OURS, body=f"No {number}")
        assert stand_ins.settle()
        bodies = [message.body for message in twilio.messages.list(to=PHONE, page_size=3, limit=100)]
        assert bodies == [f"No {number}" for number in range(24, -1, -1) if number % 5]
        assert len(twilio.messages.list(limit=7)) == 7
        assert len(twilio.messages.list(limit=100)) == 25
        assert len(twilio.messages.list(from_=OURS, to=OTHER_PHONE, limit=100)) == 5
        assert twilio.messages.list(to="+13125550999", limit=100) == []
        assert twilio.messages.list(from_="+13125550999", limit=100) == []


def test_the_list_filters_by_the_gmt_date_of_sending(stand_ins: StandIns) -> None:
    today = clock.now()
    with twilio_session(stand_ins) as twilio:
        twilio.messages.create(to=PHONE, from_=OURS, body="Hi")
        assert stand_ins.settle()
        stand_ins.twilio.callbacks.plan(delay=(30, 30))
        twilio.messages.create(to=PHONE, from_=OURS, body="Queued, so without a date")

        def found(**asked: Any) -> int:
            return len(twilio.messages.list(to=PHONE, limit=10, **asked))

        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
        assert found() == 2
        assert found(date_sent_after=midnight - timedelta(days=1)) == 1
        assert found(date_sent_before=midnight - timedelta(days=2)) == 0
        assert found(date_sent=midnight - timedelta(days=9)) == 0
        stand_ins.twilio.callbacks.clear()


def test_a_message_is_canceled_only_before_it_is_final_and_redacted_by_an_empty_body(stand_ins: StandIns) -> None:
    stand_ins.twilio.callbacks.plan(delay=(30, 30))
    with twilio_session(stand_ins) as twilio:
        queued = twilio.messages.create(to=PHONE, from_=OURS, body="Hi")
        assert queued.update(status="canceled").status == "canceled"
        with pytest.raises(TwilioRestException) as refused:
            queued.update(status="canceled")
        assert refused.value.code == 30409
        assert queued.update(body="").body == ""
        with pytest.raises(TwilioRestException) as refused:
            queued.update(body="Something else")
        assert refused.value.code == 30400
        assert queued.delete()
        with pytest.raises(TwilioRestException) as refused:
            queued.fetch()
        assert (refused.value.status, refused.value.code) == (404, 20404)
    stand_ins.twilio.callbacks.clear()


def test_the_account_its_numbers_and_its_service_can_be_looked_at(stand_ins: StandIns) -> None:
    account = stand_ins.twilio.account
    with twilio_session(stand_ins) as twilio:
        assert twilio.api.v2010.accounts(account.sid).fetch().status == "active"
        (number,) = twilio.incoming_phone_numbers.list(phone_number=OURS, limit=5)
        assert number.phone_number == OURS
        assert twilio.messaging.v1.services(min(account.services)).fetch().sid in account.services
        with pytest.raises(TwilioRestException) as refused:
            twilio.api.v2010.accounts("AC" + "0" * 32).fetch()
        assert refused.value.status == 404
        stand_ins.twilio.change({"status": "suspended"})
        assert refusal(twilio).status == 401


def test_a_second_account_sees_only_its_own(stand_ins: StandIns) -> None:
    other = "AC" + "1" * 32
    stand_ins.twilio.change({"sid": other, "auth_token": "secret", "numbers": ["+13035550199"]})
    with twilio_session(stand_ins) as ours:
        sid = ours.messages.create(to=PHONE, from_=OURS, body="Hi").sid or ""
    with twilio_session(stand_ins, other, "secret") as theirs:
        hers = theirs.api.v2010.accounts(other)
        assert hers.messages.list(limit=5) == []
        with pytest.raises(TwilioRestException):
            hers.messages(sid).fetch()
        assert hers.messages.create(to=PHONE, from_="+13035550199", body="Hi").sid
        with pytest.raises(TwilioRestException):
            theirs.messages.create(to=PHONE, from_=OURS, body="Hi")


def test_more_than_the_rate_is_refused(stand_ins: StandIns) -> None:
    stand_ins.twilio.change({"rate": 2})
    with twilio_session(stand_ins) as twilio:
        for _ in range(2):
            twilio.messages.create(to=PHONE, from_=OURS, body="Hi")
        refused = refusal(twilio)
        assert (refused.status, refused.code) == (429, 20429)


def test_every_code_has_words_and_a_fitting_status() -> None:
    for code, (status, words) in ERRORS.items():
        assert words
        assert status in (0, 400, 401, 404, 405, 409, 429, 500), code
