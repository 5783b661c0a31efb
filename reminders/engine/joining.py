"""Which other steps leave in the same message? (R22)"""

from datetime import datetime, timedelta

from reminders.engine.values import Facts, Policy, Ref, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, SequenceKind, SequenceState


def joined_steps(
    reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime
) -> tuple[Ref, ...]:
    """Return the next open step of each other refill sequence that is due less than 7 days apart.

    A step joins only where its own gap and limit allow it to leave now, and none before the moment that staff
    moved it to; confirmation, reactivation and holdout never join (R22, SEQ-10).
    """
    if sequence.kind is not SequenceKind.REFILL:
        return ()
    return tuple(
        Ref(other.key, step.step, step.cycle)
        for other in facts.sequences
        if other.key != sequence.key
        and other.kind is SequenceKind.REFILL
        and other.state is SequenceState.OPEN
        and (step := _next_open(other)) is not None
        and abs(step.allowed_at - reminder.allowed_at) < timedelta(days=policy.join_days)
        and _may_leave(other, step, policy, now)
    )


def _next_open(sequence: Sequence) -> Reminder | None:
    opened = [each for each in sequence.reminders if each.is_open]
    return min(opened, key=lambda each: each.position, default=None)


def _may_leave(sequence: Sequence, reminder: Reminder, policy: Policy, now: datetime) -> bool:
    if now > reminder.allowed_at + timedelta(days=policy.late_days):
        return False
    if reminder.moved_to is not None and now < reminder.moved_to:
        return False
    sent = [each for each in sequence.reminders if each.state in COUNTED_STATES]
    if len(sent) >= policy.most_refills:
        return False
    cadence = policy.cadence(sequence)
    gaps = {step.key: step.gap_days for step in cadence.steps} if cadence is not None else {}
    gap = timedelta(days=gaps.get(reminder.step, 5))
    return all((each.sent_at or each.decided_at or now) + gap <= now for each in sent)
