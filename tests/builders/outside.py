"""A practice as an operator, its records system and its clients meet it: by commands, webhooks and pages alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import time_machine
from django.core.management import call_command
from django.test import Client as Browser
from standardwebhooks import Webhook

from integrations.tasks import apply_events
from practices.queries.directory import practice_by_slug
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder, Sequence
from reminders.tasks import recover, sweep

WORDING = "I agree to receive texts about my visits and offers. Reply STOP to opt out."


def command(name: str, /, *args: object, **options: Any) -> Any:
    """What a command prints as JSON."""
    printed = StringIO()
    call_command(name, *args, json=True, stdout=printed, **options)
    return json.loads(printed.getvalue())


@dataclass
class Outside:
    """A practice with a connection; everything in it happens at `now`."""

    now: datetime
    slug: str = "lakeview"
    browser: Browser = field(default_factory=Browser)
    opened: dict[str, str] = field(default_factory=dict)
    is_connected: bool = True

    def __post_init__(self) -> None:
        with self.then():
            command("create_practice", self.slug, name="Lakeview Aesthetics", time_zone="America/Chicago")
            self.opened = command("create_connection", practice=self.slug, kind="generic")

    def then(self, *, minutes: float = 0, at: datetime | None = None) -> time_machine.travel:
        """Let time pass; then it stands still."""
        self.now = at or self.now + timedelta(minutes=minutes)
        return time_machine.travel(self.now, tick=False)

    def post(self, kind: str, **data: Any) -> None:
        """Post a signed event of this moment and let the worker apply it."""
        with self.then():
            body = json.dumps({"type": kind, "occurred_at": self.now.isoformat(), "data": data})
            event_id = f"evt_{uuid4().hex}"
            answer = self.browser.post(
                self.opened["url"][self.opened["url"].index("/webhooks/") :],
                data=body,
                content_type="application/json",
                headers={
                    "webhook-id": event_id,
                    "webhook-timestamp": str(int(self.now.timestamp())),
                    "webhook-signature": Webhook(self.opened["secret"]).sign(event_id, self.now, body),
                },
            )
            assert answer.status_code == 202, answer.content
            apply_events()

    def sweep(self, *, minutes: float = 0, at: datetime | None = None) -> list[Delivery]:
        """Let time pass and beat tick; returns what left then, in order. The records system goes on talking."""
        self.then(minutes=minutes, at=at)
        if self.is_connected:  # a system that is silent for a day holds promotion back (R20)
            self.post("client.updated", client={"id": "SOMEBODY-ELSE"})
        with self.then():
            sweep()
            recover()
        return [row for row in self.delivered() if row.attempted_at == self.now]

    def summary(self) -> dict[str, Any]:
        """The practice's figures; its ledger must add up at any moment (SEQ-11)."""
        with self.then():
            told: dict[str, Any] = command("practice_summary", self.slug)
        ledger = told["ledger"]
        rest = ledger["sent"] + ledger["waiting"] + sum(ledger["suppressed"].values()) + ledger["failed"]
        assert ledger["due"] == rest, ledger
        return told

    def delivered(self) -> list[Delivery]:
        return self._rows(Delivery.objects.select_related("message").order_by("attempted_at", "id"))

    def sequences(self, kind: str) -> list[tuple[str, str]]:
        """State and reason of the sequences of a kind."""
        found = self._rows(Sequence.objects.filter(kind=kind).order_by("opened_at", "id"))
        return [(row.state, row.reason) for row in found]

    def reminders(self, kind: str) -> list[tuple[str, str, str]]:
        """Step, state and reason of the reminders of a kind, in order."""
        rows = self._rows(Reminder.objects.filter(sequence__kind=kind).order_by("cycle", "position", "due_at"))
        return [(row.step, row.state, row.reason) for row in rows]

    def _rows(self, found: Iterable[Any]) -> list[Any]:
        practice = practice_by_slug(self.slug)
        with practice_scope(practice.pk):
            return list(found)
