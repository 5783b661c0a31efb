"""How does a client stand, in one word, and when is the next message decided on? (words.Standing)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reminders.engine.bookings import LIVE_STATUSES
from reminders.engine.decide import TIMING, in_peace_until
from reminders.engine.plan import barred_reason
from reminders.engine.values import Facts, Plan, Reminder, Sequence
from reminders.engine.words import Reason, ReminderState, SequenceKind, SequenceState, Standing

_RUNNING = frozenset({SequenceState.OPEN, SequenceState.HOLDOUT})
_STANDING_STILL = frozenset({SequenceState.PAUSED, SequenceState.HOLDOUT})


@dataclass(frozen=True, slots=True)
class Stands:
    """A client's standing, and the moment of the next message: None where nothing is to leave by itself."""

    standing: Standing
    next_at: datetime | None = None


def standing_of(facts: Facts, planned: Plan, now: datetime) -> Stands:
    """Return how a client stands after planning: the first of words.Standing that holds. Total, deterministic.

    `facts` are those that the plan was made from. A refill that said all it had to say without a booking counts as
    due until it counts as lapsed (R24).
    """
    return Stands(_standing(facts, planned, now), _next_at(facts, planned.sequences))


def _standing(facts: Facts, planned: Plan, now: datetime) -> Standing:
    if barred_reason(facts, now) is not None:
        return Standing.BARRED
    if facts.permissions.is_opted_out:
        return Standing.OPTED_OUT
    if facts.is_paused:
        return Standing.PAUSED
    alive = [each for each in planned.sequences if each.is_live]
    if any(_is_held(each, now) for sequence in alive for each in sequence.reminders):
        return Standing.HELD
    running = [each for each in alive if each.kind is SequenceKind.REFILL and each.state in _RUNNING]
    if any(_has_come(each, now) for each in running) or _has_finished(planned, alive, now):
        return Standing.DUE
    if any(each.state is SequenceState.BOOKED for each in alive) or _is_expected(facts, now):
        return Standing.BOOKED
    if running:
        return Standing.ACTIVE
    if planned.lapses or any(each.kind is SequenceKind.REACTIVATION for each in alive):
        return Standing.LAPSED
    return Standing.NONE


def _is_held(reminder: Reminder, now: datetime) -> bool:
    """Its moment has come, and it waits for more than time (R26). Left in peace until a date is no hold (R27)."""
    if reminder.state is not ReminderState.WAITING or reminder.allowed_at > now:
        return False
    return reminder.reason not in TIMING and reminder.reason != Reason.SNOOZED


def _has_come(sequence: Sequence, now: datetime) -> bool:
    """The first of its reminders has had its moment, whatever became of it."""
    return any(each.allowed_at <= now and each.state is not ReminderState.CANCELLED for each in sequence.reminders)


def _has_finished(planned: Plan, alive: Iterable[Sequence], now: datetime) -> bool:
    """A refill is over without a booking, its lapse is still to come, and nobody asks the client back yet."""
    asked = {each.family for each in alive if each.kind is SequenceKind.REACTIVATION}
    return any(at > now and family not in asked for family, at in planned.lapses)


def _is_expected(facts: Facts, now: datetime) -> bool:
    return any(
        each.status in LIVE_STATUSES and each.starts_at is not None and each.starts_at > now for each in facts.visits
    )


def _next_at(facts: Facts, sequences: Iterable[Sequence]) -> datetime | None:
    """Return the earliest moment at which an open reminder of a live sequence is decided on.

    None of a sequence that a person must resume first, or that says nothing (R29, R30); no promotion before the
    day until which the client asked to be left in peace (R27).
    """
    peace = in_peace_until(facts.snoozed_until, facts) if facts.snoozed_until is not None else None
    return min(
        (
            each.due_at if peace is None or sequence.kind is SequenceKind.CONFIRMATION else max(each.due_at, peace)
            for sequence in sequences
            if sequence.is_live and sequence.state not in _STANDING_STILL
            for each in sequence.reminders
            if each.is_open
        ),
        default=None,
    )
