"""Is an email in doubt found in SendGrid's paid activity log, and nothing concluded where it is not? (CHN-3)"""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.messaging.base import Accepted, CannotSay, Found, NotSent
from integrations.messaging.sendgrid_email import SendGridEmail
from integrations.messaging.stand_ins import StandIns
from tests.contracts.gateways.vendors import ATTEMPT, SENDGRID, VENDORS
from tests.contracts.gateways.wire import Wire, answer

SENDGRIDS = VENDORS["sendgrid_email"]
ROW = {"msg_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3.14.2", "to_email": "dana@example.com", "status": "delivered"}


def found(said: bytes, **credentials: str) -> tuple[Found, list[str]]:
    with Wire(lambda got: said if got.method else b"") as wire:
        result = SENDGRIDS.made(wire.url, **{"activity_log": "yes", **credentials}).find(SENDGRIDS.sought)
    return result, [got.target for got in wire.got if got.method]


def test_it_asks_for_our_reference_alone_and_keeps_the_name_that_events_begin_with() -> None:
    result, [target] = found(answer(200, json.dumps({"messages": [ROW]})))

    assert result == Accepted("LRzXl_NHStOGhQ4kofSm_A")
    assert urlsplit(target).path.endswith("/v3/messages")
    assert parse_qs(urlsplit(target).query) == {
        "query": [f"(unique_args['medspa_attempt']=\"{ATTEMPT}\")"],
        "limit": ["1"],
    }


@pytest.mark.parametrize("chosen", ["", "no"])
def test_who_has_not_bought_the_log_is_not_asked(chosen: str) -> None:
    assert found(answer(200, json.dumps({"messages": [ROW]})), activity_log=chosen) == (CannotSay(), [])


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_log_that_may_not_be_read_says_nothing_and_does_not_blame_the_account(status: int) -> None:
    assert found(answer(status, '{"errors": [{"message": "access forbidden"}]}'))[0] == CannotSay()


@pytest.mark.parametrize(
    "said",
    [
        answer(200, '{"messages": []}'),
        answer(429, "{}"),
        answer(503, "{}"),
        answer(200, "<html>"),
        answer(200, '{"messages": [{}]}'),
        answer(200, '{"messages": [{"msg_id": ""}]}'),
        b"",
    ],
    ids=["not yet", "429", "503", "garbage", "no id", "empty id", "cut"],
)
def test_what_is_not_there_yet_or_cannot_be_read_is_asked_again(said: bytes) -> None:
    with pytest.raises(NotSent) as refused:
        found(said)
    assert not refused.value.is_account


def test_the_stand_in_finds_it_by_the_same_question() -> None:
    with StandIns() as stand_ins:
        stand_ins.sendgrid.change({"has_activity_log": True})
        credentials = SENDGRID | {"api_key": stand_ins.sendgrid.account.api_key, "activity_log": "yes"}
        gateway = SendGridEmail(credentials, url=stand_ins.url_of("sendgrid"))
        sent = gateway.send(SENDGRIDS.outgoing, ATTEMPT)
        other: Any = replace(SENDGRIDS.sought, attempt_id=f"{ATTEMPT}x")

        assert gateway.find(SENDGRIDS.sought) == sent
        with pytest.raises(NotSent):
            gateway.find(other)
