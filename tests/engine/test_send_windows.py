"""Does a message leave only while the window is open in every zone in which its client may be?"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reminders.engine.send_windows import (
    LEAST_LEFT,
    SendWindow,
    candidate_zones,
    closes_at,
    home_zone,
    is_open,
    leaves_from,
    next_open,
    previous_open,
    promotional_window,
    transactional_window,
)
from reminders.engine.state_rules import STATE_RULES, LawTable, holidays_in

NEW_YORK, CHICAGO, DENVER = "America/New_York", "America/Chicago", "America/Denver"
PHOENIX, ANCHORAGE, HONOLULU = "America/Phoenix", "America/Anchorage", "Pacific/Honolulu"
US_ZONES = [
    NEW_YORK,
    CHICAGO,
    DENVER,  # the Navajo Nation too
    PHOENIX,
    "America/Los_Angeles",
    ANCHORAGE,
    "America/Adak",
    HONOLULU,
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
]
MINUTE = timedelta(minutes=1)
# Federal holidays and their observed days, as the government's calendar lists them.
HOLIDAYS = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31",
}
BARRED = {date.fromisoformat(f"{year}-{day}") for year, days in HOLIDAYS.items() for day in days.split()}
BARRING = {"AL", "LA", "PA"}


def may_leave(moment: datetime, zones: Sequence[str], states: Sequence[str]) -> bool:
    """The rule for promotion in its own words, asked of the clock on the wall in each zone."""
    for zone in zones:
        wall = moment.astimezone(ZoneInfo(zone))
        opens, closes = 10, 20
        if "RI" in states:
            closes = 17 if wall.weekday() == 5 else 18
        if wall.weekday() == 6 or not opens <= wall.hour < closes:
            return False
        if BARRING & set(states) and wall.date() in BARRED:
            return False
    return True


def minutes_from(first: datetime, count: int) -> list[datetime]:
    return list(accumulate([MINUTE] * (count - 1), lambda moment, step: moment + step, initial=first))


AROUND = [  # clock changes and holidays
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 7, 3, tzinfo=UTC),
    datetime(2027, 12, 24, tzinfo=UTC),
]
MOMENTS = st.one_of(
    st.integers(0, 700 * 24 * 60).map(lambda minutes: datetime(2026, 1, 5, tzinfo=UTC) + MINUTE * minutes),
    st.builds(lambda day, hours: day + timedelta(hours=hours), st.sampled_from(AROUND), st.integers(-72, 72)),
)
WHOLE_MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ZONES = st.lists(st.sampled_from(US_ZONES[:8]), min_size=1, max_size=3, unique=True)
STATES = st.lists(st.sampled_from(["IL", "NY", "RI", "KY", "PA", "TX", "LA"]), max_size=2, unique=True)


@pytest.mark.parametrize("zone", US_ZONES)
@pytest.mark.parametrize("change", [datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)])
def test_seq7_a_window_is_right_in_every_minute_around_both_clock_changes(zone: str, change: datetime) -> None:
    window = promotional_window([zone], [])
    confirming = transactional_window([zone])
    for moment in minutes_from(change, 3 * 24 * 60):
        wall = moment.astimezone(ZoneInfo(zone))
        assert is_open(window, moment) == (wall.weekday() != 6 and 10 <= wall.hour < 20)
        assert is_open(confirming, moment) == (8 <= wall.hour < 21)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, ZONES, STATES)
@example(datetime(2026, 3, 8, 0, tzinfo=UTC), [NEW_YORK, HONOLULU], [])
@example(datetime(2026, 1, 14, 2, tzinfo=UTC), [CHICAGO], [])  # as it closes
@example(datetime(2026, 7, 3, 12, tzinfo=UTC), [CHICAGO, NEW_YORK], ["PA"])
def test_r2_promotion_moves_forward_to_the_first_open_moment_of_all_zones_within_three_days(
    moment: datetime, zones: list[str], states: list[str]
) -> None:
    later = minutes_from(moment, 3 * 24 * 60 + 1)
    expected = next((each for each in later if may_leave(each, zones, states)), None)
    assert next_open(promotional_window(zones, states), moment) == expected


@settings(max_examples=60, deadline=None)
@given(MOMENTS, ZONES, STATES)
@example(datetime(2026, 11, 2, 6, tzinfo=UTC), [ANCHORAGE, CHICAGO], [])
def test_r5_a_confirmation_moves_back_to_the_last_open_moment(
    moment: datetime, zones: list[str], states: list[str]
) -> None:
    earlier = [moment - MINUTE * count for count in range(3 * 24 * 60 + 1)]
    expected = next((each for each in earlier if may_leave(each, zones, states)), None)
    assert previous_open(promotional_window(zones, states), moment) == expected
    hours = [[each.astimezone(ZoneInfo(zone)).hour for zone in zones] for each in earlier]
    expected = next((each for each, all_of in zip(earlier, hours, strict=True) if 8 <= min(all_of) <= max(all_of) < 21))
    assert previous_open(transactional_window(zones), moment) == expected


@given(MOMENTS, ZONES, WHOLE_MINUTES, WHOLE_MINUTES)
@example(AROUND[0], [HONOLULU], time(0), time(0))
def test_a_practice_s_hours_narrow_the_window(moment: datetime, zones: list[str], opens: time, closes: time) -> None:
    walls = [moment.astimezone(ZoneInfo(zone)).time() for zone in zones]
    inside = all(opens <= wall and (closes == time(0) or wall < closes) for wall in walls)
    open_now = is_open(promotional_window(zones, [], opens, closes), moment)
    assert open_now == (inside and may_leave(moment, zones, []))


@given(MOMENTS, st.sampled_from(US_ZONES), st.times(), st.times(min_value=time(0, 0, 0, 1)))
@example(datetime(2026, 1, 5, 15, tzinfo=UTC), NEW_YORK, time(0), time(0, 0, 0, 1))
def test_a_practice_s_hours_to_the_second_never_widen_the_window(
    moment: datetime, zone: str, opens: time, closes: time
) -> None:
    if is_open(promotional_window([zone], [], opens, closes), moment):
        assert opens <= moment.astimezone(ZoneInfo(zone)).time() < closes
        assert may_leave(moment, [zone], [])


def test_seq7_honolulu_and_new_york_share_five_hours_in_winter_and_four_in_summer() -> None:
    window = promotional_window([NEW_YORK, HONOLULU], [])
    for day, opens, closes in [
        (date(2026, 1, 14), time(15), time(20)),
        (date(2026, 7, 15), time(16), time(20)),
    ]:
        eastern = [datetime.combine(day, wall, ZoneInfo(NEW_YORK)) for wall in (time(0), opens, closes)]
        assert next_open(window, eastern[0]) == eastern[1]
        assert previous_open(window, eastern[2]) == eastern[2] - MINUTE


def test_r2_there_is_no_window_where_zones_never_meet_or_hours_leave_nothing() -> None:
    monday = datetime(2026, 1, 12, 12, tzinfo=UTC)
    apart = promotional_window([NEW_YORK, "Pacific/Guam"], [], time(12), time(18))
    for window in (
        apart,
        promotional_window([NEW_YORK], ["RI"], time(18)),
        promotional_window([NEW_YORK], [], time(20)),
    ):
        assert next_open(window, monday) is None
        assert previous_open(window, monday) is None


def test_r2_a_moment_that_is_open_stays_to_the_microsecond() -> None:
    moment = datetime(2026, 1, 12, 19, 59, 59, 999999, tzinfo=ZoneInfo(CHICAGO))
    window = promotional_window([CHICAGO], ["IL"])
    assert next_open(window, moment) == previous_open(window, moment) == moment
    assert not is_open(window, moment + timedelta(microseconds=1))


def test_r2_three_days_are_counted_to_the_moment() -> None:
    window = SendWindow((PHOENIX,), ((600, 660), None, None, None, None, None, None))
    opens = datetime(2026, 1, 12, 17, tzinfo=UTC)
    assert next_open(window, opens - timedelta(days=3)) == opens
    assert next_open(window, opens - timedelta(days=3, microseconds=1)) is None
    assert previous_open(window, opens + timedelta(days=3, minutes=59)) == opens + timedelta(minutes=59)
    assert previous_open(window, opens + timedelta(days=3, minutes=59, microseconds=1)) is None


def test_r5_a_confirmation_for_a_sunday_holiday_still_leaves() -> None:
    assert is_open(transactional_window([CHICAGO]), datetime(2027, 7, 4, 8, tzinfo=ZoneInfo(CHICAGO)))


# state: its own hours on weekdays, Saturday and Sunday, and whether it bars holidays (messaging.md 5.2).
LAW: dict[str, tuple[tuple[int, int], tuple[int, int], tuple[int, int] | None, bool]] = {
    **dict.fromkeys(["FL", "OK", "WA", "MD", "OR", "NJ", "MA"], ((8, 20), (8, 20), (8, 20), False)),
    **dict.fromkeys(["CT", "NV"], ((9, 20), (9, 20), (9, 20), False)),
    **dict.fromkeys(["MI", "MN", "NM", "IL", "CA"], ((9, 21), (9, 21), (9, 21), False)),
    **dict.fromkeys(["AL", "LA"], ((8, 20), (8, 20), None, True)),
    "TX": ((9, 21), (9, 21), (12, 21), False),
    "VA": ((8, 21), (8, 21), (8, 21), False),
    "MS": ((8, 20), (8, 20), None, False),
    "KY": ((10, 21), (10, 21), (10, 21), False),
    "RI": ((9, 18), (10, 17), None, False),
    "PA": ((8, 21), (8, 21), None, True),
}


def test_seq7_the_table_holds_every_state_of_the_research_and_no_other() -> None:
    rows = {}
    for rule in STATE_RULES.rules:
        days = [day and (day[0] // 60, day[1] // 60) for day in (rule.week[0], *rule.week[5:])]
        rows[rule.state] = (*days, rule.bars_holidays)
    assert rows == LAW
    assert all(rule.week[:5] == (rule.week[0],) * 5 for rule in STATE_RULES.rules)
    assert all(rule.source and rule.confidence in "HML" for rule in STATE_RULES.rules)


def test_seq7_the_strictest_of_all_states_holds() -> None:
    both = promotional_window([NEW_YORK], ["RI", "PA", "ZZ"])
    assert both.weekly == ((600, 1080),) * 5 + ((600, 1020), None)
    assert both.bars_holidays
    assert promotional_window([NEW_YORK], ["WY"]).weekly == STATE_RULES.default


def test_seq7_another_version_of_the_law_makes_other_windows() -> None:
    later = LawTable(version="2", default=((660, 1080),) * 7, rules=STATE_RULES.rules)
    assert promotional_window([NEW_YORK], ["PA"], table=later).weekly == ((660, 1080),) * 6 + (None,)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_federal_holidays_and_the_days_they_are_observed_on_are_those_of_the_calendar(year: int) -> None:
    assert holidays_in(year) == {day for day in BARRED if day.year == year}


def test_a_window_needs_a_zone_and_a_moment_needs_one_too() -> None:
    with pytest.raises(ValueError, match="at least one time zone"):
        promotional_window([], [])
    with pytest.raises(ValueError, match="needs a zone"):
        is_open(transactional_window([NEW_YORK]), datetime(2026, 1, 1, 12))  # noqa: DTZ001


def test_seq7_candidate_zones_are_those_of_address_location_and_number() -> None:
    assert candidate_zones([CHICAGO], [CHICAGO], [NEW_YORK]) == (CHICAGO, NEW_YORK)


def test_seq7_a_number_without_geography_adds_no_zone() -> None:
    toll_free = US_ZONES[:5]
    assert candidate_zones([], [DENVER], toll_free) == (DENVER,)
    assert candidate_zones([], [DENVER], ["Etc/Unknown"]) == (DENVER,)
    assert candidate_zones([], [], []) == ()


@pytest.mark.parametrize(
    ("address", "location", "phone", "expected"),
    [
        ([DENVER], CHICAGO, [NEW_YORK], DENVER),
        ([], CHICAGO, [NEW_YORK], CHICAGO),
        ([], None, [NEW_YORK], NEW_YORK),
        ([], None, [], ANCHORAGE),
        ([], None, US_ZONES[:5], ANCHORAGE),
        ([], "", ["Etc/Unknown"], ANCHORAGE),
        ([CHICAGO, DENVER], DENVER, [], DENVER),
        ([CHICAGO, DENVER], NEW_YORK, [DENVER, PHOENIX], DENVER),
        ([CHICAGO, DENVER], None, [NEW_YORK], CHICAGO),
    ],
)
def test_r2_the_home_zone_is_the_address_else_the_location_else_the_phone_else_the_practice(
    address: list[str], location: str | None, phone: list[str], expected: str
) -> None:
    assert home_zone(address, location, phone, ANCHORAGE) == expected


@given(MOMENTS, st.integers(0, 59), ZONES, STATES)
@example(datetime(2026, 1, 14, 1, 59, tzinfo=UTC), 50, [CHICAGO], [])
@example(datetime(2026, 1, 14, 1, 59, tzinfo=UTC), 51, [CHICAGO], [])
def test_seq7_a_message_leaves_only_where_the_window_stays_open_long_enough_for_it(
    moment: datetime, seconds: int, zones: list[str], states: list[str]
) -> None:
    window = promotional_window(zones, states)
    moment += timedelta(seconds=seconds)
    found = leaves_from(window, moment)
    if found is None:
        assert next_open(window, moment + LEAST_LEFT) is None
        return
    steps = [moment, *(each for each in minutes_from(moment.replace(second=0), 3 * 24 * 60 + 1) if each > moment)]
    stays = (each for each in steps if may_leave(each, zones, states))
    assert found == next(each for each in stays if may_leave(each + LEAST_LEFT - timedelta(seconds=1), zones, states))


@given(MOMENTS, ZONES, STATES)
@example(datetime(2026, 1, 14, 1, 59, tzinfo=UTC), [CHICAGO], [])
def test_seq7_it_closes_in_the_first_minute_in_which_nothing_may_leave(
    moment: datetime, zones: list[str], states: list[str]
) -> None:
    closes = closes_at(promotional_window(zones, states), moment)
    later = minutes_from(moment, 24 * 60)
    expected = next((each for each in later if not may_leave(each, zones, states)), None)
    assert closes == (expected if may_leave(moment, zones, states) else None)


def test_a_window_that_is_open_day_and_night_does_not_close() -> None:
    window = SendWindow((CHICAGO,), ((0, 24 * 60),) * 7)
    moment = datetime(2026, 1, 14, 5, 59, 59, tzinfo=UTC)
    assert closes_at(window, moment) is None
    assert leaves_from(window, moment) == moment
