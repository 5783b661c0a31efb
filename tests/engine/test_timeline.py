"""Do the steps of a cadence fall on the right day and moment, whatever the calendar and the clocks do?"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cadences.timeline import (
    VARIANTS,
    Cadence,
    ChannelRule,
    Offset,
    Step,
    Unit,
    at_local,
    lapses_on,
    planned_on,
    steps_at,
)

US_ZONES = [
    "America/New_York",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "America/Chicago",
    "America/Denver",  # the Navajo Nation too
    "America/Boise",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Thomas",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
]
CHANGES = [date(year, month, day) for year, month, day in [(2025, 3, 9), (2025, 11, 2), (2026, 3, 8), (2026, 11, 1)]]
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
DAYS_NEAR_CHANGES = st.builds(
    lambda day, shift: day + timedelta(days=shift), st.sampled_from(CHANGES), st.integers(-2, 2)
)
WALLS = st.builds(time, *[st.integers(0, most) for most in (23, 59, 59, 999_999)])

BOTOX = Cadence("botox", "neuromodulator", steps_at(*VARIANTS["standard"]), Offset(112, Unit.DAYS))


def shown(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall shows."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@given(st.one_of(DAYS, DAYS_NEAR_CHANGES), WALLS, st.sampled_from(US_ZONES))
@example(date(2026, 3, 8), time(2, 30), "America/New_York")
@example(date(2026, 11, 1), time(1, 30), "America/New_York")
@example(date(2011, 12, 30), time(10), "Pacific/Apia")  # a whole day that never was
def test_r2_a_wall_time_means_the_first_moment_that_shows_it_or_else_the_first_after_it(
    day: date, wall: time, zone: str
) -> None:
    local = datetime.combine(day, wall)
    found = at_local(day, wall, zone)
    offsets = [timedelta(minutes=15 * quarters) for quarters in range(-56, 57)]
    moments = sorted(local.replace(tzinfo=UTC) - offset for offset in offsets)
    showing = [moment for moment in moments if shown(moment, zone) == local]
    assert found.tzinfo is UTC
    if showing:
        assert found == showing[0]
    else:
        assert shown(found, zone) > local
        assert shown(found - timedelta(seconds=1), zone) < local


def test_r2_a_time_skipped_in_spring_moves_to_the_end_of_the_gap() -> None:
    assert at_local(date(2026, 3, 8), time(2, 30), "America/Chicago") == datetime(2026, 3, 8, 8, tzinfo=UTC)


def test_r2_a_time_that_happens_twice_in_autumn_means_the_first() -> None:
    assert at_local(date(2026, 11, 1), time(1, 30), "America/Chicago") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_r2_ten_in_the_morning_stays_ten_in_the_morning_over_a_clock_change() -> None:
    before, after = date(2026, 3, 7), date(2026, 3, 8)
    eastern = [at_local(day, time(10), "America/New_York").hour for day in (before, after)]
    arizona = [at_local(day, time(10), "America/Phoenix").hour for day in (before, after)]
    assert (eastern, arizona) == ([15, 14], [17, 17])


@given(DAYS, st.integers(0, 24))
@example(date(2024, 2, 29), 12)
@example(date(2025, 8, 31), 6)
@example(date(2027, 8, 31), 6)
def test_lib2_months_are_calendar_months_and_a_short_one_gives_its_last_day(day: date, count: int) -> None:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    assert Offset(count, Unit.MONTHS).after(day) == date(year, month + 1, min(day.day, last))


@given(DAYS, st.integers(0, 104))
def test_lib2_weeks_are_seven_days_and_days_are_days(day: date, count: int) -> None:
    assert (Offset(count, Unit.WEEKS).after(day) - day).days == 7 * count
    assert (Offset(count, Unit.DAYS).after(day) - day).days == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 8, 31), date(2026, 2, 28)), (date(2027, 8, 31), date(2028, 2, 29))],
)
def test_lib2_six_months_after_the_end_of_august_is_the_end_of_february(day: date, expected: date) -> None:
    assert Offset(6, Unit.MONTHS).after(day) == expected


@pytest.mark.parametrize(
    ("count", "unit"),
    [(-1, Unit.DAYS), (732, Unit.DAYS), (105, Unit.WEEKS), (25, Unit.MONTHS)],
)
def test_lib2_an_offset_beyond_24_months_or_below_zero_is_refused(count: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="offset"):
        Offset(count, unit)


@pytest.mark.parametrize(("count", "unit"), [(0, Unit.DAYS), (731, Unit.DAYS), (104, Unit.WEEKS), (24, Unit.MONTHS)])
def test_lib2_an_offset_may_reach_24_months(count: int, unit: Unit) -> None:
    assert Offset(count, unit).after(date(2024, 2, 29)) <= date(2026, 3, 1)


def test_an_offset_reads_as_the_library_writes_it() -> None:
    offsets = [Offset(10, Unit.WEEKS), Offset(5, Unit.MONTHS), Offset(70, Unit.DAYS)]
    assert [str(offset) for offset in offsets] == ["week 10", "month 5", "day 70"]


@pytest.mark.parametrize(
    ("variant", "days"),
    [("standard", [70, 77, 84]), ("compressed", [70, 75, 82]), ("early", [63, 70, 77])],
)
@given(day_zero=DAYS)
def test_lib3_each_variant_falls_on_its_days(variant: str, days: list[int], day_zero: date) -> None:
    cadence = Cadence("dysport", "neuromodulator", steps_at(*VARIANTS[variant]), None, variant=variant)
    assert [(day - day_zero).days for day in planned_on(cadence, day_zero)] == days


def test_steps_are_called_first_second_last_by_their_number() -> None:
    offsets = VARIANTS["standard"]
    keys = [[step.key for step in steps_at(*offsets[:count])] for count in (1, 2, 3)]
    assert keys == [["first"], ["first", "last"], ["first", "second", "last"]]
    assert {step.channel_rule for step in steps_at(*offsets)} == {ChannelRule.PREFERENCE}


def test_r24_a_client_lapses_on_the_day_the_cadence_names() -> None:
    assert lapses_on(BOTOX, date(2026, 1, 1)) == date(2026, 4, 23)


@given(DAYS)
def test_r24_without_a_lapse_day_a_client_lapses_28_days_after_the_last_step(day_zero: date) -> None:
    cadence = Cadence("lip_filler", "lip filler", steps_at(Offset(5, Unit.MONTHS), Offset(7, Unit.MONTHS)), None)
    assert (lapses_on(cadence, day_zero) - planned_on(cadence, day_zero)[-1]).days == 28


def test_a_cadence_has_one_to_three_steps() -> None:
    steps = tuple(Step(f"step {count}", Offset(count, Unit.WEEKS)) for count in range(1, 5))
    for wrong in ((), steps):
        with pytest.raises(ValueError, match="one to three steps"):
            Cadence("botox", "neuromodulator", wrong, None)


def test_the_steps_of_a_cadence_have_keys_of_their_own() -> None:
    twice = (Step("first", Offset(1, Unit.WEEKS)), Step("first", Offset(2, Unit.WEEKS)))
    with pytest.raises(ValueError, match="key of its own"):
        Cadence("botox", "neuromodulator", twice, None)


def test_the_steps_of_a_cadence_come_one_after_another() -> None:
    for second in (Offset(70, Unit.DAYS), Offset(2, Unit.MONTHS)):
        with pytest.raises(ValueError, match="in order"):
            Cadence("botox", "neuromodulator", steps_at(Offset(10, Unit.WEEKS), second), None)


def test_a_client_cannot_lapse_before_the_last_step() -> None:
    with pytest.raises(ValueError, match="lapses after the last step"):
        Cadence("botox", "neuromodulator", BOTOX.steps, Offset(83, Unit.DAYS))


def test_a_send_time_is_wall_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="wall time"):
        Step("first", Offset(1, Unit.WEEKS), send_time=time(10, tzinfo=UTC))
