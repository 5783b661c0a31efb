"""Who may post to a connection?"""

import json
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks import Webhook

from integrations.models import Connection
from integrations.operations.connections import open_connection
from integrations.pms.registry import CONNECTORS, connector_of
from practices.operations.encryption import NotDecryptable, decrypt, encrypt
from practices.tenancy import practice_scope
from tests.builders.integrations import Sender, booked, sender, silence
from tests.builders.practices import MADE_AT, hilltop, lakeview

BODY = json.dumps(booked())


@pytest.fixture(autouse=True)
def _no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)


@pytest.fixture
def records(db: None) -> Sender:
    return sender(lakeview(), has_bearer=True)


def test_a_wrong_secret_is_401(records: Sender) -> None:
    other = sender(hilltop()).opened.secret
    answer = records.post(booked(), secret=other)
    assert (answer.status_code, answer.json()) == (401, {"error": "The signature is wrong."})


def test_a_body_changed_under_way_is_401(records: Sender) -> None:
    assert records.post_raw(BODY.replace("A-1", "A-2").encode(), records.headers(BODY)).status_code == 401
    assert records.stored() == []


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_a_changed_header_is_401(records: Sender, header: str) -> None:
    headers = records.headers(BODY)
    headers[header] = {
        "webhook-id": "evt_other",
        "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1),
    }[header]
    assert records.post_raw(BODY.encode(), headers).status_code == 401


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_401(records: Sender, missing: str) -> None:
    headers = records.headers(BODY)
    del headers[missing]
    assert records.post_raw(BODY.encode(), headers).status_code == 401


@pytest.mark.parametrize(
    "signature",
    ["", "v1", "v1,", "v1,====", "v1,ü", "v1a,abc", ",", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
)
def test_a_signature_that_is_none_is_401(records: Sender, signature: str) -> None:
    headers = records.headers(BODY) | {"webhook-signature": signature}
    assert records.post_raw(BODY.encode(), headers).status_code == 401


@pytest.mark.parametrize("timestamp", ["", "now", "nan", "inf", "-1e400", "99999999999999999999"])
def test_a_timestamp_that_is_none_is_401(records: Sender, timestamp: str) -> None:
    headers = records.headers(BODY) | {"webhook-timestamp": timestamp}
    assert records.post_raw(BODY.encode(), headers).status_code == 401


def test_one_right_signature_among_several_is_enough(records: Sender) -> None:
    headers = records.headers(BODY)
    old = Webhook("whsec_" + "A" * 43 + "=").sign("x", MADE_AT, BODY)
    headers["webhook-signature"] = f"v1a,unknown {old} broken {headers['webhook-signature']} v2,later"
    assert records.post_raw(BODY.encode(), headers).status_code == 202


def test_a_stale_event_is_401_even_if_signed(records: Sender) -> None:
    headers = records.headers(BODY)
    with time_machine.travel(timedelta(minutes=6)):
        answer = records.post_raw(BODY.encode(), headers)
    assert (answer.status_code, "more than 5 minutes old" in answer.json()["error"]) == (401, True)


def test_a_bearer_token_is_enough_for_a_sender_that_cannot_sign(records: Sender) -> None:
    headers = {"authorization": f"bearer {records.opened.bearer}"}
    first = records.post_raw(BODY.encode(), headers)
    assert first.status_code == 202
    assert records.post_raw(BODY.encode(), headers).json() == first.json()
    other = json.dumps(booked(starts_at="2026-05-19T14:00:00-05:00"))
    assert records.post_raw(other.encode(), headers).json() != first.json()
    assert len(records.stored()) == 2, "a true repeat is one event, a second change on one day is not"


def test_a_bearer_sender_may_give_ids_of_its_own(records: Sender) -> None:
    headers = {"authorization": f"Bearer {records.opened.bearer}", "webhook-id": "zap-7"}
    assert records.post_raw(BODY.encode(), headers).json()["id"] == "zap-7"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer wrong", "Bearer ü", "Basic abc"])
def test_a_wrong_bearer_token_is_401(records: Sender, authorization: str) -> None:
    assert records.post_raw(BODY.encode(), {"authorization": authorization}).status_code == 401


def test_a_connection_without_a_token_takes_none(records: Sender) -> None:
    signing = sender(hilltop())
    assert signing.opened.bearer is None
    for token in ("", "None", records.opened.bearer):
        assert signing.post_raw(BODY.encode(), {"authorization": f"Bearer {token}"}).status_code == 401


def test_secret_and_token_cannot_be_read_back_from_the_database(records: Sender) -> None:
    with practice_scope(records.practice_id):
        kept = Connection.objects.get()
    assert decrypt(bytes(kept.secret)).decode() == records.opened.secret
    assert records.opened.secret.encode() not in bytes(kept.secret)
    assert records.opened.bearer not in (kept.bearer_hash, "")
    assert len(records.opened.secret) >= len("whsec_") + 32


def test_a_rotated_key_opens_what_the_old_one_closed(settings: object) -> None:
    old, new = settings.FIELD_KEYS[0], "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="  # type: ignore[attr-defined]
    stored = encrypt(b"secret")
    settings.FIELD_KEYS = (new, old)  # type: ignore[attr-defined]
    assert decrypt(stored) == b"secret"
    renewed = encrypt(b"secret")
    settings.FIELD_KEYS = (new,)  # type: ignore[attr-defined]
    assert decrypt(renewed) == b"secret"
    with pytest.raises(NotDecryptable):
        decrypt(stored)


def test_only_known_kinds_can_be_connected(db: None) -> None:
    practice = lakeview()
    with pytest.raises(LookupError, match="generic"):
        open_connection(practice.id, MADE_AT, kind="abacus")
    with pytest.raises(ValueError, match="1 to 40"):
        open_connection(practice.id, MADE_AT, kind="generic", source="")
    assert all(connector_of(kind).kind == kind for kind in CONNECTORS)
