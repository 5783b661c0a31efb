"""How do monthly messages stay monthly where staff moved one? (SEQ-10, R24)"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from reminders.engine.moves import moved
from reminders.engine.refill_steps import window_of
from reminders.engine.send_windows import next_open
from reminders.engine.values import Facts, Policy, Reminder
from reminders.engine.words import COUNTED_STATES, ReminderState

LEAST_APART: Final = timedelta(days=22)
"""A month, less the days by which a message may move forward and be late (R2, R4)."""


def not_sooner_than(reminders: Iterable[Reminder], moment: datetime) -> datetime:
    """Return the first moment, from this one on, that is far enough from every message that left."""
    left = (each for each in reminders if each.state in COUNTED_STATES)
    return max([moment, *((each.sent_at or each.decided_at or each.allowed_at) + LEAST_APART for each in left)])


def where_staff_moved_it(
    reminders: tuple[Reminder, ...],
    opened: Reminder,
    moved_to: datetime,
    facts: Facts,
    policy: Policy,
    now: datetime,
) -> tuple[Reminder, ...]:
    """Return the reminders with the open one timed by the moment that staff chose, in the window, and monthly."""
    window = window_of(facts, policy)
    earliest = not_sooner_than(reminders, moved_to)
    allowed_at = next_open(window, earliest) or earliest
    if opened.planned_at == moved_to and (opened.allowed_at == allowed_at or opened.allowed_at <= now):
        return reminders
    allowed_at = max(allowed_at, next_open(window, now) or now)
    timed = moved(
        opened, ReminderState.PLANNED, reason="", planned_at=moved_to, allowed_at=allowed_at, due_at=allowed_at
    )
    return tuple(timed if each is opened else each for each in reminders)
