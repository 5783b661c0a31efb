"""How fast are treatments planned, against COPY of the rows that this makes? (DESIGN.md 9)"""

from datetime import timedelta
from statistics import median
from time import monotonic
from typing import Final
from uuid import UUID

from bench import people
from bench.copying import copy_again
from bench.database import tidy
from bench.line import Line

TARGET: Final = 6.0
TREATMENTS: Final = 100_000
ROUNDS: Final = 3
TABLES: Final = ("reminders_sequence", "reminders_reminder", "reminders_clientplan")
TALLIES: Final = ("reminders_standingtally", "reminders_remindertally")
"""What the database notes with those rows: COPY is spared that."""
DAYS: Final = 60


def measure(treatments: int = TREATMENTS, rounds: int = ROUNDS) -> Line:
    """Plan so many treatments, two a client, then COPY the rows made once more; so many times in turns.

    Every treatment asks for a sequence of its own with all its steps to come: the most rows there can be.
    """
    place = people.open_practice()
    client_ids = people.admit(place, treatments // 2)
    people.treat(place, client_ids, "botox", people.DAY_ZERO, DAYS)
    people.treat(place, client_ids, "lip_filler", people.DAY_ZERO, DAYS)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours.append(_plan(place, client_ids))
        seconds, rows = copy_again(TABLES)
        if rows < treatments * 4:
            raise RuntimeError(f"{treatments} treatments gave only {rows} rows.")
        theirs.append(seconds)
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    return Line(
        f"planning {treatments:,} treatments",
        f"{median(ours):,.1f} s",
        f"COPY {rows:,} rows {median(theirs):,.1f} s",
        ratio,
        TARGET,
    )


def _plan(place: people.Place, client_ids: list[UUID]) -> float:
    """Plan everybody, from empty tables and in transactions as short as an import's; return the seconds."""
    from django.db import connections

    from reminders.operations.planning import BATCH, replan

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join((*TABLES, *TALLIES))} CASCADE")
    tidy()
    now = people.LIVE_SINCE + timedelta(days=31)
    begun_at = monotonic()
    for start in range(0, len(client_ids), BATCH):
        replan(place.id, client_ids[start : start + BATCH], now)
    return monotonic() - begun_at
