"""Do the stand-ins fail as they are told, count what they accepted, and leave nothing behind?"""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Response
from integrations.messaging.stand_ins.faults import ACCEPTS, Faults, Kind
from integrations.messaging.stand_ins.segments import segments_of
from tests.builders.vendors import OTHER_PHONE, OURS, PHONE, Listener, a_mail, twilio_session

MESSAGES, SENDERS = 2_000, 8


@contextmanager
def browser(stand_ins: StandIns) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stand_ins.url, timeout=10) as session:
        yield session


def texted(stand_ins: StandIns, to: str = PHONE, body: str = "Hi", **more: str) -> httpx.Response:
    account = stand_ins.twilio.account
    return httpx.post(
        f"{stand_ins.url_of('twilio')}/2010-04-01/Accounts/{account.sid}/Messages.json",
        data={"To": to, "From": OURS, "Body": body, **more},
        auth=(account.sid, account.auth_token),
        timeout=5,
    )


def idle_connection(stand_ins: StandIns) -> http.client.HTTPConnection:
    """One that is kept alive after an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(stand_ins.url).port or 0, timeout=5)
    connection.request("GET", "/control/counts")
    assert connection.getresponse().read()
    return connection


def until(is_true: Callable[[], bool]) -> None:
    """Wait for it, ten seconds at most."""
    began = monotonic()
    while not is_true():
        assert monotonic() - began < 10
        threading.Event().wait(0.01)


def test_it_knows_nothing_of_django_and_starts_in_half_a_second() -> None:
    script = (
        "import sys, time; began = time.monotonic()\n"
        "from integrations.messaging.stand_ins import StandIns\n"
        "with StandIns(): pass\n"
        "print(time.monotonic() - began, 'django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=60
    )
    seconds, has_django = done.stdout.split()
    assert has_django == "False"
    # The process has the machine to itself at most in part: half a second is meant for an idle one.
    assert float(seconds) < 5


def test_it_runs_as_a_program_of_its_own_and_ends_when_told() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "integrations.messaging.stand_ins", "--port", "0"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[-1].rstrip("/")
        assert httpx.get(f"{url}/control/").json()["accepted"] == 0
        program.terminate()
        assert program.wait(20) == 0


def test_a_port_that_is_taken_is_refused_in_words(stand_ins: StandIns) -> None:
    port = str(urlsplit(stand_ins.url).port)
    done = subprocess.run(
        [sys.executable, "-m", "integrations.messaging.stand_ins", "--port", port],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr


def test_when_it_ends_no_thread_and_no_connection_is_left() -> None:
    before = set(threading.enumerate())
    with ThreadPoolExecutor(1) as waiting:
        with StandIns() as stand_ins, closing(idle_connection(stand_ins)):
            stand_ins.twilio.faults.add("slow", seconds=60)
            unanswered = waiting.submit(texted, stand_ins)
            until(lambda: bool(stand_ins.twilio.accepted))
            began = monotonic()
            stand_ins.stop()
        assert monotonic() - began < 5
        assert isinstance(unanswered.exception(), httpx.RemoteProtocolError)
    assert set(threading.enumerate()) <= before


def test_eight_senders_hand_over_two_thousand_messages_and_none_is_lost(stand_ins: StandIns) -> None:
    def send(sender: int) -> set[int]:
        with twilio_session(stand_ins) as twilio:
            for number in range(MESSAGES // SENDERS):
                twilio.messages.create(to=f"+1312555{number:04}", from_=OURS, body=f"From {sender}")
        return {sender}

    with ThreadPoolExecutor(SENDERS) as senders:
        assert len(list(senders.map(send, range(SENDERS)))) == SENDERS

    assert [kept.sequence for kept in stand_ins.twilio.accepted] == list(range(1, MESSAGES + 1))
    assert set(stand_ins.records.by_text().values()) == {1}


@pytest.mark.parametrize("kind", sorted(Kind))
def test_each_fault_accepts_or_does_not_and_the_caller_sees_only_what_it_would(stand_ins: StandIns, kind: Kind) -> None:
    stand_ins.twilio.faults.add(kind, seconds=0.05, retry_after=7)
    try:
        answer: Any = texted(stand_ins)
    except httpx.TransportError as error:
        answer = error

    assert len(stand_ins.twilio.accepted) == (kind in ACCEPTS)
    match kind:
        case Kind.RATE_LIMITED:
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
            assert answer.json()["code"] == 20429
        case Kind.ERROR_BEFORE | Kind.ERROR_AFTER:
            assert (answer.status_code, answer.json()["code"]) == (500, 20500)
        case Kind.SLOW | Kind.LATE:
            assert answer.status_code == 201
        case Kind.GARBAGE:
            assert answer.status_code == 201
            with pytest.raises(ValueError, match=r"Expecting value|codec"):
                answer.json()
        case _:
            assert isinstance(answer, httpx.RemoteProtocolError)
    assert texted(stand_ins).status_code == 201


def test_a_late_acceptance_happens_though_the_caller_has_hung_up(stand_ins: StandIns) -> None:
    stand_ins.twilio.faults.add("late", seconds=0.3)
    with twilio_session(stand_ins, timeout=0.05) as twilio, pytest.raises(requests.exceptions.ReadTimeout):
        twilio.messages.create(to=PHONE, from_=OURS, body="Hi")
    assert stand_ins.twilio.accepted == []
    until(lambda: len(stand_ins.twilio.accepted) == 1)


def test_a_fault_of_reading_leaves_sending_alone(stand_ins: StandIns) -> None:
    stand_ins.twilio.faults.add("error_before", on="read")
    assert texted(stand_ins).status_code == 201
    with twilio_session(stand_ins) as twilio:
        with pytest.raises(TwilioException):
            twilio.messages.list(to=PHONE, limit=20)
        assert len(twilio.messages.list(to=PHONE, limit=20)) == 1


def test_what_would_be_refused_anyway_is_refused_under_a_fault_too(stand_ins: StandIns) -> None:
    stand_ins.twilio.faults.add("garbage")
    assert texted(stand_ins, to="+1").json()["code"] == 21211
    assert not stand_ins.twilio.accepted


def test_the_same_seed_draws_the_same_faults() -> None:
    def drawn(seed: int) -> list[object]:
        faults = Faults()
        faults.chance({"cut_after": 0.2, "rate_limited": 0.3}, seed=seed, retry_after=2)
        return [faults.next("send") for _ in range(200)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    kinds = [fault.kind for fault in drawn(7) if fault]  # type: ignore[attr-defined]
    assert {*kinds} == {Kind.CUT_AFTER, Kind.RATE_LIMITED}
    assert 60 < len(kinds) < 140


@pytest.mark.parametrize("chances", [{"nonsense": 0.1}, {"slow": 0.7, "late": 0.7}, {"slow": -0.1}])
def test_chances_that_are_none_are_refused(chances: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"nonsense|Chances"):
        Faults().chance(chances)


def test_the_control_api_plans_faults_and_counts_what_came(stand_ins: StandIns) -> None:
    with browser(stand_ins) as control:
        plan = {"vendor": "twilio", "queue": [{"kind": "cut_after", "times": 2}]}
        assert control.post("/control/faults", json=plan).json()["queue"] == ["cut_after", "cut_after"]
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                texted(stand_ins, StatusCallback="http://127.0.0.1:1/c?o=attempt-1")
        texted(stand_ins, OTHER_PHONE, "Hello")
        counts = control.get("/control/counts").json()
        assert (counts["accepted"], counts["by_vendor"]["twilio"], counts["texts"]) == (3, 3, 2)
        assert counts["repeated_texts"] == [{"to": PHONE, "text": "Hi", "times": 2}]
        assert counts["repeated_attempts"] == {"attempt-1": 2}
        listed = control.get("/control/accepted", params={"to": OTHER_PHONE}).json()
        assert [each["text"] for each in listed["accepted"]] == ["Hello"]
        assert listed["accepted"][0]["sequence"] == 3
        assert control.get("/control/accepted", params={"since": 2}).json()["count"] == 1
        assert control.post("/control/settle", json={}).json() == {"settled": True}
        control.post("/control/reset")
        assert control.get("/control/counts").json()["accepted"] == 0


@pytest.mark.parametrize(
    ("path", "told", "says"),
    [
        ("faults", {"vendor": "pigeon"}, "twilio, sendgrid, podium"),
        ("faults", {"vendor": "twilio", "queue": [{"kind": "flood"}]}, "flood"),
        ("faults", {"vendor": "twilio", "queue": [{}]}, "A fault needs a kind"),
        ("callbacks", {"vendor": "twilio", "drop": 3}, "between 0 and 1"),
        ("callbacks", {"vendor": "twilio", "delay": 3}, "no plan"),
        ("numbers", {"number": PHONE, "code": 1}, "no code 1"),
        ("account", {"vendor": "twilio", "color": "red"}, "color"),
        ("account", {"vendor": "sendgrid", "event_url": 3}, "event_url"),
        ("account", {"vendor": "podium", "locations": "x"}, "locations"),
        ("inbound", {"vendor": "twilio", "from": PHONE, "to": "+13125559999", "text": "Hi"}, "owns"),
        ("inbound", {"vendor": "twilio"}, "from"),
        ("inbound", [], "JSON object"),
    ],
)
def test_the_control_api_says_what_is_wrong(stand_ins: StandIns, path: str, told: Any, says: str) -> None:
    answer = httpx.post(f"{stand_ins.url}/control/{path}", json=told)
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_an_unknown_address_is_not_found(stand_ins: StandIns) -> None:
    with browser(stand_ins) as session:
        assert session.get("/control/nothing").status_code == 404
        assert session.get("/nothing").status_code == 404
        assert session.get("/mail/7/html").status_code == 404
        assert session.put("/").status_code == 404
        assert session.get("/sendgrid/v3/scopes").status_code == 401


def test_callbacks_are_dropped_doubled_and_held_as_planned(stand_ins: StandIns, listener: Listener) -> None:
    callbacks = stand_ins.twilio.callbacks
    callbacks.plan(drop=1)
    texted(stand_ins, StatusCallback=listener.url)
    assert stand_ins.settle()
    assert listener.heard == []

    callbacks.plan(duplicate=1)
    texted(stand_ins, StatusCallback=listener.url)
    assert stand_ins.settle()
    statuses = [request.form["MessageStatus"] for request in listener.heard]
    assert statuses == ["sending", "sending", "sent", "sent", "delivered", "delivered"]

    callbacks.plan()
    callbacks.hold()
    texted(stand_ins, StatusCallback=listener.url)
    assert stand_ins.settle()
    assert len(callbacks.held) == 3
    assert len(listener.heard) == 6
    callbacks.release()
    assert stand_ins.settle()
    assert len(listener.heard) == 9


def test_callbacks_come_out_of_order_when_that_is_planned(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.twilio.callbacks.plan(reorder=0.5, seed=3)
    for number in range(20):
        texted(stand_ins, f"+13125551{number:03}", StatusCallback=listener.url)
    assert stand_ins.settle(30)
    by_message: dict[str, list[str]] = {}
    for request in listener.heard:
        by_message.setdefault(request.form["MessageSid"], []).append(request.form["MessageStatus"])
    assert {tuple(sorted(each)) for each in by_message.values()} == {("delivered", "sending", "sent")}
    assert any(each != ["sending", "sent", "delivered"] for each in by_message.values())


def test_reset_forgets_messages_plans_and_accounts(stand_ins: StandIns) -> None:
    stand_ins.twilio.faults.add("cut_before", times=5)
    stand_ins.twilio.opted_out.add((stand_ins.twilio.account.sid, OURS, PHONE))
    stand_ins.twilio.change({"inbound_url": "http://127.0.0.1:1/"})
    stand_ins.reset()
    assert texted(stand_ins).status_code == 201
    assert stand_ins.twilio.account.inbound_url == ""


def test_bad_input_of_a_request_ends_the_connection_without_harm(stand_ins: StandIns) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(stand_ins.url).port or 0, timeout=5)
    connection.putrequest("POST", "/twilio/", skip_accept_encoding=True)
    connection.putheader("Content-Length", "minus one")
    connection.endheaders()
    assert connection.getresponse().status == 411
    connection.close()
    assert httpx.get(f"{stand_ins.url}/").status_code == 200


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("😀" * 35, 1),
        ("a" * 66 + "😀" + "a" * 66, 3),
    ],
)
def test_segments_are_those_of_the_carriers(text: str, segments: int) -> None:
    assert segments_of(text) == segments


def test_people_see_what_came_and_write_back(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.twilio.change({"inbound_url": f"{listener.url}/in"})
    with browser(stand_ins) as session:
        assert "No message has come yet" in session.get("/").text
        texted(stand_ins, body="Book <b>here</b> & now")
        assert stand_ins.settle()
        page = session.get("/").text
        assert "Book &lt;b&gt;here&lt;/b&gt; &amp; now" in page
        assert "+1 312 555 0142" in page
        assert "Nothing leaves this machine" in page

        way = f"/with/twilio/{urlencode({'': PHONE})[1:]}"
        answer = session.post(f"{way}/reply", data={"to": OURS, "text": "Stop"})
        assert answer.status_code == 303
        assert stand_ins.settle()
        assert listener.heard[-1].form["Body"] == "Stop"
        page = session.get(answer.headers["Location"]).text
        assert "You have successfully been unsubscribed" in page
        assert "Twilio itself" in page
        refused = session.post(f"{way}/reply", data={"to": OURS, "text": " "})
        assert refused.status_code == 400
        assert "Write something first." in refused.text


def test_people_see_a_mail_as_a_mailbox_shows_it_and_press_its_buttons(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.sendgrid.change({"event_url": f"{listener.url}/events", "flush_seconds": 0})
    key = stand_ins.sendgrid.account.api_key
    headers = {
        "List-Unsubscribe": f"<{listener.url}/u/token/>, <mailto:stop@lakeview.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    with browser(stand_ins) as session:
        mail = a_mail(headers=headers)
        session.post("/sendgrid/v3/mail/send", json=mail, headers={"Authorization": f"Bearer {key}"})
        number = stand_ins.sendgrid.accepted[0].sequence
        shown = session.get(f"/mail/{number}/html")
        assert shown.text == "<p>Hi Dana</p>"
        assert shown.headers["Content-Security-Policy"].startswith("sandbox;")
        page = session.get("/").text
        assert "List-Unsubscribe-Post" in page
        assert 'sandbox=""' in page

        answered = session.post(f"/mail/{number}/unsubscribe")
        one_click = next(request for request in listener.heard if request.path == "/u/token/")
        assert (one_click.method, one_click.body) == ("POST", b"List-Unsubscribe=One-Click")
        assert "cookie" not in one_click.headers
        assert "takes the client for unsubscribed" in session.get(answered.headers["Location"]).text

        assert stand_ins.settle()
        listener.answers = [Response(302, b"", {"Location": "/elsewhere"})]
        session.post(f"/mail/{number}/unsubscribe")
        assert "A redirect is not followed" in session.get(answered.headers["Location"]).text

        session.post(f"/mail/{number}/spam")
        assert stand_ins.settle()
    events = [event["event"] for request in listener.heard if request.path == "/events" for event in request.json()]
    assert sorted(events) == ["delivered", "processed", "spamreport"]
    assert stand_ins.sendgrid.accepted[0].status == "spamreport"


def test_the_page_of_accounts_shows_the_keys_and_keeps_callback_addresses(stand_ins: StandIns) -> None:
    with browser(stand_ins) as session:
        page = session.get("/accounts").text
        for vendor in stand_ins.vendors.values():
            for _, value in vendor.shown():
                assert value in page
        answer = session.post("/accounts/sendgrid", data={"event_url": " http://127.0.0.1:8000/x/ ", "parse_url": ""})
        assert answer.headers["Location"] == "/accounts#sendgrid"
        assert 'value="http://127.0.0.1:8000/x/"' in session.get("/accounts").text
        assert stand_ins.sendgrid.account.event_url == "http://127.0.0.1:8000/x/"
        assert session.post("/accounts/sendgrid", data={"color": "red"}).status_code == 400


def test_the_keys_are_the_same_at_each_start() -> None:
    first, second = StandIns(), StandIns()
    try:
        assert [each.shown() for each in first.vendors.values()] == [each.shown() for each in second.vendors.values()]
    finally:
        first.stop()
        second.stop()


def test_the_pulse_changes_when_something_came(stand_ins: StandIns) -> None:
    with browser(stand_ins) as session:
        before = session.get("/pulse").json()
        assert session.get("/pulse").json() == before
        texted(stand_ins)
        assert session.get("/pulse").json() != before


def test_what_is_recorded_can_be_read_as_json(stand_ins: StandIns) -> None:
    texted(stand_ins)
    told = json.loads(json.dumps(stand_ins.twilio.accepted[0].told()))
    assert (told["address"], told["ours"], told["direction"]) == (PHONE, OURS, "outbound")
