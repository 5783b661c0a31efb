"""Does TwilioSms say to Twilio, and understand of it, what Twilio documents? (messaging.md 1)"""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from twilio.request_validator import RequestValidator

from integrations.messaging.base import (
    Accepted,
    Amiss,
    CannotSay,
    Explained,
    Fate,
    Found,
    Inbound,
    Incoming,
    Meaning,
    NeverArrived,
    NotAuthentic,
    NotSent,
    Refused,
    Report,
    Unreadable,
)
from integrations.messaging.twilio_sms import MOST_LISTED, TwilioSms
from tests.contracts.gateways.vendors import (
    AT,
    ATTEMPT,
    NUMBER,
    TWILIO,
    TWILIO_SID,
    VENDORS,
    WORDS,
    posted_form,
    twilio_error,
    twilio_message,
)
from tests.contracts.gateways.wire import Got, Wire, answer

TWILIOS = VENDORS["twilio_sms"]
HOOK = "https://medspa.example/webhooks/messaging/1/"
FORM = "application/x-www-form-urlencoded"
SERVICE = "MG" + "3d" * 16


def sent_with(callback_url: str = HOOK, **credentials: str) -> dict[str, str]:
    with Wire(TWILIOS.script()) as wire:
        gateway = TwilioSms({**TWILIO, **credentials}, callback_url=callback_url, url=wire.url + "/vendor")
        gateway.send(TWILIOS.outgoing, ATTEMPT)
        return posted_form(wire.got[0])


def test_it_posts_the_words_as_they_are_with_its_reference_in_the_address_to_call_back() -> None:
    assert sent_with() == {
        "To": NUMBER,
        "From": TWILIO["from_number"],
        "Body": WORDS,
        "StatusCallback": f"{HOOK}?o={ATTEMPT}",
        "ValidityPeriod": "3600",
    }


@pytest.mark.parametrize(("left", "validity"), [(None, 3600), (28, 28), (8000, 3600), (2, 6), (0, 6)])
def test_twilio_drops_a_text_that_may_not_leave_any_more(left: int | None, validity: int) -> None:
    with Wire(TWILIOS.script()) as wire:
        TWILIOS.made(wire.url).send(replace(TWILIOS.outgoing, leave_within=left), ATTEMPT)
        assert posted_form(wire.got[0])["ValidityPeriod"] == str(validity)


def test_it_signs_in_with_the_account_or_with_a_key_of_it() -> None:
    keys = {"api_key_sid": "SK" + "2c" * 16, "api_key_secret": "the-keys-secret"}
    with Wire(TWILIOS.script()) as wire:
        TWILIOS.made(wire.url).send(TWILIOS.outgoing, ATTEMPT)
        TWILIOS.made(wire.url, **keys).send(TWILIOS.outgoing, ATTEMPT)
        given = [base64.b64decode(got.headers["authorization"].split()[1]).decode() for got in wire.got]

    assert given == [f"{TWILIO_SID}:{'f' * 32}", f"SK{'2c' * 16}:the-keys-secret"]
    assert {got.target for got in wire.got} == {f"/vendor/2010-04-01/Accounts/{TWILIO_SID}/Messages.json"}


def test_a_messaging_service_sends_with_or_without_a_number_of_its_own() -> None:
    both, alone = sent_with(messaging_service_sid=SERVICE), sent_with(messaging_service_sid=SERVICE, from_number="")

    assert (both["MessagingServiceSid"], both["From"]) == (SERVICE, TWILIO["from_number"])
    assert alone["MessagingServiceSid"] == SERVICE
    assert "From" not in alone


def test_without_a_sender_the_account_is_at_fault() -> None:
    with pytest.raises(NotSent, match="number") as raised:
        TwilioSms({**TWILIO, "from_number": ""}).send(TWILIOS.outgoing, ATTEMPT)
    assert raised.value.is_account


@pytest.mark.parametrize("address", ["", "https://my_clinic.example/w/", "ftp://medspa.example/", "/w/", "https:///w"])
def test_an_address_that_twilio_would_refuse_is_left_out_rather_than_the_message(address: str) -> None:
    assert "StatusCallback" not in sent_with(address)


def test_twilio_itself_is_not_given_an_address_of_this_machine_but_a_stand_in_is() -> None:
    here = "http://127.0.0.1:8000/webhooks/messaging/1/"

    assert sent_with(here)["StatusCallback"] == f"{here}?o={ATTEMPT}"
    for host in ("127.0.0.1:8000", "localhost:8000"):
        fields = TwilioSms(TWILIO, callback_url=f"http://{host}/w/")._fields(TWILIOS.outgoing, ATTEMPT)
        assert "status_callback" not in fields


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, "21610", Meaning.OPTED_OUT),
        (400, "21614", Meaning.NOT_MOBILE),
        (400, "21211", Meaning.NO_SUCH),
        (400, "21408", Meaning.REFUSED),
        (400, "21617", Meaning.REFUSED),
        (400, "12345", Meaning.REFUSED),
    ],
)
def test_a_refusal_means_what_the_table_says_of_its_code(status: int, code: str, meaning: Meaning) -> None:
    said = answer(status, twilio_error(status, code))
    with Wire(TWILIOS.script(said)) as wire, pytest.raises(Refused) as raised:
        TWILIOS.made(wire.url).send(TWILIOS.outgoing, ATTEMPT)

    assert (raised.value.code, raised.value.meaning) == (code, meaning)


@pytest.mark.parametrize(
    ("status", "code", "is_account"),
    [(401, "20003", True), (400, "21606", True), (403, "30002", True), (400, "21611", False), (429, "20429", False)],
)
def test_what_may_be_tried_again_says_whether_the_account_is_at_fault(status: int, code: str, is_account: bool) -> None:
    said = answer(status, twilio_error(status, code))
    with Wire(TWILIOS.script(said)) as wire, pytest.raises(NotSent) as raised:
        TWILIOS.made(wire.url).send(TWILIOS.outgoing, ATTEMPT)

    assert (raised.value.is_account, raised.value.code == code) == (is_account, True)


SUGGESTED = {
    Meaning.RETRY: "20429 21611 30001 63017",
    Meaning.LATER: "30003 30008 30022 30023 30027 30036 30047 30450 30610",
    Meaning.REFUSED: "21408 21612 21617 30640 30646 35114 35115 35117 35125",
    Meaning.FILTERED: "30007",
    Meaning.NOT_MOBILE: "21614 21635 30006",
    Meaning.NO_SUCH: "21211 30005",
    Meaning.BLOCKED: "30004",
    Meaning.OPTED_OUT: "21610",
    Meaning.ACCOUNT: "20003 21601 21606 21608 30002 30029 30032 30034 30941",
}
"""The table of messaging.md 1.10, each code in the class that it suggests."""


@pytest.mark.parametrize("meaning", SUGGESTED)
def test_each_code_that_the_facts_list_is_in_the_class_that_they_suggest(meaning: Meaning) -> None:
    codes = SUGGESTED[meaning].split()
    assert {code: TwilioSms.codes[code].meaning for code in codes} == dict.fromkeys(codes, meaning)


def test_the_newer_form_of_an_error_is_understood_as_well() -> None:
    told = json.dumps({"type": "about:blank", "title": "Opted out", "status": 400, "code": 21610})
    with Wire(TWILIOS.script(answer(400, told))) as wire, pytest.raises(Refused) as raised:
        TWILIOS.made(wire.url).send(TWILIOS.outgoing, ATTEMPT)
    assert raised.value.meaning is Meaning.OPTED_OUT


# --- What became of an attempt


def found(*messages: dict[str, Any], taken: frozenset[str] = frozenset(), text: str = WORDS) -> Found:
    page = {"messages": list(messages), "page_size": 1000, "next_page_uri": None}
    sought = TWILIOS.sought
    with Wire(lambda _: answer(200, json.dumps(page))) as wire:
        answered = TWILIOS.made(wire.url).find(
            type(sought)(sought.attempt_id, "sms", NUMBER, text, "", AT, taken=taken)
        )
        query = parse_qs(urlsplit(wire.got[0].target).query)
    assert query["To"] == [NUMBER]
    assert query["PageSize"] == ["1000"]
    assert not any(name.startswith("DateSent") for name in query), "what is queued has none"
    return answered


def test_a_listed_message_with_the_same_words_is_the_attempt() -> None:
    other = twilio_message(sid="SM2", body="Something else")
    for status in ("queued", "sent", "failed", "undelivered"):
        assert found(other, twilio_message(sid="SM1", status=status)) == Accepted("SM1")


def test_it_never_arrived_if_the_whole_list_has_none_of_it() -> None:
    assert found() == NeverArrived()
    assert found(twilio_message(body="Something else")) == NeverArrived()
    assert found(twilio_message(direction="inbound")) == NeverArrived()
    assert found(twilio_message(date_created="Tue, 10 Nov 2026 14:58:59 +0000")) == NeverArrived()
    assert found(twilio_message(sid="SM1"), taken=frozenset({"SM1"})) == NeverArrived()


def test_a_clock_that_goes_a_minute_behind_hides_nothing() -> None:
    assert found(twilio_message(sid="SM1", date_created="Tue, 10 Nov 2026 14:59:00 +0000")) == Accepted("SM1")


def test_of_two_with_the_same_words_the_nearer_untaken_one_is_it() -> None:
    near = twilio_message(sid="SM1", date_created="Tue, 10 Nov 2026 15:00:03 +0000")
    far = twilio_message(sid="SM2", date_created="Tue, 10 Nov 2026 19:00:03 +0000")

    assert found(far, near) == Accepted("SM1")
    assert found(far, near, taken=frozenset({"SM1"})) == Accepted("SM2")


@pytest.mark.parametrize(
    "body",
    [
        f"Sent from your Twilio trial account - {WORDS}",
        WORDS.replace("Ann", "Ånn"),
        f"{WORDS} ",
    ],
)
def test_words_that_changed_on_their_way_are_known_again(body: str) -> None:
    assert found(twilio_message(sid="SM1", body=body)) == Accepted("SM1")


def test_where_it_cannot_be_known_it_says_so() -> None:
    assert found(twilio_message(body="")) == CannotSay(), "redacted"
    assert found(twilio_message(body="?"), text="😀") == CannotSay()
    assert found(*[twilio_message(sid=f"SM{n}", body="Else") for n in range(MOST_LISTED)]) == CannotSay(), "cut off"


def test_a_list_of_several_pages_is_read_to_its_end() -> None:
    def script(got: Got) -> bytes:
        if "PageToken" in got.target:
            return answer(200, json.dumps({"messages": [twilio_message(sid="SM9")], "next_page_uri": None}))
        after = f"/2010-04-01/Accounts/{TWILIO_SID}/Messages.json?To={quote(NUMBER)}&PageToken=PASM1"
        return answer(200, json.dumps({"messages": [twilio_message(body="Else")], "next_page_uri": after}))

    with Wire(script) as wire:
        assert TWILIOS.made(wire.url).find(TWILIOS.sought) == Accepted("SM9")
        assert len(wire.got) == 2
        assert all(got.target.startswith("/vendor/2010-04-01/") for got in wire.got)


# --- The test button


def tried(
    account: dict[str, Any], numbers: list[dict[str, Any]], service: dict[str, Any], **credentials: str
) -> tuple[list[str], Amiss | None]:
    def script(got: Got) -> bytes:
        if "IncomingPhoneNumbers" in got.target:
            return answer(200, json.dumps({"incoming_phone_numbers": numbers}))
        if "Messages.json" in got.target:
            return answer(200, json.dumps({"messages": []}))
        if "/v1/Services/" in got.target:
            said = answer(200, json.dumps(service))
            return said if got.target.endswith(SERVICE) else answer(404, twilio_error(404, "20404"))
        return answer(200, json.dumps({"sid": TWILIO_SID, **account}))

    with Wire(script) as wire:
        amiss = TWILIOS.made(wire.url, **credentials).check()
        assert {got.method for got in wire.got} == {"GET"}
        return [urlsplit(got.target).path.rpartition("/")[2] for got in wire.got], amiss


OWNED = {
    "phone_number": TWILIO["from_number"],
    "capabilities": {"sms": True, "voice": True},
    "sms_url": HOOK + TwilioSms.pasted_with,
    "sms_method": "POST",
}
POOL = {"inbound_request_url": HOOK, "inbound_method": "POST", "use_inbound_webhook_on_number": False}
ACTIVE = {"status": "active"}


def checked(account: dict[str, Any], numbers: list[dict[str, Any]], **credentials: str) -> list[str]:
    return tried(account, numbers, POOL, **credentials)[0]


def warned(number: dict[str, Any], service: dict[str, Any] = POOL, **credentials: str) -> str:
    amiss = tried(ACTIVE, [{**OWNED, **number}], service, **credentials)[1]
    return amiss.reason if amiss else ""


def test_the_test_button_tries_the_token_the_key_and_the_number() -> None:
    key = {"api_key_sid": "SK" + "2c" * 16, "api_key_secret": "the-keys-secret"}

    assert checked({"status": "active"}, [OWNED]) == [f"{TWILIO_SID}.json", "IncomingPhoneNumbers.json"]
    assert "Messages.json" in checked({"status": "active"}, [OWNED], **key)
    assert SERVICE in checked({"status": "active"}, [], messaging_service_sid=SERVICE, from_number="")
    assert checked({"status": "active"}, [], from_number="12345") == [f"{TWILIO_SID}.json"], "a short code"


@pytest.mark.parametrize(
    ("account", "numbers", "credentials", "reason"),
    [
        ({"status": "suspended"}, [OWNED], {}, "not active"),
        ({"status": "active"}, [], {}, "does not belong"),
        ({"status": "active"}, [{**OWNED, "capabilities": {"sms": False}}], {}, "cannot send texts"),
        ({"status": "active"}, [], {"from_number": ""}, "is needed"),
        ({"status": "active"}, [OWNED], {"messaging_service_sid": "MG" + "0" * 32}, "service does not belong"),
    ],
)
def test_the_test_button_says_what_is_wrong(
    account: dict[str, Any], numbers: list[dict[str, Any]], credentials: dict[str, str], reason: str
) -> None:
    with pytest.raises(NotSent, match=reason) as raised:
        checked(account, numbers, **credentials)
    assert raised.value.is_account


@pytest.mark.parametrize("address", [HOOK, HOOK + TwilioSms.pasted_with])
def test_a_number_that_tells_us_of_answers_is_not_warned_of(address: str) -> None:
    assert warned({"sms_url": address}) == ""


@pytest.mark.parametrize(
    "number",
    [
        {"sms_url": ""},
        {"sms_url": None},
        {"sms_url": "https://demo.twilio.com/welcome/sms/reply/"},
        {"sms_url": HOOK.replace("/1/", "/2/")},
        {"sms_method": "GET"},
        {"sms_application_sid": "AP" + "4e" * 16},
    ],
)
def test_a_number_that_tells_somebody_else_of_answers_is_warned_of(number: dict[str, Any]) -> None:
    words = warned(number)
    assert "STOP" in words
    assert "the number" in words
    assert len(words) <= 300


@pytest.mark.parametrize(
    ("number", "tells"),
    [
        ({"sms_url": HOOK.replace("/1/", "/2/") + "#rc=3"}, HOOK.replace("/1/", "/2/")),
        ({"sms_url": None}, ""),
        ({"sms_method": "GET"}, ""),
        ({"sms_application_sid": "AP" + "4e" * 16}, ""),
    ],
)
def test_where_else_it_posts_answers_is_said_if_that_is_all_that_is_amiss(number: dict[str, Any], tells: str) -> None:
    amiss = tried(ACTIVE, [{**OWNED, **number}], POOL)[1]
    assert amiss is not None
    assert amiss.tells == tells


def test_of_a_messaging_service_its_own_address_counts_unless_it_leaves_that_to_the_number() -> None:
    elsewhere = {"sms_url": "https://elsewhere.example/"}
    assert warned(elsewhere, messaging_service_sid=SERVICE) == ""
    assert "messaging service" in warned({}, {**POOL, "inbound_request_url": None}, messaging_service_sid=SERVICE)
    assert len(warned({}, {}, messaging_service_sid=SERVICE)) <= 300
    on_number = {**POOL, "inbound_request_url": None, "use_inbound_webhook_on_number": True}
    assert warned({}, on_number, messaging_service_sid=SERVICE) == ""
    assert "the number" in warned(elsewhere, on_number, messaging_service_sid=SERVICE)
    assert warned(elsewhere, on_number, messaging_service_sid=SERVICE, from_number="") == "", "which one is not known"


def test_all_questions_of_one_check_share_its_ten_seconds() -> None:
    def slowly(got: Got) -> bytes:
        sleep(0.3)
        if "IncomingPhoneNumbers" in got.target:
            return answer(200, json.dumps({"incoming_phone_numbers": [OWNED]}))
        if "Messages.json" in got.target:
            return answer(200, json.dumps({"messages": []}))
        return answer(200, json.dumps({"sid": TWILIO_SID, **POOL, "status": "active"}))

    keys = {"api_key_sid": "SK" + "2c" * 16, "api_key_secret": "the-keys-secret", "messaging_service_sid": SERVICE}
    with Wire(slowly) as wire:
        gateway = TWILIOS.made(wire.url, **keys)
        gateway.seconds = 0.7  # type: ignore[attr-defined]
        begun = monotonic()
        with pytest.raises(NotSent, match="could not be reached"):
            gateway.check()
        assert monotonic() - begun < 1.0


# --- Callbacks


def signed(
    form: dict[str, str] | list[tuple[str, str]], url: str = f"{HOOK}?o={ATTEMPT}", token: str = "f" * 32
) -> Incoming:
    class Posted(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    body = urlencode(form)
    params = Posted(parse_qs(body, keep_blank_values=True))
    signature = RequestValidator(token).compute_signature(url, params)
    return Incoming(url, {"content-type": FORM, "x-twilio-signature": signature}, body.encode())


def read(form: dict[str, str], url: str = f"{HOOK}?o={ATTEMPT}", **credentials: str) -> list[Report | Inbound]:
    gateway, incoming = TwilioSms({**TWILIO, **credentials}), signed(form, url)
    gateway.verify(incoming)
    return gateway.read(incoming, AT)


def test_twilios_published_signature_is_recognized() -> None:
    body = urlencode(
        {
            "Digits": "1234",
            "To": "+18005551212",
            "From": "+14158675310",
            "Caller": "+14158675310",
            "CallSid": "CA1234567890ABCDE",
        }
    )
    headers = {"content-type": FORM, "x-twilio-signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}
    url = "https://example.com/myapp.php?foo=1&bar=2"

    TwilioSms({"auth_token": "12345"}).verify(Incoming(url, headers, body.encode()))
    for wrong in (
        Incoming(url + "3", headers, body.encode()),
        Incoming(url, headers, body.encode() + b"&More=1"),
        Incoming(url, {**headers, "x-twilio-signature": "M/OH5YylLD5NRKLltdqwSvS0BnU="}, body.encode()),
    ):
        with pytest.raises(NotAuthentic):
            TwilioSms({"auth_token": "12345"}).verify(wrong)
    with pytest.raises(NotAuthentic):
        TwilioSms({"auth_token": "12346"}).verify(Incoming(url, headers, body.encode()))


def test_the_signature_is_that_of_the_description_recomputed_without_the_sdk() -> None:
    form = [("To", "+13125550100"), ("Body", "é & 😀"), ("B", "2"), ("B", "1"), ("B", "2"), ("A", "")]
    url = f"{HOOK}?o={ATTEMPT}"
    told = url + "".join(name + value for name, value in sorted(set(form)))
    signature = base64.b64encode(hmac.new(b"f" * 32, told.encode(), hashlib.sha1).digest()).decode()
    headers = {"content-type": f"{FORM}; charset=UTF-8", "x-twilio-signature": signature}

    TwilioSms(TWILIO).verify(Incoming(url, headers, urlencode(form).encode()))
    for wrong in (signature.swapcase(), signature[:-1], signature + " ", ""):
        with pytest.raises(NotAuthentic):
            TwilioSms(TWILIO).verify(Incoming(url, {**headers, "x-twilio-signature": wrong}, urlencode(form).encode()))


@pytest.mark.parametrize(
    "form",
    [
        [("A", ""), ("Body", "é ñ 😀 & = + %")],
        [("A", "2"), ("A", "1"), ("A", "2")],
        [("New parameter", "that Twilio added")],
    ],
)
def test_all_that_was_posted_is_covered_by_the_signature(form: list[tuple[str, str]]) -> None:
    incoming = signed(form)
    TwilioSms(TWILIO).verify(incoming)
    with pytest.raises(NotAuthentic):
        TwilioSms(TWILIO).verify(Incoming(incoming.url, incoming.headers, incoming.body + b"&x="))


def test_the_port_in_the_address_makes_no_difference() -> None:
    incoming = signed({"A": "1"}, "https://medspa.example:443/w/?o=1")
    TwilioSms(TWILIO).verify(Incoming("https://medspa.example/w/?o=1", incoming.headers, incoming.body))


def test_a_json_body_is_covered_by_its_hash_in_the_address() -> None:
    body = b'{"news": "\xc3\xa9"}'
    url = f"https://medspa.example/w/?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = base64.b64encode(hmac.new(b"f" * 32, url.encode(), hashlib.sha1).digest()).decode()
    headers = {"content-type": "application/json; charset=utf-8", "x-twilio-signature": signature}

    TwilioSms(TWILIO).verify(Incoming(url, headers, body))
    for wrong in (Incoming(url, headers, body + b" "), Incoming(url.partition("?")[0], headers, body)):
        with pytest.raises(NotAuthentic):
            TwilioSms(TWILIO).verify(wrong)
    with pytest.raises(Unreadable):
        TwilioSms(TWILIO).read(Incoming(url, headers, body), AT)


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("queued", Fate.ACCEPTED),
        ("accepted", Fate.ACCEPTED),
        ("sending", Fate.ACCEPTED),
        ("sent", Fate.ACCEPTED),
        ("delivered", Fate.DELIVERED),
        ("read", Fate.DELIVERED),
    ],
)
def test_a_status_tells_what_became_of_the_message(status: str, fate: Fate) -> None:
    form = {"MessageSid": "SM1", "SmsSid": "SM1", "MessageStatus": status, "To": NUMBER, "RawDlrDoneDate": "2611101501"}

    assert read(form) == [Report(f"SM1:{status}", fate, ATTEMPT, "SM1", NUMBER)]


@pytest.mark.parametrize("status", ["undelivered", "failed"])
@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("30003", Meaning.LATER),
        ("30004", Meaning.BLOCKED),
        ("30005", Meaning.NO_SUCH),
        ("30006", Meaning.NOT_MOBILE),
        ("30007", Meaning.FILTERED),
        ("30034", Meaning.ACCOUNT),
        ("39999", Meaning.REFUSED),
        ("", Meaning.REFUSED),
    ],
)
def test_an_undelivered_message_says_why(status: str, code: str, meaning: Meaning) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": NUMBER} | ({"ErrorCode": code} if code else {})
    [report] = read(form)

    assert isinstance(report, Report)
    assert (report.fate, report.meaning, report.code) == (Fate.UNDELIVERED, meaning, code)
    assert report.event_key == f"SM1:{status}" + (f":{code}" if code else "")
    assert report.reason.endswith(".")


def test_a_corrected_row_counts_in_callbacks_as_well() -> None:
    row = Explained(Meaning.NO_SUCH, "The operator knows.")
    gateway = TwilioSms(TWILIO, corrections={"30008": row})
    [report] = gateway.read(signed({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30008"}), AT)

    assert isinstance(report, Report)
    assert (report.meaning, report.reason) == (Meaning.NO_SUCH, row.sentence)


def test_a_status_that_is_new_to_us_says_nothing() -> None:
    assert read({"MessageSid": "SM1", "MessageStatus": "teleported"}) == []
    assert read({"MessageSid": "SM1", "EventType": "READ"}) == []


@pytest.mark.parametrize("query", ["", "?o=", "?o=a%20b", "?o=" + "a" * 65, "?x=1"])
def test_a_reference_that_is_none_of_ours_is_none(query: str) -> None:
    [report] = read({"MessageSid": "SM1", "MessageStatus": "sent"}, HOOK + query)

    assert isinstance(report, Report)
    assert (report.attempt_id, report.remote_id) == ("", "SM1")


def inbound(text: str, **more: str) -> Inbound:
    credentials = {"stop_handling": more.pop("stop_handling")} if "stop_handling" in more else {}
    form = {"MessageSid": "SM5", "SmsStatus": "received", "From": NUMBER, "To": "+13125550100", "Body": text, **more}
    [message] = read(form, HOOK, **credentials)
    assert isinstance(message, Inbound)
    return message


def test_a_clients_text_is_read() -> None:
    assert inbound("Yes, Tuesday works 😀", NumMedia="0") == Inbound(
        "SM5:received", "sms", NUMBER, "+13125550100", "Yes, Tuesday works 😀", "SM5", None, False
    )


def test_what_came_through_a_messaging_service_names_it() -> None:
    service = "MG" + "2a" * 16
    assert (inbound("Yes", MessagingServiceSid=service).to_sender, inbound("Yes").to_sender) == (service, "")


def test_a_picture_without_words_is_seen() -> None:
    assert inbound("", NumMedia="1").text == "(1 attachment)"
    assert inbound(" ", NumMedia="2").text == "(2 attachments)"
    assert inbound("Look", NumMedia="1").text == "Look"
    assert inbound("", NumMedia="x").text == ""


def test_what_a_row_cannot_hold_is_left_out() -> None:
    told = inbound("a\x00b", From=f"{NUMBER}\x00")
    assert (told.text, told.from_address) == ("ab", NUMBER)
    [report] = read({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "9" * 900})
    assert isinstance(report, Report)
    assert len(report.code) == 40


def test_what_twilio_has_answered_itself_is_marked() -> None:
    for word in ("STOP", " stop\n", "Unsubscribe", "START", "help", "INFO", "OptOut"):
        assert inbound(word).is_answered_by_vendor, word
        assert not inbound(word, stop_handling="medspa").is_answered_by_vendor, word
        assert inbound(word, stop_handling="medspa", OptOutType="STOP").is_answered_by_vendor, word
    for words in ("Stop please", "opt out", "yes, Tuesday works", ""):
        assert not inbound(words).is_answered_by_vendor, words
