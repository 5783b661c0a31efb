"""Does a sweep cost the same whatever lies in the future? (DESIGN.md 9)"""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from time import monotonic
from typing import Final

from bench import people
from bench.database import scratch, tidy, work_in
from bench.line import Line

TARGET: Final = 1.2
FEW: Final = 10_000
MANY: Final = 10_000_000
DUE: Final = 2_000
ROUNDS: Final = 5  # Tuesday to Saturday: each day has its own clients due
PRACTICES: Final = 3
STEPS_A_SEQUENCE: Final = 10_000
SEQUENCES_A_STATEMENT: Final = 25
_FUTURE: Final = """
    INSERT INTO reminders_reminder (id, practice_id, client_id, sequence_id, step, cycle, position, state, reason,
        planned_at, allowed_at, due_at, came_due)
    SELECT uuidv7(), practice_id, client_id, id, 'check_in', number, 0, 'planned', '', at, at, at, false
    FROM (
        SELECT practice_id, client_id, id, number, %s + random() * interval '700 days' AS at
        FROM reminders_sequence, generate_series(1, %s) AS number
        WHERE id = ANY(%s::uuid[])
    ) AS coming
"""


def measure(many: int = MANY, few: int = FEW, due: int = DUE, rounds: int = ROUNDS) -> Line:
    """Sweep as many due clients beside few and beside many future reminders, in two databases, in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    with scratch("sweep_few") as small, scratch("sweep_many") as large:
        for name, future in ((small, few), (large, many)):
            work_in(name)
            _fill(future, due, rounds)
        _sweep(small, due, 0)  # the day before the first warms both up
        _sweep(large, due, 0)
        for number in range(1, rounds + 1):
            turns = [(small, theirs), (large, ours)]
            for name, seconds in turns if number % 2 else reversed(turns):
                seconds.append(_sweep(name, due, number))
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    return Line(
        f"sweep of {due:,}, {many:,} to come",
        f"{median(ours):,.2f} s",
        f"{few:,} to come {median(theirs):,.2f} s",
        ratio,
        TARGET,
    )


def _fill(future: int, due: int, rounds: int) -> None:
    """Have clients due on each of the days, and others who have nothing but a long future."""
    from reminders.operations.planning import replan

    places = [people.open_practice() for _ in range(PRACTICES)]
    share = -(-due // len(places))
    for index, place in enumerate(places):
        count = min(share, due - index * share)
        for number in range(rounds + 1):
            client_ids = people.admit(place, count, first_number=number * due)
            people.treat(place, client_ids, "botox", people.DAY_ZERO + timedelta(days=number - 1))
            replan(place.id, client_ids, people.LIVE_SINCE + timedelta(days=30))
        _look_ahead(place, future // len(places), first_number=(rounds + 1) * due)
    tidy()


def _look_ahead(place: people.Place, future: int, first_number: int) -> None:
    """Give some clients reminders that come due within two years, long after the measurement."""
    from django.db import connection

    from practices.operations.rows import array
    from practices.tenancy import practice_scope
    from reminders.models import Reminder, Sequence
    from reminders.operations.planning import replan

    each = min(STEPS_A_SEQUENCE, max(1, future // 10))
    client_ids = people.admit(place, -(-future // each), first_number=first_number)
    people.treat(place, client_ids, "botox", people.TUESDAY.date() - timedelta(days=30))
    replan(place.id, client_ids, people.TUESDAY - timedelta(days=29))
    for start in range(0, len(client_ids), SEQUENCES_A_STATEMENT):
        some = client_ids[start : start + SEQUENCES_A_STATEMENT]
        with practice_scope(place.id), connection.cursor() as cursor:
            ids = Sequence.objects.filter(client_id__in=some).values_list("pk", flat=True)
            cursor.execute(_FUTURE, [people.TUESDAY + timedelta(days=30), each, array(ids)])
        print(f"{start * each:,} future reminders", file=sys.stderr, flush=True)
    with practice_scope(place.id):
        made = Reminder.objects.filter(practice_id=place.id, step="check_in").count()
    if made < future:
        raise RuntimeError(f"{made} of {future} future reminders were made.")


def _sweep(name: str, due: int, number: int) -> float:
    """Choose whose turn it is, claim, decide and deliver what is due that day; return the seconds."""
    from practices import clock
    from reminders.operations.sweeping import sweep

    work_in(name)
    tidy()
    clock_of_that_day = _ahead(clock.now, people.TUESDAY + timedelta(days=number - 1))
    begun_at = monotonic()
    decided = sweep(clock_of_that_day)
    seconds = monotonic() - begun_at
    if decided != due:
        raise RuntimeError(f"{decided} of {due} clients were decided on.")
    return seconds


def _ahead(now: Callable[[], datetime], at: datetime) -> Callable[[], datetime]:
    ahead = at - now()
    return lambda: now() + ahead
