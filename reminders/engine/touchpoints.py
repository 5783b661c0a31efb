"""Which text does a message use? It follows what was really sent (R3), and how long she has been away (SEQ-5)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from cadences.timeline import Step
from reminders.engine.confirmation_steps import (
    BOOKED,
    CANCELLED,
    EVENING_BEFORE,
    HOURS_24,
    HOURS_48,
    MORNING,
    MOVED,
)
from reminders.engine.values import Facts, Policy, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, SequenceKind, Touchpoint

CONFIRMS: Final[Mapping[str, Touchpoint]] = MappingProxyType(
    {
        BOOKED: Touchpoint.BOOKED,
        MOVED: Touchpoint.MOVED,
        CANCELLED: Touchpoint.CANCELLED,
        HOURS_48: Touchpoint.HOURS_48,
        HOURS_24: Touchpoint.HOURS_24,
        MORNING: Touchpoint.MORNING,
        EVENING_BEFORE: Touchpoint.EVENING_BEFORE,
    }
)
ASKS_BACK: Final = (Touchpoint.CHECK_IN, Touchpoint.SEASONAL, Touchpoint.BEFORE_AFTER, Touchpoint.OFFER)

_SAYS_THE_DAY: Final = {0: Touchpoint.MORNING, 1: Touchpoint.EVENING_BEFORE}


def step_of(reminder: Reminder, sequence: Sequence, policy: Policy) -> Step | None:
    """Return the cadence's step behind a refill reminder; None for R8's extra one and for other kinds."""
    cadence = policy.cadence(sequence)
    if cadence is None or sequence.kind is not SequenceKind.REFILL:
        return None
    return next((step for step in cadence.steps if step.key == reminder.step), None)


def sent_count(sequence: Sequence) -> int:
    """Return how many messages of the sequence the client has got, or may have got."""
    return sum(each.state in COUNTED_STATES for each in sequence.reminders)


def last_sent_at(sequence: Sequence) -> datetime | None:
    """Return when the last message of the sequence left."""
    sent = [each.sent_at or each.decided_at for each in sequence.reminders if each.state in COUNTED_STATES]
    return max((moment for moment in sent if moment is not None), default=None)


def touchpoint_of(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy) -> Touchpoint:
    """Return which text a promotion uses (R3, SEQ-5)."""
    if sequence.kind is SequenceKind.REACTIVATION:
        return _asks_back(reminder, facts)
    step = step_of(reminder, sequence, policy)
    if sent_count(sequence) == 0:
        return Touchpoint.FIRST
    if step is not None and step.key == "last":
        return Touchpoint.LAST
    return Touchpoint.SECOND_INCENTIVE if step is not None and step.incentive else Touchpoint.SECOND


def confirming(reminder: Reminder, sequence: Sequence, facts: Facts, now: datetime) -> Touchpoint:
    """Return which text a confirmation uses: "today" and "tomorrow" are only said when they are true (R5).

    In a window of several zones the morning's message may have moved back to the day before.
    """
    touchpoint = CONFIRMS[reminder.step]
    if touchpoint not in _SAYS_THE_DAY.values() or sequence.starts_at is None:
        return touchpoint
    zone = ZoneInfo(next((visit.zone for visit in facts.visits if visit.id == sequence.anchor), "UTC"))
    days = sequence.starts_at.astimezone(zone).date() - now.astimezone(zone).date()
    return _SAYS_THE_DAY.get(days.days, Touchpoint.HOURS_24)


def _asks_back(reminder: Reminder, facts: Facts) -> Touchpoint:
    touchpoint = ASKS_BACK[reminder.position % len(ASKS_BACK)]
    if touchpoint is Touchpoint.BEFORE_AFTER and not facts.permissions.is_photo_consented:
        return Touchpoint.CHECK_IN
    return touchpoint
