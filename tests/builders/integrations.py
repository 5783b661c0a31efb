"""A connection of Lakeview's, and what its records system would post there: how is it written and signed?"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client as Browser
from standardwebhooks import Webhook

from integrations.models import InboundEvent
from integrations.operations.connections import OpenedConnection, open_connection
from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.practices import MADE_AT

DANA = {
    "id": "C-1",
    "first_name": "Dana",
    "last_name": "Whitfield",
    "phone": "(312) 555-0142",
    "email": "Dana.Whitfield@example.com",
    "postal_code": "60611",
    "state": "IL",
}


@dataclass(frozen=True)
class Sender:
    """A records system that posts to one connection and signs as the official library does."""

    practice_id: UUID
    opened: OpenedConnection
    browser: Browser = field(default_factory=Browser)

    @property
    def path(self) -> str:
        return f"/webhooks/pms/{self.opened.id}/"

    def headers(
        self, body: str, *, webhook_id: str = "", at: datetime | None = None, secret: str = ""
    ) -> dict[str, str]:
        """The headers of a signed event."""
        webhook_id = webhook_id or f"evt_{uuid4().hex}"
        at = at or clock.now()
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.opened.secret).sign(webhook_id, at, body),
        }

    def post(self, event: Any, **how: Any) -> Any:
        """Sign and post an event (or a raw body)."""
        body = event if isinstance(event, str) else json.dumps(event)
        return self.post_raw(body.encode(), self.headers(body, **how))

    def post_raw(self, body: bytes, headers: dict[str, str]) -> Any:
        """Post bytes as they are, with these headers."""
        return self.browser.post(self.path, data=body, content_type="application/json", headers=headers)

    def stored(self) -> list[InboundEvent]:
        """What stands in the inbox, in the order of arrival."""
        with practice_scope(self.practice_id):
            return list(InboundEvent.objects.order_by("received_at", "id"))


def sender(practice: Practice, *, has_bearer: bool = False, source: str = "records") -> Sender:
    """A system connected to the practice."""
    opened = open_connection(practice.id, MADE_AT, kind="generic", source=source, has_bearer=has_bearer)
    return Sender(practice.id, opened)


def event(kind: str, occurred_at: str = "2026-03-02T16:00:00-06:00", **data: Any) -> dict[str, Any]:
    """An event of the contract about Dana, unless `client` says otherwise."""
    return {"type": kind, "occurred_at": occurred_at, "data": {"client": DANA, **data}}


def treated(treatment_id: str = "T-1", *, kind: str = "treatment.completed", **fields: Any) -> dict[str, Any]:
    """Dana had Botox on March 2 in the morning."""
    occurred_at = fields.pop("occurred_at", "2026-03-02T16:00:00-06:00")
    treatment = {
        "id": treatment_id,
        "service": "Botox",
        "area": "forehead",
        "quantity": 40,
        "unit": "units",
        "performed_at": "2026-03-02T09:45:00-06:00",
        "price": "480.00",
        "currency": "USD",
        **fields,
    }
    return event(
        kind,
        occurred_at,
        treatment=treatment,
        provider={"id": "P-1", "name": "Pat Kim RN"},
        location={"id": "L-1", "name": "Main"},
    )


def booked(appointment_id: str = "A-1", *, kind: str = "appointment.booked", **fields: Any) -> dict[str, Any]:
    """Dana booked Botox for May 18."""
    occurred_at = fields.pop("occurred_at", "2026-05-01T10:00:00-05:00")
    appointment = {
        "id": appointment_id,
        "services": ["Botox"],
        "starts_at": "2026-05-18T14:00:00-05:00",
        "duration_minutes": 30,
        **fields,
    }
    return event(kind, occurred_at, appointment=appointment, provider={"name": "Pat Kim RN"})


def silence(monkeypatch: Any) -> None:
    """No hint goes to the broker: a test applies what waits by itself."""
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)


NOW = datetime(2026, 5, 2, 15, 0, tzinfo=UTC)
