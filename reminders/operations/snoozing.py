"""How is a client left in peace until a date? (R27)"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from practices.models import Practice
from practices.operations.rows import insert_rows
from reminders.models import ClientPlan

LONGEST: Final = timedelta(days=730)


class NoSuchDay(ValueError):
    """Nobody can be left in peace until this day; its text is for the person who chose it."""


def check_day(practice_id: UUID, until: date | None, now: datetime) -> date:
    """Return the day, if it is one to come by the practice's calendar, within two years.

    Raises:
        NoSuchDay: it is missing, has come already or is further away.
    """
    zone_name = Practice.objects.values_list("time_zone", flat=True).get(pk=practice_id)
    today = now.astimezone(ZoneInfo(zone_name)).date()
    if until is None:
        raise NoSuchDay("Choose the day until which nothing leaves.")
    if until <= today:
        raise NoSuchDay("That day has come already. Choose tomorrow or later.")
    if until > today + LONGEST:
        raise NoSuchDay("Choose a day within two years. Whoever wants nothing for longer opts out.")
    return until


def snooze(practice_id: UUID, client_id: UUID, until: date) -> None:
    """Will let no promotion leave to her before that day begins where she lives; the newest word counts.

    The caller holds her row in the open scope and plans again.
    """
    insert_rows(
        ClientPlan,
        ("id", "practice_id", "client_id", "snoozed_until"),
        [(uuid7(), practice_id, client_id, until)],
        on_conflict="ON CONFLICT (client_id) DO UPDATE SET snoozed_until = EXCLUDED.snoozed_until",
    )


def end_snooze(practice_id: UUID, client_id: UUID, until: date) -> None:
    """Will take a snooze back, if it is still the one until that day."""
    ClientPlan.objects.filter(practice_id=practice_id, client_id=client_id, snoozed_until=until).update(
        snoozed_until=None
    )
