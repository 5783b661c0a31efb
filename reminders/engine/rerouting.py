"""What happens to a reminder whose message did not arrive: the other channel, once more, or the end? (CHN-2, R4)"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from cadences.timeline import ChannelRule
from reminders.engine.channels import open_channels
from reminders.engine.decide import decide
from reminders.engine.moves import ALLOWED, moved
from reminders.engine.plan import plan
from reminders.engine.touchpoints import step_of
from reminders.engine.values import Facts, Policy, Ref, Reminder, Sequence, Suppress
from reminders.engine.words import MessageKind, Reason, ReminderState, SequenceKind, SequenceState

_SAID_ALL = frozenset({Reason.FINISHED.value, Reason.APPOINTMENT_CANCELLED.value})
"""A sequence that ended so may have ended because this message was its last: then it opens again for it."""


def undelivered(
    facts: Facts,
    refs: Collection[Ref],
    policy: Policy,
    now: datetime,
    *,
    waits_for: Reason,
    fails_as: Reason,
    again_at: datetime | None,
) -> Facts:
    """Return the facts with the reminders of a message that did not arrive decided anew, or failed.

    `facts` already know what was wrong: a marked address, an opt-out. `again_at`: when it may leave again, now
    where another channel stands in; None: never. A reminder goes back to WAITING only where a channel is open to
    it and the planner and the guards would still let it leave at that moment (R4 and all other rules); else it is
    FAILED. Of several that left as one message each goes by its own sequence (R22).
    """
    waiting = facts
    for ref in refs:
        waiting = _with(waiting, ref, ReminderState.WAITING, waits_for, again_at or now)
    planned = replace(waiting, sequences=plan(waiting, policy, now).sequences)
    may_leave = {ref for ref in refs if again_at is not None and _may_leave(planned, ref, policy, again_at)}
    for ref in refs:
        if ref in may_leave:
            facts = _with(facts, ref, ReminderState.WAITING, waits_for, again_at or now)
        else:
            facts = _with(facts, ref, ReminderState.FAILED, fails_as, now)
    return facts


def _may_leave(facts: Facts, ref: Ref, policy: Policy, moment: datetime) -> bool:
    sequence = next((each for each in facts.sequences if each.key == ref.sequence), None)
    reminder = _reminder(sequence, ref) if sequence is not None else None
    if sequence is None or reminder is None or not sequence.is_live or not reminder.is_open:
        return False
    step = step_of(reminder, sequence, policy)
    rule = step.channel_rule if step is not None else ChannelRule.PREFERENCE
    is_confirmation = sequence.kind is SequenceKind.CONFIRMATION
    kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
    # A gateway that does not answer just now is no reason against it: it waits for that as any other does (R26).
    channels, _ = open_channels(rule, kind, facts, replace(policy, channels_down=frozenset()))
    return bool(channels) and not isinstance(decide(reminder, sequence, facts, policy, moment), Suppress)


def _with(facts: Facts, ref: Ref, state: ReminderState, reason: Reason, due_at: datetime) -> Facts:
    return replace(
        facts,
        sequences=tuple(
            _changed(each, ref, state, reason, due_at) if each.key == ref.sequence else each for each in facts.sequences
        ),
    )


def _changed(sequence: Sequence, ref: Ref, state: ReminderState, reason: Reason, due_at: datetime) -> Sequence:
    reminder = _reminder(sequence, ref)
    if reminder is None or reminder.is_open or state not in ALLOWED[reminder.state]:
        return sequence
    due = {"due_at": due_at} if state is ReminderState.WAITING else {}
    after = moved(reminder, state, reason=reason.value, sent_at=None, **due)
    reminders = tuple(after if each is reminder else each for each in sequence.reminders)
    if state is ReminderState.WAITING and not sequence.is_live and sequence.reason in _SAID_ALL:
        return replace(sequence, state=SequenceState.OPEN, reason="", ended_at=None, reminders=reminders)
    return replace(sequence, reminders=reminders)


def _reminder(sequence: Sequence, ref: Ref) -> Reminder | None:
    return next((each for each in sequence.reminders if (each.step, each.cycle) == (ref.step, ref.cycle)), None)
