"""What was, is and will be said to one client?"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from reminders.models import Call, Delivery, Reminder, Sequence


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
    calls = (
        Call.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("taken_by__person", "closed_by__person")
        .order_by("opened_at", "id")
    )
    return ClientOutreach(
        sequences=tuple(sequences.values()),
        reminders=tuple(reminders),
        deliveries=_deliveries_of(practice_id, client_id),
        calls=tuple(calls),
    )


def _deliveries_of(practice_id: UUID, client_id: UUID) -> dict[UUID, tuple[Delivery, ...]]:
    rows = (
        Delivery.objects.filter(message__practice_id=practice_id, message__client_id=client_id)
        .select_related("client", "message", "template_version__approved_by__person")
        .defer("html", "headers")
        .order_by("attempted_at", "id")
    )
    found: dict[UUID, tuple[Delivery, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), row)
    return found
