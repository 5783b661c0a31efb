"""What do made-up staff do about a client: skip, move, send now, pause, end, and take it back? (SEQ-10)"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from reminders.engine import steering
from reminders.engine.plan import plan
from reminders.engine.simulate.world import SimulatedClient
from reminders.engine.values import Facts, Policy, Ref, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, SequenceKind


class Deed(StrEnum):
    """One kind of thing that staff do."""

    SKIP = "skip"
    UNSKIP = "unskip"
    SEND_NOW = "send_now"
    MOVE = "move"
    MOVE_BACK = "move_back"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Steers:
    """Staff act on one client. `which` of what there is; `by`: how far a reminder is moved."""

    deed: Deed
    which: int
    by: timedelta


@dataclass(frozen=True, slots=True)
class Steered:
    """The facts with staff's word in them, and what it was about; the same facts where there was nothing to do."""

    facts: Facts
    deed: Deed
    ref: Ref | None = None
    moment: datetime | None = None

    @property
    def did_something(self) -> bool:
        """There was something to do it to."""
        return self.ref is not None or self.deed in {Deed.PAUSE, Deed.RESUME}


_A_YEAR = (
    (0.15, Deed.SKIP, Deed.UNSKIP, 0.3),
    (0.2, Deed.MOVE, Deed.MOVE_BACK, 0.2),
    (0.15, Deed.SEND_NOW, None, 0.0),
    (0.06, Deed.PAUSE, Deed.RESUME, 0.9),
    (0.05, Deed.END, Deed.REOPEN, 0.4),
)
"""How often a year, what, what takes it back, and how likely that is."""


def deeds(client: SimulatedClient, start: datetime, days: int) -> Iterator[tuple[datetime, Steers]]:
    """Return what staff do about a client over the whole time."""
    chance = client.chance
    for a_year, deed, undone_by, share in _A_YEAR:
        likely = a_year * days / (365 + a_year * days)
        while chance.random() < likely:
            at = start + timedelta(days=chance.uniform(0, days))
            by = timedelta(days=chance.choice((-9, -3, 1, 2, 5, 12, 40)), hours=chance.randrange(24))
            steers = Steers(deed, chance.randrange(6), by)
            yield at, steers
            if undone_by is not None and chance.random() < share:
                yield at + timedelta(days=chance.uniform(0.001, 20)), replace(steers, deed=undone_by)


def steered(facts: Facts, steers: Steers, policy: Policy, now: datetime) -> Steered:
    """Do what the operations do, on the same conditions: on a plan of this moment, and only what is allowed."""
    facts = replace(facts, sequences=plan(facts, policy, now).sequences)
    match steers.deed:
        case Deed.PAUSE | Deed.RESUME:
            return Steered(replace(facts, is_paused_by_staff=steers.deed is Deed.PAUSE), steers.deed)
        case Deed.END | Deed.REOPEN:
            return _sequence(facts, steers, policy, now)
        case Deed.UNSKIP:
            return _unskipped(facts, steers, now)
        case _:
            return _reminder(facts, steers, now)


def _reminder(facts: Facts, steers: Steers, now: datetime) -> Steered:
    deed = steers.deed
    open_ones = [
        (sequence, each)
        for sequence in facts.sequences
        for each in sequence.reminders
        if each.is_open
        and (deed is Deed.SKIP or sequence.kind is not SequenceKind.CONFIRMATION)
        and (deed is not Deed.SEND_NOW or (_is_next(each, sequence) and not facts.is_paused))
        and (deed is not Deed.MOVE_BACK or each.moved_to is not None)
    ]
    if not open_ones:
        return Steered(facts, deed)
    sequence, reminder = open_ones[steers.which % len(open_ones)]
    ref = Ref(sequence.key, reminder.step, reminder.cycle)
    if deed is Deed.SKIP:
        return Steered(steering.skipped(facts, ref, now), deed, ref)
    moment = {Deed.SEND_NOW: now, Deed.MOVE_BACK: None}.get(deed, max(reminder.due_at, now) + steers.by)
    if moment is not None and moment < now:
        moment = now
    return Steered(steering.moved_to(facts, ref, moment), deed, ref, moment)


def _unskipped(facts: Facts, steers: Steers, now: datetime) -> Steered:
    skipped = [
        (sequence, each)
        for sequence in facts.sequences
        for each in sequence.reminders
        if each.is_skipped
        and each.allowed_at > now
        and each.cycle == max(other.cycle for other in sequence.reminders if other.step == each.step)
        and not any(other.state in COUNTED_STATES and other.position > each.position for other in sequence.reminders)
        and (sequence.is_live or sequence.reason not in steering.REOPENABLE)
    ]
    if not skipped:
        return Steered(facts, Deed.UNSKIP)
    sequence, reminder = skipped[steers.which % len(skipped)]
    ref = Ref(sequence.key, reminder.step, reminder.cycle)
    return Steered(steering.unskipped(facts, ref, now), Deed.UNSKIP, ref)


def _sequence(facts: Facts, steers: Steers, policy: Policy, now: datetime) -> Steered:
    promotion = [each for each in facts.sequences if each.kind is not SequenceKind.CONFIRMATION]
    if steers.deed is Deed.END:
        alive = [each for each in promotion if each.is_live]
        if not alive:
            return Steered(facts, Deed.END)
        key = alive[steers.which % len(alive)].key
        return Steered(steering.ended_by_staff(facts, key, now), Deed.END, Ref(key, "", 0))
    ended = [each for each in promotion if not each.is_live and each.reason in steering.REOPENABLE]
    if not ended or facts.permissions.is_opted_out:
        return Steered(facts, Deed.REOPEN)
    chosen = ended[steers.which % len(ended)]
    if any(_takes_its_place(other, chosen) for other in promotion):
        return Steered(facts, Deed.REOPEN)
    after = steering.reopened(facts, chosen.key, now)
    goes_on = any(each.is_live and each.key == chosen.key for each in plan(after, policy, now).sequences)
    return Steered(after, Deed.REOPEN, Ref(chosen.key, "", 0)) if goes_on else Steered(facts, Deed.REOPEN)


def _takes_its_place(other: Sequence, sequence: Sequence) -> bool:
    is_same = sequence.kind is SequenceKind.REACTIVATION or other.treatment_type == sequence.treatment_type
    return other.is_live and other.kind is sequence.kind and is_same


def _is_next(reminder: Reminder, sequence: Sequence) -> bool:
    return not any(each.is_open and each.position < reminder.position for each in sequence.reminders)
