"""Since when does a client count as lapsed, family by family? (SEQ-5, R24)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cadences.timeline import at_local, lapses_on, planned_on
from reminders.engine.bookings import holds_on
from reminders.engine.clocks import Clock
from reminders.engine.refill import is_held_out
from reminders.engine.values import Facts, Policy, Sequence
from reminders.engine.words import COUNTED_STATES, Reason

AFTER_FALLING_AWAY = timedelta(days=14)
AFTER_LAST_REFILL = timedelta(days=21)
HOLDOUT_DAYS = 90
LAPSES_AT = time(10)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A clock whose refill has finished without a booking, and the moment from which it counts as lapsed."""

    clock: Clock
    at: datetime


def lapses_of(
    clocks: tuple[Clock, ...], refills: Mapping[str, Sequence], facts: Facts, policy: Policy, now: datetime
) -> tuple[Lapse, ...]:
    """Return the lapses, past and to come, of every clock that nothing holds; the longest lapsed first.

    `refills` are the refill sequences as they shall be, by the anchor of their clock.
    """
    found = (_lapse(clock, refills.get(clock.anchor.id), facts, policy, now) for clock in clocks)
    return tuple(
        sorted((lapse for lapse in found if lapse is not None), key=lambda each: (each.at, each.clock.anchor.id))
    )


def _lapse(clock: Clock, refill: Sequence | None, facts: Facts, policy: Policy, now: datetime) -> Lapse | None:
    """The latest of lapse day, 14 days after a booking fell away, 21 days after the last refill (R24)."""
    if refill is None or refill.is_live or refill.reason != Reason.FINISHED.value:
        return None
    cadence, zone = clock.cadence, facts.person.home_zone
    holds = holds_on(facts.visits, cadence.family, clock.day_zero, policy, is_series=cadence.is_series)
    if any(hold.until > now for hold in holds):
        return None
    moments = [at_local(lapses_on(cadence, clock.day_zero), LAPSES_AT, zone)]
    moments += [
        (hold.visit.ended_at or hold.visit.starts_at or hold.until) + AFTER_FALLING_AWAY
        for hold in holds
        if hold.visit.status in {"cancelled", "no_show"}
    ]
    sent = [each for each in refill.reminders if each.state in COUNTED_STATES]
    moments += [(each.sent_at or each.decided_at or each.allowed_at) + AFTER_LAST_REFILL for each in sent]
    if not sent and is_held_out(facts, cadence.family, policy):
        first = planned_on(cadence, clock.day_zero)[0]
        moments.append(at_local(first + timedelta(days=HOLDOUT_DAYS), LAPSES_AT, zone))
    return Lapse(clock, max(moments))
