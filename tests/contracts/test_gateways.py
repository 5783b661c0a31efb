"""Does every gateway keep the contract of base.Gateway?"""

import ast
import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import pytest

from integrations import messaging
from integrations.messaging.base import (
    Accepted,
    CannotSay,
    Explained,
    Found,
    Gateway,
    Incoming,
    Meaning,
    NeverArrived,
    NotAuthentic,
    Outgoing,
    Refused,
    Unreadable,
)
from integrations.messaging.registry import GATEWAYS, UnknownGateway, gateway_kind
from tests.contracts.gateways.vendors import AT, ATTEMPT, OUTGOING, VENDORS
from tests.contracts.gateways.wire import Do, Got, Wire, answer

UNKNOWN = ("django.db", "practices", "clients", "reminders", "time")
SIGNATURES = (
    "x-twilio-signature",
    "x-twilio-email-event-webhook-signature",
    "x-twilio-email-event-webhook-timestamp",
    "podium-signature",
    "podium-timestamp",
)
each_gateway = pytest.mark.parametrize("key", sorted(GATEWAYS))
each_vendor = pytest.mark.parametrize("key", sorted(VENDORS))

Make = Callable[[str], Gateway]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a gateway that can send: a vendor's over a server on this machine that accepts."""
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})
    with ExitStack() as servers:

        def made(key: str) -> Gateway:
            if key not in VENDORS:
                return gateway_kind(key)()
            vendor = VENDORS[key]
            accepts = vendor.script()

            def script(got: Got) -> bytes | Do:
                is_list = got.method == "GET"
                return answer(200, json.dumps({"messages": [], "page_size": 50})) if is_list else accepts(got)

            return vendor.made(servers.enter_context(Wire(script)).url)

        yield made


@each_gateway
def test_it_is_registered_under_its_own_key(key: str) -> None:
    made = gateway_kind(key)()
    assert isinstance(made, Gateway)
    assert made.key == key
    assert len(key) <= 20


@each_gateway
def test_it_says_what_it_carries_and_can_do(key: str) -> None:
    made = gateway_kind(key)()
    assert made.channels
    assert made.channels <= OUTGOING.keys()
    assert made.capabilities.label
    with pytest.raises(AttributeError):
        made.capabilities.is_local = not made.capabilities.is_local  # type: ignore[misc]


@each_gateway
def test_what_it_accepts_gets_a_name_that_fits(key: str, make: Make) -> None:
    made = make(key)
    for channel in made.channels:
        accepted = made.send(OUTGOING[channel], ATTEMPT)
        assert isinstance(accepted, Accepted)
        assert 0 < len(accepted.remote_id) <= 120


@each_gateway
def test_a_channel_that_it_does_not_carry_is_refused_for_good(key: str, make: Make) -> None:
    made = make(key)
    fax = Outgoing("fax", "+13128096490", "Hi")  # type: ignore[arg-type]
    for outgoing in [fax, *(OUTGOING[channel] for channel in OUTGOING.keys() - made.channels)]:
        with pytest.raises(Refused) as refused:
            made.send(outgoing, ATTEMPT)
        assert refused.value.reason
        assert refused.value.meaning is not Meaning.OPTED_OUT


@each_gateway
def test_a_message_without_an_address_is_refused(key: str, make: Make) -> None:
    made = make(key)
    for channel in made.channels:
        with pytest.raises(Refused):
            made.send(Outgoing(OUTGOING[channel].channel, "", "Hi"), ATTEMPT)


@each_gateway
def test_asked_about_an_attempt_never_made_it_does_not_claim_one(key: str, make: Make) -> None:
    sought = VENDORS.get(key, VENDORS["twilio_sms"]).sought
    found = make(key).find(sought)
    assert isinstance(found, get_args(Found))
    assert isinstance(found, NeverArrived if gateway_kind(key).capabilities.can_be_asked else CannotSay)


@each_gateway
def test_it_writes_nothing_of_a_person_to_the_log(key: str, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = make(key)
    for channel in made.channels:
        made.send(OUTGOING[channel], ATTEMPT)
    assert not [told for each in OUTGOING.values() for told in (each.to, each.text) if told in caplog.text]


@each_gateway
def test_what_it_promises_is_written_down(key: str) -> None:
    kind = GATEWAYS[key]
    for part in (kind, kind.send, kind.find, kind.check, kind.verify, kind.read):
        assert inspect.getdoc(part)


@each_gateway
def test_its_form_can_be_shown_and_filled_in(key: str) -> None:
    fields = gateway_kind(key).fields
    assert len({each.name for each in fields}) == len(fields)
    for each in fields:
        assert each.label
        re.compile(each.pattern)
        assert not (each.is_secret and (each.is_sender or each.without))
        assert not (each.is_required and each.without), "what is required is never empty"
    if key in VENDORS:
        assert any(each.is_secret for each in fields)
        assert any(each.is_sender for each in fields)
        given = VENDORS[key].credentials
        assert {each.name for each in fields if each.is_required} <= given.keys()
        assert all(re.fullmatch(each.pattern, given[each.name]) for each in fields if given.get(each.name))


def test_what_clients_write_is_routed_by_every_name_that_a_sender_has() -> None:
    named = {key: {each.name for each in kind.fields if each.is_sender} for key, kind in GATEWAYS.items()}
    assert named == {
        "outbox": set(),
        "twilio_sms": {"from_number", "messaging_service_sid"},
        "sendgrid_email": {"from_email", "reply_address"},
        "podium": {"location_uid"},
    }


@each_gateway
def test_its_table_of_codes_has_a_meaning_and_a_sentence_in_each_row(key: str) -> None:
    for code, explained in gateway_kind(key).codes.items():
        assert 0 < len(code) <= 40
        assert isinstance(explained.meaning, Meaning)
        assert re.fullmatch(r"[A-Z].*[^.!]\.", explained.sentence), code
        assert len(explained.sentence) <= 200


@each_gateway
def test_a_row_of_its_table_can_be_corrected(key: str) -> None:
    kind, row = gateway_kind(key), Explained(Meaning.LATER, "The operator knows better.")
    codes = [*kind.codes, "new"]
    assert {kind(corrections={code: row}).explain(code) for code in codes} == {row}
    assert kind().explain("never heard of") is None


@each_gateway
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data"]
)
def test_a_callback_that_nobody_signed_does_not_pass(key: str, content_type: str) -> None:
    kind = gateway_kind(key)
    credentials = VENDORS[key].credentials if key in VENDORS else {}
    for given in ({}, credentials, dict.fromkeys((field.name for field in kind.fields), "x")):
        for signature in ("", "AAAA", "é\ud800", "x" * 5000):
            headers = {name: signature for name in SIGNATURES if signature} | {"content-type": content_type}
            for body in (b"", b"\xff\xfe", b"MessageSid=SM1&MessageStatus=sent", b"[]", b"&" * 5000):
                with pytest.raises(NotAuthentic) as refused:
                    kind(given).verify(Incoming("https://medspa.example/w/?bodySHA256=0", headers, body))
                assert not [value for value in given.values() if len(value) > 3 and value in str(refused.value)]


@each_vendor
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b"[7]", b"{}", b'"x"', b"\x00", b"--x\r\n\r\n--x--", b"[" * 90_000]
)
@pytest.mark.parametrize(
    "content_type", ["", "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"]
)
def test_a_callback_that_makes_no_sense_is_unreadable_or_says_nothing(key: str, body: bytes, content_type: str) -> None:
    incoming = Incoming("https://medspa.example/w/", {"content-type": content_type}, body)
    try:
        assert gateway_kind(key)(VENDORS[key].credentials).read(incoming, AT) == []
    except Unreadable as error:
        assert str(error)  # noqa: PT017 - either is right


@each_vendor
def test_it_says_with_what_a_callback_is_acknowledged(key: str) -> None:
    content_type, body = gateway_kind(key).receipt
    assert "/" in content_type
    assert body == ("<Response/>" if key == "twilio_sms" else "")


def test_the_outbox_can_be_told_apart_and_forgets_what_was_not_recorded() -> None:
    outbox = gateway_kind("outbox")()
    assert outbox.capabilities.is_local
    assert outbox.send(OUTGOING["sms"], ATTEMPT) == outbox.send(OUTGOING["sms"], ATTEMPT)
    assert outbox.find(VENDORS["twilio_sms"].sought) == NeverArrived()


def test_an_unknown_key_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownGateway, match="outbox"):
        gateway_kind("pigeon")


def test_gateways_know_no_models_no_tenant_and_no_clock() -> None:
    folder = Path(inspect.getfile(messaging)).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith(UNKNOWN), file
                assert ".models" not in name, file
