"""Do the same reports, in any order and number, give the same plan? And does planning again change nothing? (R13)"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from random import Random

from reminders.engine.plan import plan
from reminders.engine.refill_steps import REOPENED
from reminders.engine.simulate.books import Books, Report
from reminders.engine.values import Facts, Policy, Sequence
from reminders.engine.words import SequenceKind

Signature = tuple[tuple[str, ...], ...]


def is_idempotent(facts: Facts, policy: Policy, now: datetime) -> bool:
    """Planning the plan gives the very same objects."""
    again = plan(facts, policy, now).sequences
    return len(again) == len(facts.sequences) and all(
        after is before for after, before in zip(again, facts.sequences, strict=True)
    )


def is_order_free(books: Books, facts: Facts, policy: Policy, chance: Random, now: datetime) -> bool:
    """Told shuffled, with some reports twice, the books lead to the plan that they lead to as heard."""
    shuffled = [*books.heard, *chance.sample(books.heard, len(books.heard) // 3)]
    chance.shuffle(shuffled)
    return _told(books.heard, books, facts, policy, now) == _told(shuffled, books, facts, policy, now)


def _told(reports: list[Report], books: Books, facts: Facts, policy: Policy, now: datetime) -> Signature:
    """What is still to come of the refills, if the reports are heard one by one at this moment."""
    own = Books(first_heard=dict(books.first_heard))
    facts = replace(facts, sequences=())
    for report in reports:
        own.hear(report, now)
        facts = own.written_into(facts)
        facts = replace(facts, sequences=plan(facts, policy, now).sequences)
    refills = (each for each in facts.sequences if each.kind is SequenceKind.REFILL)
    return tuple(sorted(step for sequence in refills for step in _to_come(sequence, now)))


def _to_come(sequence: Sequence, now: datetime) -> Iterator[tuple[str, ...]]:
    """What will leave, in words; what is due already depends on when it was heard, and is left out."""
    for each in sequence.reminders:
        if each.is_open and each.planned_at > now and each.step != REOPENED:
            yield sequence.treatment_type, str(sequence.day_zero), each.step, each.planned_at.isoformat()
