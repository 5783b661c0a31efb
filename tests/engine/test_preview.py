"""Does the preview of a cadence show the moments that the planner really plans? (SIM-1, LIB-1, LIB-3)"""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cadences.operations.default_library import DEFAULT_LIBRARY, ready_made
from reminders.engine.preview import preview_refill
from tests.builders.engine import CADENCES

ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Los_Angeles")
# The table of LIB-1, as SPEC.md prints it: days, or months where the unit says so.
PRINTED: dict[str, tuple[str, int, int, int]] = {
    "botox": ("d", 70, 77, 84),
    "xeomin": ("d", 70, 77, 84),
    "jeuveau": ("d", 70, 77, 84),
    "dysport": ("d", 70, 84, 91),
    "lip_filler": ("m", 5, 6, 7),
    "cheek_filler": ("m", 11, 12, 13),
    "voluma": ("m", 15, 17, 18),
    "sculptra": ("m", 3, 6, 12),
    "radiesse": ("m", 12, 15, 18),
    "kybella": ("m", 9, 11, 12),
}


def shown(*args: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("preview_cadence", *args, "--json", stdout=out)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


@given(st.sampled_from(sorted(PRINTED)), st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from(ZONES))
def test_each_step_leaves_at_ten_on_its_day_or_on_the_monday_after_a_sunday(
    slug: str, treated_on: date, zone: str
) -> None:
    unit, *counts = PRINTED[slug]
    days = [treated_on + (timedelta(days=count) if unit == "d" else relativedelta(months=count)) for count in counts]

    planned = [each.due_at.astimezone(ZoneInfo(zone)) for each in preview_refill(CADENCES[slug], treated_on, zone)]

    assert [each.date() for each in planned] == [day + timedelta(days=day.weekday() == 6) for day in days]
    assert {(each.hour, each.minute) for each in planned} == {(10, 0)}


def test_the_command_prints_steps_with_local_and_utc_time() -> None:
    assert shown("botox", "--treated-on", "2026-08-31", "--time-zone", "America/Chicago") == [
        {"step": "first", "due_at": "2026-11-09T16:00:00+00:00", "local": "2026-11-09T10:00:00-06:00"},
        {"step": "second", "due_at": "2026-11-16T16:00:00+00:00", "local": "2026-11-16T10:00:00-06:00"},
        {"step": "last", "due_at": "2026-11-23T16:00:00+00:00", "local": "2026-11-23T10:00:00-06:00"},
    ]


def test_months_end_where_the_month_ends() -> None:
    rows = shown("lip_filler", "--treated-on", "2027-08-31", "--time-zone", "America/Phoenix")

    # 31 January, 29 February of a leap year, 31 March
    assert [row["local"][:10] for row in rows] == ["2028-01-31", "2028-02-29", "2028-03-31"]


@pytest.mark.parametrize(
    ("variant", "days"), [("standard", (70, 77, 84)), ("compressed", (70, 75, 82)), ("early", (63, 70, 77))]
)
def test_the_variants_of_neuromodulators(variant: str, days: tuple[int, ...]) -> None:
    treated_on = date(2026, 8, 31)  # a Monday, and none of these days is a Sunday
    rows = shown("botox", "--treated-on", str(treated_on), "--time-zone", "America/Chicago", "--variant", variant)

    assert [row["local"][:10] for row in rows] == [str(treated_on + timedelta(days=day)) for day in days]


def test_a_step_that_moves_moves_those_after_it() -> None:
    # day 70 is a Sunday: it leaves on Monday, and the next keeps its five days from there
    reminders = preview_refill(ready_made("botox", "compressed"), date(2026, 8, 30), "America/Chicago")

    assert [each.due_at.date() for each in reminders] == [date(2026, 11, 9), date(2026, 11, 14), date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("toxin", "--treated-on", "2026-08-31", "--time-zone", "America/Chicago"), "No treatment type 'toxin'"),
        (("botox", "--treated-on", "2026-08-31", "--time-zone", "Chicago"), "No time zone 'Chicago'"),
        (("botox", "--treated-on", "31.8.2026", "--time-zone", "America/Chicago"), "'31.8.2026' is not a day"),
        (("botox", "--treated-on", "9999-12-31", "--time-zone", "America/Chicago"), "out of range"),
        (
            ("voluma", "--treated-on", "2026-08-31", "--time-zone", "America/Chicago", "--variant", "early"),
            "voluma has no ready-made cadence 'early'",
        ),
    ],
)
def test_what_it_does_not_know_it_says(args: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("preview_cadence", *args)


def test_every_default_type_has_its_preview() -> None:
    assert set(PRINTED) == set(DEFAULT_LIBRARY)
    for slug in DEFAULT_LIBRARY:
        moments = [each.due_at for each in preview_refill(CADENCES[slug], date(2026, 8, 31), "America/Chicago")]
        assert len(moments) == 3
        assert moments == sorted(moments)
        assert all(moment > datetime(2026, 8, 31, tzinfo=UTC) for moment in moments)
