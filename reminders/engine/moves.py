"""Which moves may sequences and reminders make, and how is each made?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from reminders.engine.values import Reminder, Sequence
from reminders.engine.words import Reason, ReminderState, SequenceState

State = ReminderState

ALLOWED: Mapping[ReminderState, frozenset[ReminderState]] = MappingProxyType(
    {
        State.PLANNED: frozenset(
            {State.PLANNED, State.WAITING, State.CLAIMED, State.SUPPRESSED, State.CANCELLED, State.EXPIRED}
        ),
        State.WAITING: frozenset(
            {
                State.PLANNED,
                State.WAITING,
                State.CLAIMED,
                State.SENT,
                State.DELIVERED,
                State.SUPPRESSED,
                State.CANCELLED,
                State.EXPIRED,
            }
        ),
        State.CLAIMED: frozenset(
            {State.WAITING, State.SENT, State.DELIVERED, State.UNKNOWN, State.FAILED, State.SUPPRESSED}
        ),
        State.UNKNOWN: frozenset({State.WAITING, State.SENT, State.DELIVERED, State.FAILED}),
        # It did not arrive, and the other channel may carry it, or the same one once more in some hours (CHN-2).
        State.SENT: frozenset({State.WAITING, State.DELIVERED, State.FAILED}),
        State.DELIVERED: frozenset(),
        State.FAILED: frozenset({State.DELIVERED}),
        State.SUPPRESSED: frozenset({State.SENT, State.DELIVERED}),
        State.CANCELLED: frozenset({State.SENT, State.DELIVERED}),
        State.EXPIRED: frozenset({State.SENT, State.DELIVERED}),
    }
)
"""The one table of moves a reminder may make (DESIGN.md 5).

A late callback may still say that a message was taken, or that it arrived, although it had been given up: then its
reminder left, whatever was decided about it since, and does not leave again (CHN-3).
"""


class MoveRefused(ValueError):
    """A reminder was to make a move that the table does not allow."""


def changed(sequence: Sequence, **fields: object) -> Sequence:
    """Return the sequence with these fields; the very same where nothing differs, so that nothing is written."""
    if all(getattr(sequence, name) == value for name, value in fields.items()):
        return sequence
    return replace(sequence, **fields)  # type: ignore[arg-type]


def moved(reminder: Reminder, state: ReminderState, **changes: object) -> Reminder:
    """Return the reminder in another state.

    Raises:
        MoveRefused: the table does not allow the move.
    """
    if state not in ALLOWED[reminder.state]:
        raise MoveRefused(f"A reminder cannot go from {reminder.state} to {state}.")
    return replace(reminder, state=state, **changes)  # type: ignore[arg-type]


def cancelled(reminder: Reminder, reason: Reason, now: datetime) -> Reminder:
    """Return an open reminder cancelled; it stays in the ledger if its moment had come (R33)."""
    return moved(reminder, State.CANCELLED, reason=reason.value, came_due=reminder.allowed_at <= now)


def without_open(sequence: Sequence, reason: Reason, now: datetime) -> tuple[Reminder, ...]:
    """Return the sequence's reminders with every open one cancelled."""
    if not any(each.is_open for each in sequence.reminders):
        return sequence.reminders
    return tuple(cancelled(each, reason, now) if each.is_open else each for each in sequence.reminders)


def at_rest(sequence: Sequence, now: datetime) -> Sequence:
    """Return an ended sequence with nothing open in it; one that lives as it is.

    A message that was on its way when its sequence ended may turn out never to have left: its reminder waits again,
    and would for ever. It is cancelled for the reason that ended the sequence, and stays in the ledger (R33).
    """
    if sequence.is_live:
        return sequence
    reason = Reason(sequence.reason) if sequence.reason else Reason.FINISHED
    return changed(sequence, reminders=without_open(sequence, reason, now))


def ended(sequence: Sequence, reason: Reason, now: datetime) -> Sequence:
    """Return the sequence ended, with its open reminders cancelled for the same reason."""
    if not sequence.is_live:
        return sequence
    return replace(
        sequence,
        state=SequenceState.ENDED,
        reason=reason.value,
        ended_at=now,
        reminders=without_open(sequence, reason, now),
    )
