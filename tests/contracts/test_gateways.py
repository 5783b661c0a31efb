"""Does every gateway keep the contract of base.Gateway?"""

import ast
import inspect
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from integrations import messaging
from integrations.messaging.base import Accepted, CannotSay, Found, Gateway, NeverArrived, Outgoing, Refused, Sought
from integrations.messaging.registry import GATEWAYS, UnknownGateway, gateway_kind

ATTEMPT = str(UUID(int=7))
OUTGOING = {
    "sms": Outgoing("sms", "+13128096490", "Hi", from_name="Lakeview"),
    "email": Outgoing("email", "ann@example.com", "Hi", from_name="Lakeview", subject="Hi", html="<p>Hi</p>"),
}
SOUGHT = Sought(str(UUID(int=8)), "sms", "+13128096490", "Hi", "", datetime(2026, 11, 9, tzinfo=UTC))
UNKNOWN = ("django.db", "practices", "clients", "reminders", "time")
each_gateway = pytest.mark.parametrize("key", sorted(GATEWAYS))


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
def test_what_it_accepts_gets_a_name_that_fits(key: str) -> None:
    made = gateway_kind(key)()
    for channel in made.channels:
        accepted = made.send(OUTGOING[channel], ATTEMPT)
        assert isinstance(accepted, Accepted)
        assert 0 < len(accepted.remote_id) <= 120


@each_gateway
def test_a_channel_that_it_does_not_carry_is_refused_for_good(key: str) -> None:
    made = gateway_kind(key)()
    fax = Outgoing("fax", "+13128096490", "Hi")  # type: ignore[arg-type]
    for outgoing in [fax, *(OUTGOING[channel] for channel in OUTGOING.keys() - made.channels)]:
        with pytest.raises(Refused) as refused:
            made.send(outgoing, ATTEMPT)
        assert refused.value.reason
        assert not refused.value.opted_out


@each_gateway
def test_a_message_without_an_address_is_refused(key: str) -> None:
    made = gateway_kind(key)()
    for channel in made.channels:
        with pytest.raises(Refused):
            made.send(Outgoing(OUTGOING[channel].channel, "", "Hi"), ATTEMPT)


@each_gateway
def test_asked_about_an_attempt_never_made_it_does_not_claim_one(key: str) -> None:
    found = gateway_kind(key)().find(SOUGHT)
    assert isinstance(found, get_args(Found))
    assert not isinstance(found, Accepted)
    if not gateway_kind(key)().capabilities.can_be_asked:
        assert isinstance(found, CannotSay)


@each_gateway
def test_it_writes_nothing_of_a_person_to_the_log(key: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = gateway_kind(key)()
    for channel in made.channels:
        made.send(OUTGOING[channel], ATTEMPT)
    assert not [secret for secret in ("8096490", "ann@", "<p>") if secret in caplog.text]


@each_gateway
def test_what_it_promises_is_written_down(key: str) -> None:
    kind = GATEWAYS[key]
    for part in (kind, kind.send, kind.find):
        assert inspect.getdoc(part)


def test_the_outbox_can_be_told_apart_and_forgets_what_was_not_recorded() -> None:
    outbox = gateway_kind("outbox")()
    assert outbox.capabilities.is_local
    assert outbox.send(OUTGOING["sms"], ATTEMPT) == outbox.send(OUTGOING["sms"], ATTEMPT)
    assert outbox.find(SOUGHT) == NeverArrived()


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
