"""What was, is and will be said to one client?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reminders.engine.words import SENT_STATES, ReminderState
from reminders.models import Call, Delivery, Reminder, Sequence

WAITING_STATES = frozenset({ReminderState.WAITING, ReminderState.CLAIMED, ReminderState.UNKNOWN})
SUPPRESSED_STATES = frozenset({ReminderState.SUPPRESSED, ReminderState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Ledger:
    """A client's reminders whose moment has come, by what became of them (SEQ-11, R33)."""

    sent: int
    waiting: int
    suppressed: int
    failed: int

    @property
    def due(self) -> int:
        """The sum, which the page shows."""
        return self.sent + self.waiting + self.suppressed + self.failed


@dataclass(frozen=True, slots=True)
class ClientOutreach:
    """The sequences, reminders and deliveries of one client, each in the order of time."""

    sequences: tuple[Sequence, ...]
    reminders: tuple[Reminder, ...]
    deliveries: Mapping[UUID, tuple[Delivery, ...]]
    """Message id -> its deliveries."""
    calls: tuple[Call, ...]


def client_outreach(practice_id: UUID, client_id: UUID) -> ClientOutreach:
    """Return everything planned for and said to a client: four queries, however much it is."""
    sequences = {
        row.pk: row
        for row in Sequence.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("treatment_type", "cadence_version", "treatment__location", "appointment__location")
        .order_by("opened_at", "id")
    }
    reminders = list(
        Reminder.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("message__provider")
        .order_by("due_at", "position", "id")
    )
    for reminder in reminders:
        reminder.sequence = sequences[reminder.sequence_id]
    calls = Call.objects.filter(practice_id=practice_id, client_id=client_id).order_by("opened_at", "id")
    return ClientOutreach(
        sequences=tuple(sequences.values()),
        reminders=tuple(reminders),
        deliveries=_deliveries_of(practice_id, client_id),
        calls=tuple(calls),
    )


def ledger_of(reminders: Iterable[Reminder], now: datetime) -> Ledger:
    """Return the ledger of these reminders: due = sent + waiting + suppressed + failed, at any moment (R33)."""
    sent = waiting = suppressed = failed = 0
    for each in reminders:
        state = ReminderState(each.state)
        if state in SENT_STATES:
            sent += 1
        elif state in WAITING_STATES or (state is ReminderState.PLANNED and each.due_at <= now):
            waiting += 1
        elif state in SUPPRESSED_STATES or (state is ReminderState.CANCELLED and each.came_due):
            suppressed += 1
        elif state is ReminderState.FAILED:
            failed += 1
    return Ledger(sent, waiting, suppressed, failed)


def _deliveries_of(practice_id: UUID, client_id: UUID) -> dict[UUID, tuple[Delivery, ...]]:
    rows = (
        Delivery.objects.filter(message__practice_id=practice_id, message__client_id=client_id)
        .select_related("message", "template_version__approved_by__person")
        .defer("html", "headers")
        .order_by("attempted_at", "id")
    )
    found: dict[UUID, tuple[Delivery, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), row)
    return found
