"""Which reminder or sequence does staff mean to change? None of somebody who was erased."""

from uuid import UUID

from reminders.models import Reminder, Sequence


def reminder_of(practice_id: UUID, reminder_id: UUID) -> Reminder | None:
    """Return a reminder with its client and sequence, in one query; None where the practice has no such reminder."""
    rows = Reminder.objects.filter(practice_id=practice_id, pk=reminder_id, client__erased_at=None)
    return rows.select_related("client", "sequence__treatment_type", "sequence__treatment").first()


def sequence_of(practice_id: UUID, sequence_id: UUID) -> Sequence | None:
    """Return a sequence with its client, in one query; None where the practice has no such sequence."""
    rows = Sequence.objects.filter(practice_id=practice_id, pk=sequence_id, client__erased_at=None)
    return rows.select_related("client", "treatment_type").first()
