"""What shall be planned for a client, given all that is known of them now? (DESIGN.md 5)

`plan` looks at the level, not at the edge: it is handed the facts as they are and returns the sequences
as they shall be, whatever was reported in which order and however often (R13).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from cadences.timeline import at_local
from reminders.engine.bookings import LIVE_STATUSES, OUTCOME_UNKNOWN_AFTER, outcome_unknown_since
from reminders.engine.clocks import TOUCH_UP_DAYS, Clock, clocks_of
from reminders.engine.confirmation import plan_confirmations
from reminders.engine.lapse import lapses_of
from reminders.engine.moves import at_rest, ended
from reminders.engine.reactivation import opted_out_of_reactivation, plan_reactivation
from reminders.engine.refill import Wanted, plan_refill, refill_of
from reminders.engine.values import CallWanted, Facts, Plan, Policy, Sequence
from reminders.engine.words import Reason, SequenceKind

OF_AGE_YEARS = 18
BARRED = {
    "inactive": Reason.CLIENT_INACTIVE,
    "deceased": Reason.CLIENT_DECEASED,
    "do_not_contact": Reason.DO_NOT_CONTACT,
}


def plan(facts: Facts, policy: Policy, now: datetime) -> Plan:
    """Return every sequence of the client as it shall be, the calls to make, and when to look again.

    Total and deterministic: the same facts at the same moment give the same plan, and planning again
    changes nothing. Sequences that do not change are the same objects.
    """
    barred = barred_reason(facts, now)
    if barred is not None:
        kept = tuple(at_rest(ended(sequence, barred, now), now) for sequence in facts.sequences)
        return Plan(kept, replan_at=_of_age_at(facts) if barred is Reason.UNDER_18 else None)
    today = now.astimezone(ZoneInfo(facts.person.home_zone)).date()
    clocks = clocks_of(facts.treatments, policy, today, _sessions_booked(facts, now))
    refills = _refills(clocks, facts, policy, now)
    wanted = (
        *refills.values(),
        *_reactivations(clocks, refills, facts, policy, now),
        *plan_confirmations(facts, policy, now),
    )
    wakes = [
        *(wake for each in wanted for wake in each.wakes),
        *_series_wakes(clocks, facts),
        *_outcome_wakes(facts),
    ]
    return Plan(
        sequences=_all(wanted, facts, now),
        calls=tuple(_calls(clocks, facts, now, today)),
        replan_at=min((wake for wake in wakes if wake > now), default=None),
        lapses=_lapses(clocks, refills, facts, policy, now),
    )


def barred_reason(facts: Facts, now: datetime) -> Reason | None:
    """Return why the client must not be contacted at all, if so (R21)."""
    status = facts.person.status
    if status != "active":
        return BARRED.get(status, Reason.CLIENT_INACTIVE)
    of_age_at = _of_age_at(facts)
    return Reason.UNDER_18 if of_age_at is not None and of_age_at > now else None


def _of_age_at(facts: Facts) -> datetime | None:
    born_on = facts.person.date_of_birth
    return None if born_on is None else _eighteenth_birthday(born_on, facts.person.home_zone)


@lru_cache(maxsize=4096)
def _eighteenth_birthday(born_on: date, zone: str) -> datetime:
    return at_local(born_on + relativedelta(years=OF_AGE_YEARS), time(), zone)


def _all(wanted: Iterable[Wanted], facts: Facts, now: datetime) -> tuple[Sequence, ...]:
    """Every sequence there is or shall be, in its order; what did not change is the same object."""
    after = {each.sequence.key: each.sequence for each in wanted if each.sequence is not None}
    planned = set(after)
    kept = [
        _changed(sequence, after.pop(sequence.key)) if sequence.key in planned else _left_behind(sequence, facts, now)
        for sequence in facts.sequences
    ]
    return tuple(at_rest(each, now) for each in (*kept, *after.values()))


def _changed(before: Sequence, after: Sequence) -> Sequence:
    return before if before == after else after


def _refills(clocks: tuple[Clock, ...], facts: Facts, policy: Policy, now: datetime) -> dict[str, Wanted]:
    """Wanted refill sequences by the anchor of their clock."""
    known = [each for each in facts.sequences if each.kind is SequenceKind.REFILL]
    wanted = {}
    for clock in clocks:
        if not clock.is_complete:
            continue
        existing = _existing(clock, clocks, known, facts)
        if facts.permissions.is_opted_out:
            wanted[clock.anchor.id] = Wanted(_opted_out(existing or refill_of(clock, known, now), now))
        else:
            wanted[clock.anchor.id] = plan_refill(clock, existing, facts, policy, now)
    return wanted


def _opted_out(sequence: Sequence, now: datetime) -> Sequence:
    """An opt-out ends what runs and marks what would have begun: START revives neither (R28)."""
    if not sequence.is_live and sequence.reason in {Reason.SUPERSEDED, Reason.VOIDED}:
        return replace(sequence, reason=Reason.OPTED_OUT.value)
    return ended(sequence, Reason.OPTED_OUT, now)


def _existing(clock: Clock, clocks: Iterable[Clock], known: Iterable[Sequence], facts: Facts) -> Sequence | None:
    """The sequence of this clock: by its anchor, a treatment it covers, or one that a correction replaced (R17)."""
    own = [each for each in known if each.anchor == clock.anchor.id]
    if not own and not clock.cadence.is_series:
        own = [each for each in known if each.anchor in clock.covers]
    if not own:
        anchors = {other.anchor.id for other in clocks}
        counted = {treated.id for treated in facts.treatments}
        own = [
            each
            for each in known
            if each.anchor not in anchors and _is_same(clock, each, was_withdrawn=each.anchor not in counted)
        ]
    return max(own, key=lambda each: (each.is_live, each.opened_at, each.key), default=None)


def _is_same(clock: Clock, sequence: Sequence, *, was_withdrawn: bool) -> bool:
    """Whether a sequence hangs on another record of what the clock runs from: its day or its type corrected."""
    if sequence.day_zero is None or (sequence.day_zero != clock.day_zero and not was_withdrawn):
        return False
    if sequence.treatment_type == clock.cadence.treatment_type:
        return abs(sequence.day_zero - clock.day_zero) <= timedelta(days=TOUCH_UP_DAYS)
    return was_withdrawn and (sequence.family, sequence.day_zero) == (clock.cadence.family, clock.day_zero)


def _reactivations(
    clocks: tuple[Clock, ...], refills: dict[str, Wanted], facts: Facts, policy: Policy, now: datetime
) -> tuple[Wanted, ...]:
    existing = tuple(each for each in facts.sequences if each.kind is SequenceKind.REACTIVATION)
    if facts.permissions.is_opted_out:
        return opted_out_of_reactivation(clocks, existing, now)
    sequences = {anchor: each.sequence for anchor, each in refills.items() if each.sequence is not None}
    return plan_reactivation(clocks, sequences, existing, facts, policy, now)


def _lapses(
    clocks: tuple[Clock, ...], refills: dict[str, Wanted], facts: Facts, policy: Policy, now: datetime
) -> tuple[tuple[str, datetime], ...]:
    finished = {
        anchor: each.sequence
        for anchor, each in refills.items()
        if each.sequence is not None and each.sequence.reason == Reason.FINISHED
    }
    if not finished or facts.permissions.is_opted_out:
        return ()
    return tuple((each.clock.cadence.family, each.at) for each in lapses_of(clocks, finished, facts, policy, now))


def _left_behind(sequence: Sequence, facts: Facts, now: datetime) -> Sequence:
    """A refill sequence whose treatment no clock runs from: superseded, or withdrawn (R14, R17)."""
    if sequence.kind is not SequenceKind.REFILL or not sequence.is_live:
        return sequence
    counts = any(treated.id == sequence.anchor for treated in facts.treatments)
    return ended(sequence, Reason.SUPERSEDED if counts else Reason.VOIDED, now)


def _sessions_booked(facts: Facts, now: datetime) -> Callable[[str, date], bool]:
    """Return the function that tells whether something of a family is booked to come after a day (R15)."""
    booked = [
        (service.family, visit.starts_at.astimezone(ZoneInfo(visit.zone)).date())
        for visit in facts.visits
        if visit.starts_at is not None and visit.status in LIVE_STATUSES and visit.starts_at > now
        for service in visit.services
    ]
    return lambda family, day: any(each == family and starts_on > day for each, starts_on in booked)


def _series_wakes(clocks: Iterable[Clock], facts: Facts) -> Iterator[datetime]:
    for clock in clocks:
        for day in (clock.completes_on, clock.stalls_on):
            if day is not None:
                yield at_local(day, time(), facts.person.home_zone)


def _outcome_wakes(facts: Facts) -> Iterator[datetime]:
    for visit in facts.visits:
        if visit.starts_at is not None and visit.status in LIVE_STATUSES:
            yield visit.starts_at
            yield visit.starts_at + OUTCOME_UNKNOWN_AFTER


def _calls(clocks: Iterable[Clock], facts: Facts, now: datetime, today: date) -> Iterator[CallWanted]:
    """Whom a person should call: the unhappy, no-shows, silent outcomes, stalled series (SEQ-8, R9, R10, R15)."""
    for issue_id, opened_at in facts.issues:
        yield CallWanted("SERVICE_ISSUE", issue_id, opened_at)
    latest = max((treated.performed_on for treated in facts.treatments), default=date.min)
    for visit in facts.visits:
        if visit.starts_at is None or visit.status in {"cancelled", "completed"}:
            continue
        if visit.starts_at.astimezone(ZoneInfo(visit.zone)).date() <= latest:
            continue
        if visit.status == "no_show":
            yield CallWanted("NO_SHOW", visit.id, visit.ended_at or visit.starts_at)
        since = outcome_unknown_since(visit, now)
        if since is not None:
            yield CallWanted("UNKNOWN_OUTCOME", visit.id, since)
    for clock in clocks:
        if clock.stalls_on is not None and clock.stalls_on <= today:
            yield CallWanted(
                "SERIES_STALLED", clock.anchor.id, at_local(clock.stalls_on, time(), facts.person.home_zone)
            )
