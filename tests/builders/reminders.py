"""What was and will be said to a client of a test? Planned, claimed and delivered by the real operations."""

from datetime import datetime, timedelta
from uuid import UUID

from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState
from reminders.models import Reminder
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.planning import replan
from reminders.operations.texts import approve_shipped

BATCH = 500


def live(practice: Practice, since: datetime) -> None:
    """Switch a practice's messages on, with the texts that medspa brings."""
    with practice_scope(practice.pk):
        approve_shipped(practice.pk, None, since)
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.LIVE, live_at=since - timedelta(days=1))


def planned(practice: Practice, client_ids: list[UUID], now: datetime) -> None:
    """Plan these clients anew."""
    replan(practice.pk, client_ids, now)


def sent(practice: Practice, at: datetime) -> int:
    """Let everything that is due leave through the outbox; returns how many attempts that took."""
    batch = claim_batch(practice.pk, at, BATCH)
    deliver(batch, lambda: at)
    return len(batch.attempts)


def settled(reminder: Reminder, state: ReminderState, reason: str = "") -> None:
    """Leave one reminder in a state that is rare, for a reason."""
    with practice_scope(reminder.practice_id):
        Reminder.objects.filter(pk=reminder.pk).update(state=state, reason=reason)
