"""What does a sender get for an answer?"""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import InboundEvent
from integrations.operations.connections import close_connection
from integrations.queries.routes import forget_routes
from integrations.webhooks.inbox import MOST_BYTES
from tests.builders.integrations import NOW, Sender, booked, event, sender, silence, treated
from tests.builders.practices import hilltop, lakeview

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)


@pytest.fixture
def records() -> Sender:
    return sender(lakeview(), has_bearer=True)


def test_a_signed_event_is_stored_and_then_accepted(records: Sender) -> None:
    answer = records.post(booked(), webhook_id="evt_1")
    assert (answer.status_code, answer.json()) == (202, {"id": "evt_1", "status": "accepted"})
    [kept] = records.stored()
    assert kept.state == InboundEvent.State.RECEIVED
    assert kept.practice_id == records.practice_id
    assert json.loads(kept.body) == booked()


def test_a_repeat_is_accepted_again_and_stored_once(records: Sender) -> None:
    answers = [records.post(booked(), webhook_id="evt_1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert answers[0].json() == answers[2].json()
    assert len(records.stored()) == 1


def test_an_unknown_type_is_accepted_and_kept(records: Sender) -> None:
    answer = records.post(event("invoice.paid"), webhook_id="evt_1")
    assert (answer.status_code, answer.json()["status"]) == (202, "kept")
    [kept] = records.stored()
    assert (kept.state, kept.type) == (InboundEvent.State.IGNORED, "invoice.paid")
    assert kept.next_attempt_at is None


def test_an_unknown_connection_is_404(records: Sender) -> None:
    body = json.dumps(booked())
    for unknown in ("019a0000-0000-7000-8000-000000000000", "nonsense"):
        answer = records.browser.post(
            f"/webhooks/pms/{unknown}/", body, content_type="application/json", headers=records.headers(body)
        )
        assert answer.status_code == 404
        assert answer.json() == {"error": "There is no such connection."}


def test_a_closed_connection_is_404(records: Sender) -> None:
    close_connection(records.practice_id, records.opened.id)
    forget_routes()
    assert records.post(booked()).status_code == 404
    assert records.stored() == []


def test_only_post_is_answered(records: Sender) -> None:
    answer = records.browser.get(records.path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_an_address_without_its_last_slash_works_as_well(records: Sender) -> None:
    body = json.dumps(booked())
    answer = records.browser.post(
        records.path.rstrip("/"), body, content_type="application/json", headers=records.headers(body)
    )
    assert answer.status_code == 202


def test_a_body_beyond_256_kib_is_413_before_it_is_read(records: Sender) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("The body was read.")

    environment: dict[str, Any] = {"CONTENT_LENGTH": str(MOST_BYTES + 1), "wsgi.input": Unread()}
    answer = records.browser.generic("POST", records.path, b"", **environment)
    assert answer.status_code == 413
    assert "262144" in answer.json()["error"]


def test_the_largest_body_is_accepted(records: Sender) -> None:
    body = json.dumps(event("note.added", note={"id": "N-1", "text": "calm"}))
    answer = records.post(body + " " * (MOST_BYTES - len(body)))
    assert answer.status_code == 202


def test_a_body_without_its_length_is_411(records: Sender) -> None:
    answer = records.browser.generic("POST", records.path, b"", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411


@pytest.mark.parametrize(
    ("body", "where", "why"),
    [
        ("", "", "The body is not JSON"),
        ("{", "", "The body is not JSON"),
        ("[" * 100_000, "", "nested too deeply"),
        ("[]", "", "must be a JSON object"),
        ('{"type": NaN}', "", "number that is none"),
        ({}, "type", "is missing"),
        ({"type": "client.updated"}, "occurred_at", "is missing"),
        ({"type": "client.updated", "occurred_at": "2026-03-02T15:45:00"}, "occurred_at", "no offset"),
        ({"type": "client.updated", "occurred_at": "soon"}, "occurred_at", "ISO 8601"),
        ({"type": "client.updated", "occurred_at": "2026-03-02T15:45:00Z"}, "data", "is missing"),
        ({"type": "x", "occurred_at": "2026-03-02T15:45:00Z", "data": []}, "data", "must be an object"),
        (event("client.updated", client={"first_name": "Dana"}), "data.client.id", "is missing"),
        (event("client.updated", client={"id": "1", "status": "gone"}), "data.client.status", "one of: active"),
        (event("client.updated", client={"id": "\x00"}), "data.client.id", "NUL"),
        (event("client.updated", client={"id": "\ud800"}), "data.client.id", "surrogate"),
        (event("client.updated", client={"id": "x" * 121}), "data.client.id", "longer than 120"),
        (event("client.updated", client={"id": "1", "time_zone": "Mars"}), "data.client.time_zone", "tz database"),
        (event("client.updated", client={"id": "1", "date_of_birth": "2/30"}), "data.client.date_of_birth", "a date"),
        (event("client.updated", client={"id": "1", "date_of_birth": "1984-02-30"}), "data.client.date_of_birth", ""),
        (
            event("client.updated", client={"id": "1", "consents": {"sms": {"at": None}}}),
            "data.client.consents.sms.granted",
            "is missing",
        ),
        (treated(price=480.0), "data.treatment.price", "in a text"),
        (treated(price="-1"), "data.treatment.price", "at least 0"),
        (treated(quantity="many"), "data.treatment.quantity", "a decimal number"),
        (treated(performed_at="2026-03-02T09:45:00"), "data.treatment.performed_at", "no offset"),
        (treated(performed_at=None), "data.treatment.performed_at", "is missing"),
        (treated(service=""), "data.treatment.service", "is missing"),
        (treated(series={"number": 0}), "data.treatment.series.number", "whole number"),
        (booked(starts_at=None), "data.appointment.starts_at", "is missing"),
        (booked(services="Botox"), "data.appointment.services", "a list"),
        (booked(services=["Botox", 4.5]), "data.appointment.services.1", "must be a text"),
        (booked(status="maybe"), "data.appointment.status", "one of: booked"),
        (booked(duration_minutes="30"), "data.appointment.duration_minutes", "whole number"),
        (event("note.added", note={"text": "x"}), "data.note.id", "is missing"),
        (event("survey.submitted", survey={"id": "S"}), "data.survey.score", "is missing"),
        (event("survey.submitted", survey={"id": "S", "score": 11}), "data.survey.score", "from 0 to 10"),
        (event("client.opted_out", opt_out={"channel": "fax"}), "data.opt_out.channel", "one of: sms"),
    ],
)  # fmt: skip
def test_a_malformed_event_is_400_and_says_where_and_why(records: Sender, body: Any, where: str, why: str) -> None:
    answer = records.post(body)
    assert answer.status_code == 400
    assert answer.json().get("where", "") == where
    assert why in answer.json()["error"]
    assert records.stored() == []


def test_a_body_that_is_no_utf8_is_refused(records: Sender) -> None:
    token = {"authorization": f"Bearer {records.opened.bearer}"}
    answer = records.post_raw(b'{"type": "\xff"}', token)
    assert (answer.status_code, answer.json()) == (400, {"error": "The body is not UTF-8."})


def test_an_unreadable_phone_is_no_reason_to_refuse(records: Sender) -> None:
    odd = event("client.updated", client={"id": "1", "phone": "ask at desk", "email": "none", "state": "??"})
    assert records.post(odd).status_code == 202


def test_a_field_nobody_knows_is_passed_over(records: Sender) -> None:
    assert records.post(event("client.updated", loyalty={"points": 3})).status_code == 202


def test_an_overlong_webhook_id_is_400(records: Sender) -> None:
    answer = records.post(booked(), webhook_id="x" * 201)
    assert (answer.status_code, answer.json()["where"]) == (400, "webhook-id")


def test_charlies_sender_cannot_write_into_alices_practice(records: Sender) -> None:
    charlies = sender(hilltop())
    body = json.dumps(booked())
    forged = records.browser.post(records.path, body, content_type="application/json", headers=charlies.headers(body))
    assert forged.status_code == 401
    assert charlies.post(booked()).status_code == 202
    assert (len(records.stored()), len(charlies.stored())) == (0, 1)


def test_accepting_asks_for_no_session_and_looks_its_address_up_once(records: Sender) -> None:
    records.post(booked())
    with CaptureQueriesContext(connection) as asked:
        records.post(booked("A-2"))
    statements = " ".join(query["sql"] for query in asked)
    assert "INSERT INTO integrations_inboundevent" in statements
    assert "SELECT" not in statements.replace("SELECT set_config", "")


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("age", "status"),
    [
        (timedelta(minutes=5), 202),
        (timedelta(minutes=5, seconds=1), 401),
        (timedelta(minutes=-5), 202),
        (timedelta(minutes=-5, seconds=-1), 401),
    ],
)
def test_a_timestamp_may_be_five_minutes_off(records: Sender, age: timedelta, status: int) -> None:
    answer = records.post(booked(), at=NOW - age)
    assert answer.status_code == status
    assert status == 202 or "5 minutes" in answer.json()["error"]
