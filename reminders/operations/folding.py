"""What of a treatment's messages was sent under another record of it, and so counts? (R3, R18, R23)"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from reminders.engine.clocks import TOUCH_UP_DAYS
from reminders.engine.words import COUNTED_STATES, OPEN_STATES, Reason, ReminderState, SequenceKind
from reminders.models import Reminder, Sequence
from reminders.models.sequence import LIVE

_COUNTED = [state.value for state in COUNTED_STATES]
_OPEN = [state.value for state in OPEN_STATES]


def fold(practice_id: UUID, client_id: UUID, before: Mapping[UUID, Mapping[str, Any]], now: datetime) -> bool:
    """Will let the sequences that go on count what the merge found sent in others of the same treatment.

    `before` are the sequences as they were when the two were merged. A message takes the place of the next step
    that was not sent, so that a treatment has three messages at most and the text that follows is the next one.
    Returns whether anything was folded.
    """
    sequences = Sequence.objects.filter(practice_id=practice_id, client_id=client_id)
    alive = list(sequences.filter(LIVE).exclude(kind=SequenceKind.CONFIRMATION.value))
    others = list(sequences.filter(pk__in=before).exclude(pk__in=[one.pk for one in alive]))
    folded = False
    for sequence in alive:
        owner = _owner(before.get(sequence.pk), sequence)
        same = [
            each
            for each in others
            if (_lived(before[each.pk]) or _is_of_one_record(sequence, each))
            and _is_same(sequence, each)
            and _owner(before.get(each.pk), each) != owner
        ]
        said = Reminder.objects.filter(sequence__in=same, state__in=_COUNTED).order_by("sent_at", "decided_at", "pk")
        if said:
            _take_over(sequence, list(said), now)
            folded = True
    return folded


def _lived(row: Mapping[str, Any]) -> bool:
    """Whether it was still going on, or had said all there was to say."""
    return bool(row["state"] != "ended" or row["reason"] == Reason.FINISHED)


def _is_of_one_record(sequence: Sequence, other: Sequence) -> bool:
    """Two plans for one line, which was reported of the one client first, then of the other (R17)."""
    return sequence.treatment_id is not None and sequence.treatment_id == other.treatment_id


def _owner(row: Mapping[str, Any] | None, sequence: Sequence) -> str:
    return str(row["client_id"]) if row is not None else str(sequence.client_id)


def _is_same(sequence: Sequence, other: Sequence) -> bool:
    """Two reactivations of one person, or two refills of one treatment and its touch-ups (R14, R16)."""
    if sequence.kind != other.kind:
        return False
    if sequence.kind == SequenceKind.REACTIVATION:
        return other.reason == Reason.JOINED
    days: tuple[date | None, date | None] = (sequence.day_zero, other.day_zero)
    return (
        sequence.treatment_type_id == other.treatment_type_id
        and days[0] is not None
        and days[1] is not None
        and abs(days[0] - days[1]) <= timedelta(days=TOUCH_UP_DAYS)
    )


def _take_over(sequence: Sequence, said: Iterable[Reminder], now: datetime) -> None:
    own = list(Reminder.objects.filter(sequence=sequence).order_by("position", "cycle"))
    is_monthly = sequence.kind == SequenceKind.REACTIVATION
    for each in said:
        waiting = [one for one in own if one.state in _OPEN]
        each.sequence = sequence
        if is_monthly:
            each.position = 0
        elif waiting:
            place = waiting[0]
            each.step, each.position = place.step, place.position
            place.state, place.reason = ReminderState.CANCELLED.value, Reason.JOINED.value
            place.came_due = place.allowed_at <= now
            place.save(update_fields=["state", "reason", "came_due"])
        each.cycle = max((one.cycle for one in own if one.step == each.step), default=-1) + 1
        each.save(update_fields=["sequence", "step", "position", "cycle"])
        own.append(each)
