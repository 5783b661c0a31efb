"""What happens to a client's due reminders at this moment? Plan, decide, mark. (DESIGN.md 5, R32)"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from reminders.engine.decide import decide
from reminders.engine.moves import moved
from reminders.engine.plan import plan
from reminders.engine.values import Facts, Plan, Policy, Ref, Reminder, Send, Sequence, Suppress, Wait
from reminders.engine.words import Reason, ReminderState, SequenceKind


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reminder that shall leave now. `sequence` is as it was when decided: what was sent before counts."""

    ref: Ref
    sequence: Sequence
    send: Send
    joined: tuple[Sequence, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """The client's plan after deciding, and what shall leave."""

    plan: Plan
    claimed: tuple[Claimed, ...]


def claim(facts: Facts, policy: Policy, now: datetime) -> Claim:
    """Plan anew, decide on every due reminder in order, and mark each with its decision.

    Planning first means that nothing is decided on facts older than the transaction (R32). What will not leave
    makes way for a later step, whose moment may have come too: so until nothing is due.
    """
    planned = plan(facts, policy, now)
    facts = replace(facts, sequences=planned.sequences)
    claimed: list[Claimed] = []
    while due := _due(facts.sequences, now):
        facts, has_settled = _decided(due, facts, policy, now, claimed)
        if not has_settled:
            return Claim(replace(planned, sequences=facts.sequences), tuple(claimed))
        planned = plan(facts, policy, now)
        facts = replace(facts, sequences=planned.sequences)
    return Claim(planned, tuple(claimed))


def _decided(
    due: Iterable[Ref], facts: Facts, policy: Policy, now: datetime, claimed: list[Claimed]
) -> tuple[Facts, bool]:
    """Decide on each; return the facts with the decisions, and whether any will not leave."""
    has_settled = False
    for ref in due:
        sequence, reminder = _find(facts.sequences, ref)
        if not reminder.is_open:
            continue
        decision = decide(reminder, sequence, facts, policy, now)
        if isinstance(decision, Send):
            others = tuple(_find(facts.sequences, other)[0] for other in decision.joined)
            claimed.append(Claimed(ref, sequence, decision, others))
            facts = _left(facts, (ref, *decision.joined), now)
            if sequence.kind is SequenceKind.CONFIRMATION:
                facts = _told(facts, sequence)
            else:
                facts = replace(facts, last_promotion_at=now)
        else:
            has_settled = has_settled or isinstance(decision, Suppress)
            facts = _with(facts, sequence, reminder, _held_back(reminder, decision, now))
    return facts, has_settled


_FOR_TIME: Final = frozenset({Reason.CHANNEL_DOWN, Reason.PACE, Reason.REFUSED})
"""The gateway said when, or its account has to be mended, which wakes by itself."""


def awakened(planned: Plan, now: datetime, reached_anew: Collection[Ref] = ()) -> Plan:
    """Have what waits decided again at once: the fact it waits for may be the one that changed (R26).

    What waits for its gateway goes on waiting, or each change of a record would be one more try; but for what goes
    elsewhere now (`reached_anew`): her number was corrected, say.
    """
    return replace(
        planned, sequences=tuple(_awakened(each, now, frozenset(reached_anew)) for each in planned.sequences)
    )


def waits_for_its_gateway(reminder: Reminder, now: datetime) -> bool:
    """Whether it was tried, or could not be, and waits until the gateway may be called again."""
    return reminder.state is ReminderState.WAITING and reminder.due_at > now and reminder.reason in _FOR_TIME


def _awakened(sequence: Sequence, now: datetime, reached_anew: frozenset[Ref]) -> Sequence:
    def is_awakened(each: Reminder) -> bool:
        if each.state is not ReminderState.WAITING or each.due_at <= now:
            return False
        return each.reason not in _FOR_TIME or Ref(sequence.key, each.step, each.cycle) in reached_anew

    waits = [is_awakened(each) for each in sequence.reminders]
    if not any(waits):
        return sequence
    reminders = tuple(
        replace(each, due_at=max(now, each.allowed_at)) if is_waiting else each
        for each, is_waiting in zip(sequence.reminders, waits, strict=True)
    )
    return replace(sequence, reminders=reminders)


def _due(sequences: Iterable[Sequence], now: datetime) -> list[Ref]:
    """Confirmations first, then in the order of their moments: no step passes an earlier one (R3)."""
    due = [
        (sequence.kind is not SequenceKind.CONFIRMATION, each.due_at, each.planned_at, sequence.key, each)
        for sequence in sequences
        if sequence.is_live
        for each in sequence.reminders
        if each.is_open and each.due_at <= now
    ]
    due.sort(key=lambda item: (*item[:4], item[4].position))
    return [Ref(key, each.step, each.cycle) for _, _, _, key, each in due]


def _find(sequences: Iterable[Sequence], ref: Ref) -> tuple[Sequence, Reminder]:
    sequence = next(each for each in sequences if each.key == ref.sequence)
    return sequence, next(each for each in sequence.reminders if (each.step, each.cycle) == (ref.step, ref.cycle))


def _held_back(reminder: Reminder, decision: Wait | Suppress, now: datetime) -> Reminder:
    if isinstance(decision, Wait):
        return moved(
            reminder,
            ReminderState.WAITING,
            reason=decision.reason.value,
            due_at=decision.until,
            decided_at=now,
        )
    state = ReminderState.EXPIRED if decision.reason is Reason.TOO_LATE else ReminderState.SUPPRESSED
    return moved(reminder, state, reason=decision.reason.value, decided_at=now)


def _left(facts: Facts, refs: Iterable[Ref], now: datetime) -> Facts:
    """Mark what leaves as claimed; the moment of a step that joins has come with it (R22, R33)."""
    for ref in refs:
        sequence, reminder = _find(facts.sequences, ref)
        claimed = moved(
            reminder,
            ReminderState.CLAIMED,
            reason="",
            decided_at=now,
            allowed_at=min(reminder.allowed_at, now),
            due_at=min(reminder.due_at, now),
        )
        facts = _with(facts, sequence, reminder, claimed)
    return facts


def _told(facts: Facts, sequence: Sequence) -> Facts:
    """Whatever confirmation leaves names the start as it is now (R8)."""
    current = next(each for each in facts.sequences if each.key == sequence.key)
    return _replace_sequence(facts, current, replace(current, told_starts_at=current.starts_at))


def _with(facts: Facts, sequence: Sequence, before: Reminder, after: Reminder) -> Facts:
    current = next(each for each in facts.sequences if each.key == sequence.key)
    reminders = tuple(
        after if (each.step, each.cycle) == (before.step, before.cycle) else each for each in current.reminders
    )
    return _replace_sequence(facts, current, replace(current, reminders=reminders))


def _replace_sequence(facts: Facts, before: Sequence, after: Sequence) -> Facts:
    return replace(facts, sequences=tuple(after if each is before else each for each in facts.sequences))
