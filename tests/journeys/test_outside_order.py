"""Do the same events, in any order and any number, give the same records and the same coming messages? (R13)"""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from integrations.tasks import apply_events
from tests.builders.outside import Outside, command
from tests.journeys.test_refill_loop import NORA

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 9, 10, 15, 0, tzinfo=UTC)
POSTED = BEGAN + timedelta(days=6)
MIA: dict[str, Any] = {
    "id": "M-2", "first_name": "Mia", "last_name": "O'Hara 💉", "phone": "(312) 555-0199", "email": "mia@example.com",
}  # fmt: skip


def _at(days: int, hour: int = 15) -> str:
    return (BEGAN.replace(hour=hour) + timedelta(days=days)).isoformat()


def _treatment(kind: str, said: str, line: str, service: str, on: int, client: Any = NORA, **more: Any) -> Any:
    return kind, said, {
        "client": client, "treatment": {"id": line, "service": service, "performed_at": _at(on), **more},
    }  # fmt: skip


def _appointment(kind: str, said: str, number: str, service: str, on: int, version: int, client: Any = NORA) -> Any:
    appointment = {"id": number, "services": [service], "starts_at": _at(on), "version": version}
    return f"appointment.{kind}", said, {"client": client, "appointment": appointment, "location": {"name": "Main"}}


EVENTS = [
    _treatment("treatment.completed", _at(0), "T-1", "Botox", 0),
    _treatment("treatment.completed", _at(0, 16), "T-2", "Lip Filler 1 syringe", 0),
    _treatment("treatment.completed", _at(1), "T-1", "Botox", 1),
    _treatment("treatment.completed", _at(2), "T-3", "Sculptra", 2, series={"id": "S", "number": 1}),
    _treatment("treatment.voided", _at(3), "T-2", "Lip Filler 1 syringe", 0),
    _appointment("booked", _at(3), "A-1", "Botox", 40, 1),
    _appointment("updated", _at(4), "A-1", "Botox", 45, 2),
    _appointment("cancelled", _at(5), "A-1", "Botox", 45, 3),
    _appointment("booked", _at(5, 17), "A-2", "HydraFacial", 50, 1),
    _appointment("booked", _at(5, 18), "A-3", "Frobnicate", 52, 1),
    _treatment("treatment.completed", _at(5), "T-9", "Botox", 4, MIA),
    _treatment("treatment.completed", _at(5, 21), "T-10", "Mystery Serum", 4, MIA),
    _appointment("booked", _at(5, 19), "A-5", "Botox", 60, 1, MIA),
    ("client.opted_out", _at(5, 20), {"client": MIA, "opt_out": {"channel": "sms", "wording": "stop"}}),
    ("note.added", _at(5, 19), {"client": NORA, "note": {"id": "n1", "text": "Client is upset about bruising"}}),
    ("survey.submitted", _at(5, 20), {"client": NORA, "survey": {"id": "s1", "score": 3, "text": ""}}),
    ("client.updated", _at(4), {"client": {**NORA, "email": "new@example.com"}}),
]


def _post(practice: Outside, kind: str, occurred_at: str, data: Any) -> None:
    body = json.dumps({"type": kind, "occurred_at": occurred_at, "data": data})
    event_id = f"evt_{uuid4().hex}"
    answer = practice.browser.post(
        practice.opened["url"][practice.opened["url"].index("/webhooks/") :],
        data=body,
        content_type="application/json",
        headers={
            "webhook-id": event_id,
            "webhook-timestamp": str(int(practice.now.timestamp())),
            "webhook-signature": Webhook(practice.opened["secret"]).sign(event_id, practice.now, body),
        },
    )
    assert answer.status_code == 202, answer.content


def _told(order: list[int], *, one_by_one: bool) -> dict[str, Any]:
    """What an operator sees when the events arrived in this order: records, and what is still to come."""
    practice = Outside(BEGAN - timedelta(days=30))
    with practice.then():
        command("go_live", "lakeview")
    with practice.then(at=POSTED):
        for index in order:
            _post(practice, *EVENTS[index])
            if one_by_one:
                apply_events()
        apply_events()
    summary = practice.summary()
    told = {name: summary[name] for name in ("clients", "treatments", "appointments", "unmapped_services")}
    for kind in ("refill", "confirmation", "reactivation"):
        told[kind] = sorted(each for each in practice.reminders(kind) if each[1] != "cancelled")
        told[f"{kind} live"] = sorted(state for state, _ in practice.sequences(kind) if state != "ended")
    return told


def test_events_in_any_order_and_number_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)  # the worker is called by hand here

    def told(order: list[int], *, one_by_one: bool) -> dict[str, Any]:
        """Play it and undo it."""
        before = transaction.savepoint()
        try:
            return _told(order, one_by_one=one_by_one)
        finally:
            transaction.savepoint_rollback(before)

    in_order = list(range(len(EVENTS)))
    expected = told(in_order, one_by_one=True)
    assert expected["appointments"] == {"booked": 3, "cancelled": 1}
    assert expected["treatments"] == {"botox": 2, "sculptra": 1}
    assert expected["refill live"] == ["booked"]
    assert told(in_order, one_by_one=False) == expected
    for seed in range(4):
        dice = random.Random(seed)
        order = in_order.copy()
        dice.shuffle(order)
        order += dice.choices(in_order, k=6)
        assert told(order, one_by_one=bool(seed % 2)) == expected, f"seed {seed}"
