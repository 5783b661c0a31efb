"""Which refill sequence does a running clock ask for? (R6 to R10, R17, R19, R28 to R30)"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.engine.bookings import TREATMENT_FOLLOWS_WITHIN, Hold, holds_on
from reminders.engine.clocks import Clock
from reminders.engine.moves import changed, ended, without_open
from reminders.engine.refill_steps import Steps
from reminders.engine.values import Facts, Policy, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, Reason, ReminderState, SequenceKind, SequenceState

REVIVABLE = frozenset({Reason.SUPERSEDED.value, Reason.VOIDED.value, Reason.FINISHED.value})
"""A sequence that ended so may open again when the records change; any other end is final (R28)."""

_UNSETTLED = frozenset({ReminderState.CLAIMED, ReminderState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sequence as it shall be, if any, and the moments at which time alone may change it."""

    sequence: Sequence | None
    wakes: tuple[datetime, ...] = ()


def is_held_out(facts: Facts, family: str, policy: Policy) -> bool:
    """Draw the holdout: stable per client and family, by a keyed hash (R30)."""
    if policy.holdout_percent <= 0:
        return False
    drawn = hmac.new(policy.holdout_key, f"{facts.person.id}|{family}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:8], "big") % 100 < policy.holdout_percent


def refill_of(clock: Clock, known: Iterable[Sequence], now: datetime) -> Sequence:
    """Return a refill sequence of this clock that is still to be planned; its key is not among the known."""
    key, number = f"{SequenceKind.REFILL}:{clock.anchor.id}", 1
    taken = {sequence.key for sequence in known}
    while key in taken:
        number += 1
        key = f"{SequenceKind.REFILL}-{number}:{clock.anchor.id}"
    return Sequence(
        key=key,
        kind=SequenceKind.REFILL,
        anchor=clock.anchor.id,
        opened_at=now,
        treatment_type=clock.cadence.treatment_type,
        family=clock.cadence.family,
        cadence_id=clock.cadence.cadence_id,
        day_zero=clock.day_zero,
    )


def plan_refill(clock: Clock, existing: Sequence | None, facts: Facts, policy: Policy, now: datetime) -> Wanted:
    """Return the refill sequence of a complete clock as it shall be now."""
    if existing is not None and not existing.is_live and existing.reason not in REVIVABLE:
        return Wanted(existing)
    family = clock.cadence.family
    holds = holds_on(facts.visits, family, clock.day_zero, policy, is_series=clock.cadence.is_series)
    base = refill_of(clock, facts.sequences, now) if existing is None else _followed(clock, existing)
    if _was_kept(holds, clock, facts, policy):
        return Wanted(ended(base, Reason.TREATED, now))
    wakes = tuple(hold.until for hold in holds if hold.until > now)
    if wakes:
        return Wanted(_booked(base, existing, now), wakes)
    reopens_at = _reopens_at(existing, holds, now)
    if existing is not None and base is existing and _is_finished(existing) and reopens_at == existing.reopened_at:
        return Wanted(existing)
    is_resumed = base.state is SequenceState.PAUSED and not facts.is_paused
    steps = Steps(clock, base, existing, facts, policy, now, reopens_at)
    reminders = steps.all(is_resumed=is_resumed)
    state = _state(base, reminders, facts, policy)
    if state is SequenceState.ENDED:
        return Wanted(_finished(base, existing, reminders, now))
    is_reopened = existing is not None and (not existing.is_live or existing.state is SequenceState.BOOKED)
    return Wanted(
        changed(
            base,
            state=state,
            reason="",
            ended_at=None,
            reminders=reminders,
            cycle=base.cycle + 1 if is_reopened else base.cycle,
            reopened_at=reopens_at if is_reopened else base.reopened_at,
        )
    )


def _followed(clock: Clock, existing: Sequence) -> Sequence:
    """The plan follows a correction: of the type, the family, day zero (R17)."""
    cadence = clock.cadence
    if existing.treatment_type != cadence.treatment_type:
        existing = replace(existing, treatment_type=cadence.treatment_type, cadence_id=cadence.cadence_id)
    return changed(existing, day_zero=clock.day_zero, family=cadence.family)


def _was_kept(holds: Iterable[Hold], clock: Clock, facts: Facts, policy: Policy) -> bool:
    """Whether a fitting appointment took place and another type of the family was treated then (R10, R14)."""
    days = [
        treated.performed_on
        for treated in facts.treatments
        if treated.id not in clock.covers
        and (cadence := policy.cadences.get(treated.treatment_type)) is not None
        and cadence.family == clock.cadence.family
    ]
    return any(
        hold.visit.starts_at is not None
        and hold.visit.status not in {"cancelled", "no_show"}
        and timedelta(0)
        <= day - hold.visit.starts_at.astimezone(ZoneInfo(hold.visit.zone)).date()
        <= TREATMENT_FOLLOWS_WITHIN
        for hold in holds
        for day in days
    )


def _is_finished(sequence: Sequence) -> bool:
    return not sequence.is_live and sequence.reason == Reason.FINISHED.value


def _booked(base: Sequence, existing: Sequence | None, now: datetime) -> Sequence:
    """A fitting booking cancels what is left; a sequence that had finished stays so (SEQ-3, R7)."""
    if existing is not None and _is_finished(existing):
        return base
    return changed(
        base,
        state=SequenceState.BOOKED,
        reason="",
        ended_at=None,
        reminders=without_open(base, Reason.BOOKED, now),
    )


def _reopens_at(existing: Sequence | None, holds: Iterable[Hold], now: datetime) -> datetime | None:
    """Return since when the sequence is, or would be, open again; None if nothing ever held it back (R8).

    A booking that only turned out not to fit (its service was mapped, it moved nearer) lets go now.
    """
    fell_away_at = max((hold.until for hold in holds), default=None)
    if existing is None:
        return fell_away_at
    since = existing.reopened_at or existing.opened_at
    if existing.state is SequenceState.BOOKED:
        return fell_away_at if fell_away_at is not None and fell_away_at > since else now
    if existing.is_live:
        return existing.reopened_at
    ended_at = existing.ended_at or since
    if fell_away_at is not None and fell_away_at > ended_at:
        return fell_away_at
    return existing.reopened_at if _is_finished(existing) else now


def _state(base: Sequence, reminders: Iterable[Reminder], facts: Facts, policy: Policy) -> SequenceState:
    """A holdout is one from its first step on: whoever got a message of the sequence is none (R30)."""
    reminders = tuple(reminders)
    if not any(each.is_open or each.state in _UNSETTLED for each in reminders):
        return SequenceState.ENDED
    if facts.is_paused:
        return SequenceState.PAUSED
    has_heard = any(each.state in COUNTED_STATES for each in reminders)
    if not has_heard and is_held_out(facts, base.family, policy):
        return SequenceState.HOLDOUT
    return SequenceState.OPEN


def _finished(base: Sequence, existing: Sequence | None, reminders: tuple[Reminder, ...], now: datetime) -> Sequence:
    if existing is not None and _is_finished(existing):
        return changed(base, reminders=reminders)
    return replace(base, state=SequenceState.ENDED, reason=Reason.FINISHED.value, ended_at=now, reminders=reminders)
