"""Does Podium say to Podium, and understand of it, what Podium documents? (messaging.md 3)"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.messaging.base import (
    Accepted,
    Fate,
    Inbound,
    Incoming,
    Meaning,
    NotAuthentic,
    NotSent,
    Refused,
    Report,
    Unreadable,
)
from integrations.messaging.podium import Podium
from tests.contracts.gateways.vendors import ADDRESS, AT, ATTEMPT, NUMBER, OUTGOING, PODIUM, UID, VENDORS, WORDS
from tests.contracts.gateways.wire import Got, Wire, answer

PODIUMS = VENDORS["podium"]
HOOK = "https://medspa.example/webhooks/messaging/3/"
LOCATION = PODIUM["location_uid"]


@pytest.fixture(autouse=True)
def _without_kept_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})


def test_it_posts_a_text_with_a_token_that_the_refresh_token_brought() -> None:
    with Wire(PODIUMS.script()) as wire:
        assert PODIUMS.made(wire.url).send(PODIUMS.outgoing, ATTEMPT) == Accepted(UID)
        token, message = wire.got

    assert json.loads(token.body) == {
        "client_id": "client-0001",
        "client_secret": "secret-of-the-client",
        "refresh_token": "refresh-0001",
        "grant_type": "refresh_token",
    }
    assert message.headers["authorization"] == "Bearer access-0001"
    assert message.headers["podium-version"] == "2021.04.01"
    assert json.loads(message.body) == {
        "body": WORDS,
        "channel": {"identifier": NUMBER, "type": "phone"},
        "locationUid": LOCATION,
        "senderName": "Lakeview",
        "setOpenInbox": False,
    }


def test_an_email_has_its_subject_and_its_text() -> None:
    with Wire(PODIUMS.script()) as wire:
        PODIUMS.made(wire.url).send(OUTGOING["email"], ATTEMPT)
        told = json.loads(wire.got[-1].body)

    assert (told["channel"], told["subject"]) == ({"identifier": ADDRESS, "type": "email"}, "Your next visit")
    assert told["body"] == WORDS


def test_two_accounts_never_share_a_token() -> None:
    with Wire(PODIUMS.script()) as wire:
        PODIUMS.made(wire.url).send(PODIUMS.outgoing, ATTEMPT)
        PODIUMS.made(wire.url, refresh_token="refresh-0002").send(PODIUMS.outgoing, ATTEMPT)

    assert [got.target.rpartition("/")[2] for got in wire.got] == ["token", "messages"] * 2


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (429, "rate_limit", NotSent),
        (400, "rate_limit", NotSent),
        (403, "unauthorized", NotSent),
        (404, "resource_not_found", NotSent),
        (400, "invalid_request_values", Refused),
        (422, "20012", Refused),
    ],
)
def test_a_refusal_means_what_its_code_or_else_its_status_says(status: int, code: str, error: type[Exception]) -> None:
    said = answer(status, PODIUMS.error(status, code), Retry_After="9")
    with Wire(PODIUMS.script(said)) as wire, pytest.raises(error) as raised:
        PODIUMS.made(wire.url).send(PODIUMS.outgoing, ATTEMPT)

    assert raised.value.code == code  # type: ignore[attr-defined]
    if isinstance(raised.value, NotSent):
        assert raised.value.is_account == (status in {403, 404})
        assert raised.value.retry_after == 9.0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answer(200, json.dumps({"data": [{"uid": LOCATION.upper()}]})), ""),
        (answer(403, json.dumps({"code": "unauthorized"})), ""),
        (answer(200, "[7]"), ""),
        (answer(200, json.dumps({"data": [{"uid": UID}]})), "does not belong"),
        (answer(200, json.dumps({"data": []})), "does not belong"),
    ],
)
def test_the_test_button_tries_the_token_and_if_it_may_the_location(said: bytes, reason: str) -> None:
    def script(got: Got) -> bytes:
        return PODIUMS.before["/oauth/token"] if got.target.endswith("/oauth/token") else said

    with Wire(script) as wire:
        if reason:
            with pytest.raises(NotSent, match=reason) as raised:
                PODIUMS.made(wire.url).check()
            assert raised.value.is_account
        else:
            PODIUMS.made(wire.url).check()
        assert [got.method for got in wire.got] == ["POST", "GET"]


# --- Callbacks


def signed(body: bytes, secret: str = "hook-secret", timestamp: str = "1620771659663") -> Incoming:
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "podium-timestamp": timestamp, "podium-signature": digest}
    return Incoming(HOOK, headers, body)


def event(name: str, type_key: str = "eventType", **data: Any) -> bytes:
    told = {
        "uid": UID,
        "body": "Yes, Tuesday works 😀",
        "conversation": {"uid": "c", "channel": {"identifier": "(312) 809-6490", "type": "phone"}},
        "location": {"uid": LOCATION, "organizationUid": "o"},
        "items": [{"uid": "i", "body": "Yes", "deliveryStatus": "sent"}],
        "createdAt": "2026-11-10T15:00:00Z",
        **data,
    }
    return json.dumps({"data": told, "metadata": {type_key: name, "version": "2021.04.01"}}).encode()


def read(body: bytes) -> list[Report | Inbound]:
    gateway, incoming = Podium(PODIUM), signed(body)
    gateway.verify(incoming)
    return gateway.read(incoming, AT)


def test_only_what_was_signed_with_the_secret_passes() -> None:
    good = signed(b'{"data":{"bar":"apples","foo":"1"},"metadata":{"event_type":"test.event","version":"2021.04.01"}}')
    Podium(PODIUM).verify(good)
    upper = {**good.headers, "podium-signature": good.headers["podium-signature"].upper()}
    Podium(PODIUM).verify(Incoming(HOOK, upper, good.body))

    for wrong in (
        Incoming(HOOK, good.headers, good.body + b" "),
        Incoming(HOOK, {**good.headers, "podium-timestamp": "1620771659664"}, good.body),
        signed(good.body, "another-secret"),
        signed(b"\xff\xfe", ""),
    ):
        with pytest.raises(NotAuthentic):
            Podium(PODIUM).verify(wrong)
    with pytest.raises(NotAuthentic):
        Podium({**PODIUM, "webhook_secret": ""}).verify(signed(good.body, ""))


@pytest.mark.parametrize("type_key", ["eventType", "event_type"])
def test_what_became_of_a_message_is_read_by_podiums_own_id(type_key: str) -> None:
    at = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    told = Report(f"message.sent:{UID}", Fate.ACCEPTED, "", UID, NUMBER, at, sender=LOCATION)
    assert read(event("message.sent", type_key)) == [told]


@pytest.mark.parametrize(
    ("reason", "meaning", "code"),
    [
        ("Attempted to send SMS to a landline.", Meaning.NOT_MOBILE, "failed:landline"),
        ("The contact has opted out.", Meaning.OPTED_OUT, "failed:opted out"),
        ("Invalid phone number", Meaning.NO_SUCH, "failed:invalid"),
        (
            "Something that nobody foresaw, at length and more",
            Meaning.REFUSED,
            "something that nobody foresaw, at length",
        ),
        (None, Meaning.REFUSED, ""),
    ],
)
def test_a_failed_message_says_why_as_far_as_can_be_guessed(reason: str | None, meaning: Meaning, code: str) -> None:
    for where in ({"failureReason": reason}, {"items": [{"failureReason": reason}]}):
        [report] = read(event("message.failed", **where))
        assert isinstance(report, Report)
        assert (report.fate, report.meaning, report.code) == (Fate.UNDELIVERED, meaning, code)
        assert report.reason.endswith(".")


def test_a_clients_words_are_read() -> None:
    at = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    key = f"message.received:{UID}"
    assert read(event("message.received")) == [Inbound(key, "sms", NUMBER, LOCATION, "Yes, Tuesday works 😀", UID, at)]
    email = {"channel": {"identifier": "Ann.Client@Example.com", "type": "email"}}
    [message] = read(event("message.received", conversation=email, body=None))
    assert isinstance(message, Inbound)
    assert (message.channel, message.from_address, message.text) == ("email", ADDRESS, "Yes")


def test_half_an_emoji_does_not_keep_a_clients_words_back() -> None:
    [message] = read(event("message.received", body="Stop \ud83d\x00"))
    assert isinstance(message, Inbound)
    assert message.text == "Stop ?"


def test_what_is_not_ours_says_nothing() -> None:
    facebook = {"channel": {"identifier": "7", "type": "facebook"}}
    assert read(event("message.received", conversation=facebook)) == []
    assert read(event("review.created")) == []


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"metadata": {"eventType": 7}}', event("message.sent", uid=None, items=[])]
)
def test_an_event_without_its_type_or_its_message_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_times_that_are_none_are_left_out() -> None:
    for told in ("", "yesterday", None, 7):
        [report] = read(event("message.sent", createdAt=told))
        assert report.at is None
    [report] = read(event("message.sent", createdAt="2026-11-10T09:00:00-06:00"))
    assert report.at == datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
