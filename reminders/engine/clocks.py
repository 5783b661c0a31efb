"""Which treatment is each of a client's clocks running from? (R1, R13 to R16)"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from cadences.timeline import Cadence, Offset, Unit, planned_on
from reminders.engine.values import Policy, Treated

TOUCH_UP_DAYS = 21
SERIES_GAP = Offset(6, Unit.MONTHS)
SERIES_COMPLETE_DAYS = 56
SERIES_STALLED_DAYS = 35


@dataclass(frozen=True, slots=True)
class Clock:
    """The running time since one treatment, or since the last session of a series.

    `is_complete` is False while a series may go on: there is no refill before (R15). `covers` are the
    treatments it stands for: touch-ups, sessions, and another type of the family on the same day.
    """

    anchor: Treated
    cadence: Cadence
    day_zero: date
    covers: frozenset[str]
    is_complete: bool = True
    completes_on: date | None = None
    stalls_on: date | None = None


def clocks_of(
    treatments: Iterable[Treated], policy: Policy, today: date, is_session_booked: Callable[[str, date], bool]
) -> tuple[Clock, ...]:
    """Return the clock that runs now for each type, or family where a treatment restarts them all (R14).

    `is_session_booked(family, day)`: whether something of the family is booked to come after that day.
    Treatments of types without a cadence have no clock.
    """
    groups: dict[str, list[Treated]] = {}
    for treated in treatments:
        cadence = policy.cadences.get(treated.treatment_type)
        if cadence is not None:
            by_family = cadence.family in policy.families_superseded and not cadence.is_series
            groups.setdefault(cadence.family if by_family else treated.treatment_type, []).append(treated)
    clocks = (
        _series_clock(ordered, policy, today, is_session_booked)
        if policy.cadences[ordered[0].treatment_type].is_series
        else _single_clock(ordered, policy)
        for _, members in sorted(groups.items())
        if (ordered := sorted(members, key=lambda treated: (treated.performed_on, treated.id)))
    )
    return _one_a_family_and_day(clocks)


def _one_a_family_and_day(clocks: Iterable[Clock]) -> tuple[Clock, ...]:
    """Two types of one family on one day have one clock, that of the type due first (R14).

    A series that may still go on has none of its own to offer yet, and keeps to itself.
    """
    chosen: dict[tuple[str, date, bool], Clock] = {}
    for clock in clocks:
        key = (clock.cadence.family, clock.day_zero, clock.is_complete)
        other = chosen.get(key)
        if other is None:
            chosen[key] = clock
        else:
            first = min(clock, other, key=_due_first)
            chosen[key] = replace(first, covers=clock.covers | other.covers)
    return tuple(chosen.values())


def _due_first(clock: Clock) -> tuple[tuple[date, ...], str]:
    return planned_on(clock.cadence, clock.day_zero), clock.cadence.treatment_type


def _single_clock(ordered: list[Treated], policy: Policy) -> Clock:
    """The clock after all treatments. Whatever comes more than 21 days after the one before starts afresh."""
    begins = len(ordered) - 1
    while begins and (ordered[begins].performed_on - ordered[begins - 1].performed_on).days <= TOUCH_UP_DAYS:
        begins -= 1
    ordered = ordered[begins:]
    clock: Clock | None = None
    for day, same_day in groupby(ordered, key=lambda treated: treated.performed_on):
        treated_then = list(same_day)
        if clock is not None and not policy.touch_up_resets and _is_touch_up(clock, treated_then, day, ordered):
            covers = clock.covers | {treated.id for treated in treated_then}
            clock = Clock(clock.anchor, clock.cadence, clock.day_zero, covers)
        else:
            clock = _started(treated_then, day, policy)
    if clock is None:
        raise ValueError("A clock needs at least one treatment.")
    return clock


def _started(treated_then: list[Treated], day: date, policy: Policy) -> Clock:
    """Two types of one family on one day: one clock, of the type due first (R14)."""
    first = treated_then[0]
    if len(treated_then) > 1:
        first = min(
            treated_then,
            key=lambda treated: (
                planned_on(policy.cadences[treated.treatment_type], day),
                treated.treatment_type,
                treated.id,
            ),
        )
    return Clock(
        anchor=first,
        cadence=policy.cadences[first.treatment_type],
        day_zero=day,
        covers=frozenset(treated.id for treated in treated_then),
    )


def _is_touch_up(clock: Clock, treated_then: list[Treated], day: date, ordered: list[Treated]) -> bool:
    """Within 21 days after day zero, the same type again is added to the first (R14)."""
    if day - clock.day_zero > timedelta(days=TOUCH_UP_DAYS):
        return False
    types = {treated.treatment_type for treated in ordered if treated.id in clock.covers}
    return all(treated.treatment_type in types for treated in treated_then)


def _series_clock(
    ordered: list[Treated], policy: Policy, today: date, is_session_booked: Callable[[str, date], bool]
) -> Clock:
    cadence = policy.cadences[ordered[0].treatment_type]
    sessions: list[Treated] = []
    for treated in ordered:
        if sessions and treated.performed_on > SERIES_GAP.after(sessions[-1].performed_on):
            sessions = []
        sessions.append(treated)
    last = sessions[-1]
    day_zero = last.performed_on
    completes_on = day_zero + timedelta(days=SERIES_COMPLETE_DAYS)
    days = {session.performed_on for session in sessions}
    is_booked = is_session_booked(cadence.family, day_zero)
    is_complete = (
        last.is_series_complete is True
        or len(days) >= cadence.series_sessions
        or (today >= completes_on and not is_booked)
    )
    return Clock(
        anchor=last,
        cadence=cadence,
        day_zero=day_zero,
        covers=frozenset(session.id for session in sessions),
        is_complete=is_complete,
        completes_on=None if is_complete else completes_on,
        stalls_on=None if is_complete or is_booked else day_zero + timedelta(days=SERIES_STALLED_DAYS),
    )
