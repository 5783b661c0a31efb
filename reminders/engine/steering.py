"""What does a staff member's word change about a client's plan? (SEQ-10)

Each function returns the facts with that word in them; planning again then makes of it what the rules allow.

- A skipped step does not come again by itself: not when planned again, nor when its sequence opens again after a
  booking fell away. Of a confirmation, the skip holds for that time of the appointment.
- A moved reminder keeps its moment through every replanning until it leaves; a step that comes again after a
  booking fell away is a new one, at the cadence's moment.
- A sequence that staff ended stays ended; it neither lapses nor asks back. The next treatment starts afresh (R14).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from reminders.engine.moves import cancelled, ended
from reminders.engine.values import Facts, Ref, Reminder, Sequence
from reminders.engine.words import Reason, ReminderState, SequenceKind, SequenceState

REOPENABLE = frozenset({Reason.ENDED_BY_STAFF.value, Reason.OPTED_OUT.value})
"""What staff may open again: what staff ended, and what an opt-out ended that was taken back since (R28)."""


def find(facts: Facts, ref: Ref) -> tuple[Sequence, Reminder]:
    """Return a reminder with its sequence.

    Raises:
        LookupError: the client has no such reminder.
    """
    for sequence in facts.sequences:
        if sequence.key == ref.sequence:
            for each in sequence.reminders:
                if (each.step, each.cycle) == (ref.step, ref.cycle):
                    return sequence, each
    raise LookupError(f"No reminder {ref}.")


def skipped(facts: Facts, ref: Ref, now: datetime) -> Facts:
    """Leave one open reminder out.

    Raises:
        MoveRefused: it is no longer open.
        LookupError: the client has no such reminder.
    """
    _, reminder = find(facts, ref)
    return _with_reminder(facts, ref, cancelled(reminder, Reason.SKIPPED, now))


def unskipped(facts: Facts, ref: Ref, now: datetime) -> Facts:
    """Put a skipped reminder back as the next cycle of its step, at the moment the skipped one had.

    What the skip ended goes on. A monthly message planned in its place makes way for it.

    Raises:
        LookupError: the client has no such skipped reminder.
    """
    sequence, reminder = find(facts, ref)
    if not reminder.is_skipped:
        raise LookupError(f"{ref} was not skipped.")
    cycle = max(each.cycle for each in sequence.reminders if each.step == reminder.step) + 1
    again = replace(
        reminder,
        state=ReminderState.PLANNED,
        reason="",
        cycle=cycle,
        came_due=False,
        decided_at=None,
        due_at=reminder.allowed_at,
    )
    reminders = sequence.reminders
    if sequence.kind is SequenceKind.REACTIVATION:
        reminders = tuple(cancelled(each, Reason.ORDER, now) if each.is_open else each for each in reminders)
    return _with_sequence(facts, sequence, _alive(replace(sequence, reminders=(*reminders, again))))


def moved_to(facts: Facts, ref: Ref, moment: datetime | None) -> Facts:
    """Give one open reminder another planned moment; None gives it back to the cadence."""
    _, reminder = find(facts, ref)
    return _with_reminder(facts, ref, replace(reminder, moved_to=moment))


def ended_by_staff(facts: Facts, key: str, now: datetime) -> Facts:
    """End one sequence for good: its treatment is not asked about any more, the next one is."""
    return _with_one(facts, key, lambda sequence: ended(sequence, Reason.ENDED_BY_STAFF, now))


def reopened(facts: Facts, key: str, now: datetime) -> Facts:
    """Let an ended sequence go on from now, at its next future step (R28).

    A mark that an opt-out left where a reactivation would have begun is taken away with it.
    """
    facts = replace(facts, sequences=tuple(_unmarked(each) for each in facts.sequences))
    return _with_one(facts, key, lambda sequence: replace(_alive(sequence), reopened_at=now, cycle=sequence.cycle + 1))


def _alive(sequence: Sequence) -> Sequence:
    if sequence.is_live:
        return sequence
    return replace(sequence, state=SequenceState.OPEN, reason="", ended_at=None)


def _unmarked(sequence: Sequence) -> Sequence:
    is_mark = sequence.kind is SequenceKind.REACTIVATION and sequence.day_zero is None and not sequence.is_live
    if is_mark and sequence.reason == Reason.OPTED_OUT.value:
        return replace(sequence, reason=Reason.VOIDED.value)
    return sequence


def _with_one(facts: Facts, key: str, change: Callable[[Sequence], Sequence]) -> Facts:
    sequence = next(each for each in facts.sequences if each.key == key)
    return _with_sequence(facts, sequence, change(sequence))


def _with_reminder(facts: Facts, ref: Ref, reminder: Reminder) -> Facts:
    sequence, before = find(facts, ref)
    reminders = tuple(reminder if each is before else each for each in sequence.reminders)
    return _with_sequence(facts, sequence, replace(sequence, reminders=reminders))


def _with_sequence(facts: Facts, before: Sequence, after: Sequence) -> Facts:
    return replace(facts, sequences=tuple(after if each is before else each for each in facts.sequences))
