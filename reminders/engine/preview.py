"""When would each refill step of a cadence leave, if nothing but the treatment were known? (SIM-1, LIB-6)"""

from datetime import UTC, date, datetime, time

from cadences.timeline import Cadence, at_local
from reminders.engine.plan import plan
from reminders.engine.values import Facts, Person, Policy, Reminder, Treated
from reminders.engine.words import SequenceKind

_NOON = time(12)


def preview_refill(cadence: Cadence, treated_on: date, time_zone: str) -> tuple[Reminder, ...]:
    """Return the reminders that the planner makes for a client treated that day who lives in that zone.

    Of a series, that day is its last session, and the series is complete (R15). Moments are in UTC, moved
    into the window of promotion.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    now = at_local(treated_on, _NOON, time_zone)
    treated = Treated("treatment", cadence.treatment_type, treated_on, now, is_series_complete=True)
    facts = Facts(Person("client", home_zone=time_zone, zones=(time_zone,)), treatments=(treated,))
    policy = Policy(time_zone, {cadence.treatment_type: cadence}, live_at=datetime.min.replace(tzinfo=UTC))
    sequences = plan(facts, policy, now).sequences
    return tuple(
        reminder for sequence in sequences if sequence.kind is SequenceKind.REFILL for reminder in sequence.reminders
    )
