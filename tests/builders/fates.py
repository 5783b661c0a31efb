"""How did messages of the story fare at carriers? Tries in any state, without a carrier."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder
from tests.builders import day
from tests.builders.story import NOW, Story

TEN = NOW.replace(hour=16, minute=0)
"""10 am in Chicago, today."""
LANDLINE = "The number is a landline."
BROKE_OFF = "SendGrid did not answer in time; the message may have been sent."


def tried(
    rows: Iterable[Reminder],
    state: str,
    *,
    at: datetime = TEN,
    channel: str = "sms",
    message: UUID | None = None,
    is_void: bool = False,
    touchpoint: str = "first",
    **fields: Any,
) -> Delivery:
    """One try to hand over a message for these reminders of one client, which stand behind it if it is not void.

    `message`: another channel of that message.
    """
    rows = list(rows)
    first = rows[0]
    with practice_scope(first.practice_id):
        if message is None:
            row = Message.objects.create(
                practice_id=first.practice_id, client_id=first.client_id, kind="promotion", touchpoint=touchpoint,
                decided_at=at, sent_at=at if state in ("accepted", "delivered", "undelivered") else None,
                is_void=is_void,
            )  # fmt: skip
            message = row.pk
            if not is_void:
                Reminder.objects.filter(pk__in=[each.pk for each in rows]).update(message=message)
        is_text = channel == "sms"
        known = {
            "gateway": "twilio_sms" if is_text else "sendgrid_email",
            "to_address": "+13125550186" if is_text else "ana@example.com",
            "subject": "" if is_text else "Your next visit",
        }
        return Delivery.objects.create(
            practice_id=first.practice_id, message_id=message, client_id=first.client_id, channel=channel,
            from_name="Jordan", text=f"Time for your next visit, by {channel}.", state=state, attempted_at=at,
            **{**known, **fields},
        )  # fmt: skip


def reminder(told: Story, state: str, name: str = "Renata Oyelaran", at: datetime = TEN, **fields: Any) -> Reminder:
    """One first reminder of Botox, of a client of this name."""
    return day.reminders(told.lakeview, day.people(told.lakeview, 1, name), [at], state=state, **fields)[0]


def doubted(told: Story, number: int = 1, *, ago: timedelta = timedelta(hours=2), **fields: Any) -> list[Delivery]:
    """So many emails of which nobody knows whether they arrived, a minute apart, the oldest first."""
    clients = day.people(told.lakeview, number)
    moments = [NOW - ago + timedelta(minutes=each) for each in range(number)]
    rows = day.reminders(told.lakeview, clients, moments, state="unknown")
    return [
        tried([row], "unknown", at=at, channel="email", **{"error": BROKE_OFF, **fields})
        for row, at in zip(rows, moments, strict=True)
    ]
