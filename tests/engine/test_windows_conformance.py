"""May a message leave exactly when her clock allows it, in every US zone, over weekdays and clock changes? (SEQ-7, R2)

The expectation is computed another way: UTC is stepped on, zoneinfo says what the wall shows, and the hours are read
from the words of the research (messaging.md 5.2), whose file is compared where it lies beside the checkout.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clients.operations.zip_zones import STATE_ZONES
from clients.operations.zones import state_of_address, state_of_phone, zones_of_address, zones_of_phone
from reminders.engine.send_windows import SendWindow, candidate_zones, is_open, promotional_window, transactional_window
from reminders.engine.state_rules import STATE_RULES, UNNAMED, holidays_in

RESEARCH = Path(__file__).parents[3] / "shared" / "facts" / "messaging.md"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
COUNTRIES = {"US", "PR", "VI", "GU", "MP", "AS", "UM"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7))
"""The Sundays on which clocks of the US change in two years (15 U.S.C. 260a)."""
WEEKS = (*CHANGES, date(2026, 7, 4), date(2027, 7, 4), date(2027, 12, 28))
HOLIDAYS = {
    date(2026, 7, 3), date(2026, 7, 4), date(2027, 7, 4), date(2027, 7, 5), date(2027, 11, 11), date(2027, 12, 24),
    date(2027, 12, 25), date(2027, 12, 31), date(2028, 1, 1),
}  # fmt: skip
"""Federal holidays, and the days on which they are observed, in the weeks that are looked at (opm.gov)."""

LAW = {
    "FL": "8–20", "OK": "8–20", "WA": "8–20", "MD": "8–20", "CT": "9–20", "TX": "Mon–Sat 9–21, Sun 12–21",
    "OR": "8–20", "VA": "8–21", "NJ": "8–20", "MS": "8–20, no Sunday", "AL": "8–20, no Sunday/holidays",
    "LA": "8–20, no Sunday/holidays", "MA": "8–20", "KY": "10–21", "RI": "Mon–Fri 9–18, Sat 10–17, no Sun",
    "NV": "9–20", "MI": "9–21", "MN": "9–21", "NM": "9–21", "IL": "9–21", "CA": "9–21",
    "PA": "restrictions (Sunday/holidays)",
}  # fmt: skip
"""The windows as the research words them."""
DEFAULT = "Mon–Sat 10–20, no Sun"
FEDERAL = "8–21"


@dataclass(frozen=True)
class Hours:
    """By weekday, Monday 0: the hour at which it opens and the one at which it has closed; None: closed."""

    days: tuple[tuple[int, int] | None, ...]
    bars_holidays: bool

    def allow(self, wall: datetime) -> bool:
        span = self.days[wall.weekday()]
        barred = self.bars_holidays and wall.date() in HOLIDAYS
        return span is not None and span[0] <= wall.hour < span[1] and not barred


@cache
def read(words: str) -> Hours:
    """What the words of a window mean. Where they name no hours, the federal ones are meant."""
    spans: dict[int, tuple[int, int] | None] = {}
    for first, last, opens, closes in re.findall(r"(?:(\w{3})(?:–(\w{3}))? )?(\d+)–(\d+)", words) or [
        ("", "", "8", "21")
    ]:
        begin = DAYS.index(first) if first else 0
        end = DAYS.index(last) if last else begin if first else 6
        spans |= dict.fromkeys(range(begin, end + 1), (int(opens), int(closes)))
    if re.search(r"no Sun|restrictions \(Sunday", words):
        spans[6] = None
    return Hours(tuple(spans.get(day) for day in range(7)), "holidays" in words)


@cache
def zones() -> tuple[str, ...]:
    """Every zone of the US and its territories that tzdata knows, by either of its lists."""
    found = set()
    for name in ("zone.tab", "zone1970.tab"):
        for line in files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                countries, _, zone = line.split("\t")[:3]
                if COUNTRIES & set(countries.split(",")):
                    found.add(zone)
    return tuple(sorted(found))


def moments(middle: date) -> Iterator[datetime]:
    """Nine days around a day, by the hour, always a little past it."""
    start = datetime(middle.year, middle.month, middle.day, 0, 17, tzinfo=UTC) - 4 * DAY
    for hour in range(9 * 24):
        yield start + hour * HOUR


def minutes_at_the_hour(middle: date, zone: str) -> Iterator[datetime]:
    """The last minute of each hour and the first two of the next, as the wall shows them, for three days."""
    start = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - DAY
    step = start
    while step < start + 3 * DAY:
        minute = step.astimezone(ZoneInfo(zone)).minute
        if minute in (59, 0, 1):
            yield step
        step += MINUTE if minute in (59, 0, 1) else (59 - minute) * MINUTE


def expected(moment: datetime, within: Collection[str], states: Collection[str]) -> bool:
    """Whether promotion may leave: the default and every state's law, on every wall."""
    laws = [read(DEFAULT), *(read(LAW[state]) for state in states if state in LAW)]
    return all(law.allow(moment.astimezone(ZoneInfo(zone))) for zone in within for law in laws)


@pytest.mark.parametrize("zone", zones())
def test_seq7_every_zone_is_open_when_its_wall_says_so(zone: str) -> None:
    known = {state: promotional_window([zone], [state]) for state in (*LAW, "WY")}
    confirming = transactional_window([zone])
    default, federal = read(DEFAULT), read(FEDERAL)
    laws = [(window, read(LAW[state]) if state in LAW else None) for state, window in known.items()]
    for day in WEEKS:
        at_edges = minutes_at_the_hour(day, zone) if day in CHANGES else ()
        for moment in (*moments(day), *at_edges):
            wall = moment.astimezone(ZoneInfo(zone))
            by_default = default.allow(wall)
            assert is_open(confirming, moment) == federal.allow(wall), wall
            for window, law in laws:
                assert is_open(window, moment) == (by_default and (law is None or law.allow(wall))), (window, wall)


@pytest.mark.parametrize("state", LAW)
def test_seq7_the_hours_of_each_state_are_those_of_the_research_on_every_weekday(state: str) -> None:
    law = read(LAW[state])
    rule = STATE_RULES.by_state[state]
    assert [day and (day[0] / 60, day[1] / 60) for day in rule.week] == [day and (*day,) for day in law.days]
    assert rule.bars_holidays == law.bars_holidays


def test_the_holidays_of_these_weeks_are_those_of_the_calendar() -> None:
    days = {moment.date() for week in WEEKS for moment in moments(week)}
    assert {day for day in days if day in holidays_in(day.year)} == HOLIDAYS & days
    assert days >= HOLIDAYS


def test_tzdata_was_really_read() -> None:
    assert len(zones()) >= 36
    assert {"America/Indiana/Knox", "America/North_Dakota/Beulah", "America/Metlakatla", "Pacific/Guam"} <= set(zones())
    assert {zone for each in ("FL", "AZ", "ID", "AK", "PR", "GU", "AS") for zone in STATE_ZONES[each]} <= set(zones())


# A number, its zones and its state (messaging.md 5.9); the exchanges are real, the lines are not given out.
NUMBERS = [
    ("+18504320100", ["America/Chicago"], "FL"), ("+18502220100", ["America/New_York"], "FL"),
    ("+18124250100", ["America/Chicago"], "IN"), ("+12707820100", ["America/Chicago"], "KY"),
    ("+15025550100", ["America/New_York"], "KY"), ("+16053420100", ["America/Denver"], "SD"),
    ("+13085320100", ["America/Chicago"], "NE"), ("+19155330100", ["America/Denver"], "TX"),
    ("+15418890100", ["America/Denver"], "OR"), ("+12083430100", ["America/Denver"], "ID"),
    ("+12086640100", ["America/Los_Angeles"], "ID"), ("+19288710100", ["America/Denver", "America/Phoenix"], "AZ"),
    ("+18085240100", ["Pacific/Honolulu"], "HI"), ("+18005550100", [], None),
]  # fmt: skip
ADDRESSES = [
    ("32501", "FL"), ("33101", "FL"), ("02903", "RI"), ("42101", "KY"), ("79901", "TX"), ("86515", "AZ"), ("", "IN"),
    ("99546", "AK"), ("96813", "HI"), ("00901", "PR"), ("19103", "PA"), ("36104", "AL"), ("82001", "WY"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "in_zones", "state"), NUMBERS)
def test_seq7_a_number_speaks_for_the_zones_of_its_exchange(
    number: str, in_zones: list[str], state: str | None
) -> None:
    assert list(zones_of_phone(number)) == in_zones
    assert state_of_phone(number) == state


@pytest.mark.parametrize(("postal_code", "state"), ADDRESSES)
def test_seq7_with_an_address_and_a_number_both_zones_and_both_states_hold(postal_code: str, state: str) -> None:
    """Her address, her number, and the practice's location in Chicago: all that she may be in, the strictest of all."""
    checked = 0
    for number, in_zones, state_of_number in NUMBERS:
        within = candidate_zones(zones_of_address(postal_code, state), ["America/Chicago"], zones_of_phone(number))
        assert set(within) == {*zones_of_address(postal_code, state), "America/Chicago", *in_zones}
        states = {state_of_address(postal_code, state), state_of_phone(number)} - {None}
        window: SendWindow = promotional_window(within, [each for each in states if each])
        for day in CHANGES:
            for moment in moments(day):
                assert is_open(window, moment) == expected(moment, within, {state, state_of_number or ""}), moment
                checked += is_open(window, moment)
    assert checked > 0, "never open: nothing was compared"


def rows_of_the_research() -> dict[str, tuple[str, str, str]]:
    """State -> its window, what else is said, confidence and source, from the table of 5.2."""
    text = RESEARCH.read_text(encoding="utf-8")
    table = text.partition("### 5.2")[2].partition("###")[0]
    rows: dict[str, tuple[str, str, str]] = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and re.match(r"[A-Z]{2}\b", cells[0]):
            rows |= {state.strip(): (cells[1], cells[2], cells[3]) for state in cells[0].split(",")}
    return rows


@pytest.mark.skipif(
    not RESEARCH.exists(), reason="The research (shared/facts/messaging.md) is not beside this checkout."
)
def test_seq7_the_table_says_what_the_research_says() -> None:
    rows = rows_of_the_research()
    assert len(rows) >= 20
    assert {state: window for state, (window, _, _) in rows.items()} | {"PA": LAW["PA"]} == LAW
    for state, (_, said, confidence) in rows.items():
        rule = STATE_RULES.by_state[state]
        assert rule.confidence == confidence[0], state
        named = re.findall(r"\b(?:HB|SB) \d+|RCW [\d.]+|\d{3}\.\d{3}", f"{said} {confidence}")
        assert all(each in rule.source for each in named), f"{state}: {named} are not in {rule.source!r}"
        assert named or rule.source == UNNAMED, state
