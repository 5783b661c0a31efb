"""When would a planned reminder leave as things stand, and what keeps it until then? (SEQ-10, SIM-1)"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from reminders.engine.decide import TIMING, decide
from reminders.engine.moves import moved
from reminders.engine.refill_steps import window_of
from reminders.engine.send_windows import next_open
from reminders.engine.steering import find
from reminders.engine.values import Facts, Policy, Ref, Reminder, Send, Suppress
from reminders.engine.words import Reason, ReminderState

MOST_WAITS: Final = 12


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`leaves_at`: when it would leave; None where it waits for somebody, or will not leave.

    `reason`: what moved it after the moment that was asked for, or what it waits for. `is_over`: it will not leave.
    """

    leaves_at: datetime | None
    reason: Reason | None = None
    is_over: bool = False


def foresee(facts: Facts, ref: Ref, policy: Policy, now: datetime) -> Foreseen:
    """Return what the plan and the last word before leaving would make of an open reminder, if nothing changed.

    What stands before it in its sequence is taken as sent at its moment. A practice that is not live yet is taken
    to be by then, with everything that going live asks for: only what would never leave is over.

    Raises:
        LookupError: the client has no such reminder.
    """
    sequence, reminder = find(facts, ref)
    for earlier in sequence.reminders:
        if earlier.is_open and earlier.position < reminder.position:
            facts = _as_sent(facts, Ref(ref.sequence, earlier.step, earlier.cycle), max(now, earlier.due_at))
    moment, why = max(now, reminder.due_at), _moved_by(reminder, facts, policy)
    if policy.live_at is None:
        decision = decide(reminder, sequence, facts, replace(policy, live_at=now), moment)
        if isinstance(decision, Suppress):
            return Foreseen(None, decision.reason, is_over=True)
        return Foreseen(moment, why)
    for _ in range(MOST_WAITS):
        sequence, reminder = find(facts, ref)
        decision = decide(reminder, sequence, facts, policy, moment)
        if isinstance(decision, Send):
            return Foreseen(moment, why)
        if isinstance(decision, Suppress):
            return Foreseen(None, decision.reason, is_over=True)
        if decision.reason not in TIMING:
            return Foreseen(None, decision.reason)
        why, moment = decision.reason, decision.until
        waiting = replace(reminder, state=ReminderState.WAITING, reason=why.value)
        facts = _with(facts, ref, waiting)
    return Foreseen(None, why)


def _moved_by(reminder: Reminder, facts: Facts, policy: Policy) -> Reason | None:
    """Why the plan allows it later than its planned moment: the window, or the gap to the message before."""
    if reminder.allowed_at <= reminder.planned_at:
        return None
    is_window = next_open(window_of(facts, policy), reminder.planned_at) == reminder.allowed_at
    return Reason.WINDOW if is_window else Reason.GAP


def _as_sent(facts: Facts, ref: Ref, at: datetime) -> Facts:
    _, reminder = find(facts, ref)
    claimed = moved(reminder, ReminderState.CLAIMED, reason="", decided_at=at)
    return _with(facts, ref, moved(claimed, ReminderState.SENT, sent_at=at))


def _with(facts: Facts, ref: Ref, after: Reminder) -> Facts:
    sequence, before = find(facts, ref)
    reminders = tuple(after if each is before else each for each in sequence.reminders)
    changed = replace(sequence, reminders=reminders)
    return replace(facts, sequences=tuple(changed if each is sequence else each for each in facts.sequences))
