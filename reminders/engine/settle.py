"""What does the fate of a message change about its reminder? (CHN-3, R33; the table of moves)"""

from dataclasses import replace
from datetime import datetime

from reminders.engine.moves import ALLOWED, moved
from reminders.engine.values import Facts, Ref, Reminder
from reminders.engine.words import SENT_STATES, Reason, ReminderState


def settled(facts: Facts, ref: Ref, state: ReminderState, now: datetime, *, retry_at: datetime | None = None) -> Facts:
    """Return the facts with one reminder in the state that its gateway reported.

    SENT: accepted. DELIVERED: it arrived. UNKNOWN: nobody knows yet. FAILED: refused for good. WAITING: it
    did not leave, and is decided again at `retry_at`. States only move forward: news that comes late or
    twice changes nothing. Of a message that several steps joined, each is settled (R22).

    Raises:
        ValueError: WAITING without `retry_at`.
    """
    return replace(
        facts,
        sequences=tuple(
            replace(
                sequence,
                reminders=tuple(
                    _settled(each, state, now, retry_at) if (each.step, each.cycle) == (ref.step, ref.cycle) else each
                    for each in sequence.reminders
                ),
            )
            if sequence.key == ref.sequence
            else sequence
            for sequence in facts.sequences
        ),
    )


def _settled(reminder: Reminder, state: ReminderState, now: datetime, retry_at: datetime | None) -> Reminder:
    if reminder.is_open or state not in ALLOWED[reminder.state]:
        return reminder
    if state is ReminderState.WAITING:
        if reminder.state in SENT_STATES:
            return reminder  # it left: only what becomes of it there can bring it back (engine/rerouting.py)
        if retry_at is None:
            raise ValueError("A reminder that waits needs the moment at which it is decided again.")
        return moved(reminder, state, reason=Reason.CHANNEL_DOWN.value, due_at=retry_at)
    if state is ReminderState.FAILED:
        return moved(reminder, state, reason=Reason.REFUSED.value)
    if state in {ReminderState.SENT, ReminderState.DELIVERED}:
        return moved(reminder, state, reason="", sent_at=reminder.sent_at or now)
    return moved(reminder, state)
