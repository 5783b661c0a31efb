"""What does each state's law allow a promotional message, as data?

The rows are those of messaging.md 5.2, with the confidence that page gives them. They are not legal advice.
Whoever changes a row raises the version: plans made under another table are then made again (R2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

# A local day's opening and closing minute, counted from midnight; at the closing minute it is no longer open.
DayHours = tuple[int, int]
# Monday first; None: closed all day.
Week = tuple[DayHours | None, ...]
# H: a primary source. M: one good secondary source. L: a weak one, or inferred: to be reviewed by counsel.
Confidence = Literal["H", "M", "L"]

_SATURDAY: Final = 5
_SUNDAY: Final = 6


def hours(opens: int, closes: int) -> DayHours:
    """The minutes of a day open from hour `opens` until hour `closes` (0-24)."""
    return opens * 60, closes * 60


def week(weekdays: DayHours | None, *, saturday: DayHours | None, sunday: DayHours | None) -> Week:
    """Seven days, Monday first."""
    return (weekdays,) * 5 + (saturday, sunday)


def _every_day(opens: int, closes: int) -> Week:
    return (hours(opens, closes),) * 7


def _no_sunday(opens: int, closes: int) -> Week:
    return week(hours(opens, closes), saturday=hours(opens, closes), sunday=None)


@dataclass(frozen=True, slots=True)
class StateRule:
    """One state's hours for promotion, in local time, and where they were read (messaging.md 5.2).

    `note` keeps what else the law says; the cap of one promotion in three days (R23) is stricter than every
    daily limit noted here.
    """

    state: str
    week: Week
    source: str
    confidence: Confidence
    note: str = ""
    bars_holidays: bool = False


@dataclass(frozen=True, eq=False)
class LawTable:
    """A version of the law: a default for everybody and the rules of single states.

    Compared by identity, so that windows made from it can be remembered: build it once, not for each call.
    """

    version: str
    default: Week
    rules: tuple[StateRule, ...]
    by_state: Mapping[str, StateRule] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_state = {rule.state: rule for rule in self.rules}
        if len(by_state) != len(self.rules):
            raise ValueError("A state has one row in the table of laws.")
        object.__setattr__(self, "by_state", MappingProxyType(by_state))


# Whatever is not promotion: the federal hours where the client is (47 CFR 64.1200(c)(1); RULES, kinds).
TRANSACTIONAL_WEEK: Final[Week] = _every_day(8, 21)
# Promotion, wherever the client lives (RULES, kinds; messaging.md 5.2, "practical default").
PROMOTIONAL_WEEK: Final[Week] = _no_sunday(10, 20)

UNNAMED: Final = "messaging.md 5.2, which names no source"
"""Where a row was read that names no law: to be confirmed by counsel."""

STATE_RULES: Final = LawTable(
    version="1",
    default=PROMOTIONAL_WEEK,
    rules=(
        StateRule(
            "FL",
            _every_day(8, 20),
            "Fla. Stat. 501.059, 501.616; HB 761",
            "M",
            "At most 3 in 24 hours on one subject; a Florida area code is presumed a resident's.",
        ),
        StateRule("OK", _every_day(8, 20), UNNAMED, "M", "At most 3 in 24 hours."),
        StateRule(
            "WA",
            _every_day(8, 20),
            "RCW 80.36.390; HB 1497",
            "M",
            "Customers of the last 12 months are exempt.",
        ),
        StateRule("MD", _every_day(8, 20), "SB 90 (2024-01-01)", "M", "At most 3 in 24 hours."),
        StateRule("CT", _every_day(9, 20), "SB 1058", "M", "The area code is presumed to tell the state."),
        StateRule(
            "TX",
            week(hours(9, 21), saturday=hours(9, 21), sunday=hours(12, 21)),
            "SB 140 (2025-09-01)",
            "M",
            "Texts are covered; consented, current and former customers need no registration.",
        ),
        StateRule(
            "OR",
            _every_day(8, 20),
            "HB 3865 (2026-01-01)",
            "M",
            "At most 3 in 24 hours; an established business relationship is exempt.",
        ),
        StateRule("VA", _every_day(8, 21), "SB 1339 (2026-01-01)", "M", "A stop is honored for 10 years."),
        StateRule("NJ", _every_day(8, 20), UNNAMED, "L"),
        StateRule("MS", _no_sunday(8, 20), UNNAMED, "L"),
        StateRule("AL", _no_sunday(8, 20), UNNAMED, "L", bars_holidays=True),
        StateRule("LA", _no_sunday(8, 20), UNNAMED, "L", bars_holidays=True),
        StateRule("MA", _every_day(8, 20), UNNAMED, "L"),
        StateRule("KY", _every_day(10, 21), UNNAMED, "L"),
        StateRule("RI", week(hours(9, 18), saturday=hours(10, 17), sunday=None), UNNAMED, "L"),
        StateRule("NV", _every_day(9, 20), UNNAMED, "L"),
        StateRule("MI", _every_day(9, 21), UNNAMED, "L"),
        StateRule("MN", _every_day(9, 21), UNNAMED, "L"),
        StateRule("NM", _every_day(9, 21), UNNAMED, "L"),
        StateRule("IL", _every_day(9, 21), UNNAMED, "L"),
        StateRule("CA", _every_day(9, 21), UNNAMED, "L"),
        StateRule("PA", _no_sunday(8, 21), UNNAMED, "L", "Hours are the federal ones.", bars_holidays=True),
    ),
)


@lru_cache(maxsize=64)
def holidays_in(year: int) -> frozenset[date]:
    """The US federal holidays of a calendar year, with the days on which they are observed (5 U.S.C. 6103).

    One that falls on a Saturday is observed on the Friday before, one on a Sunday on the Monday after; the
    day itself counts too. New Year's Day of the next year can be observed on 31 December of this one.
    """
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    moving = {
        _nth_monday(year, 1, 3),  # Martin Luther King Jr.
        _nth_monday(year, 2, 3),  # Washington
        _nth_monday(year, 6, 1) - timedelta(days=7),  # Memorial Day, the last Monday of May
        _nth_monday(year, 9, 1),  # Labor Day
        _nth_monday(year, 10, 2),  # Columbus
        _thanksgiving(year),
    }
    days = moving | {shown for day in [*fixed, date(year + 1, 1, 1)] for shown in (day, _observed(day))}
    return frozenset(day for day in days if day.year == year)


def is_holiday(day: date) -> bool:
    """True on a US federal holiday and on the day it is observed."""
    return day in holidays_in(day.year)


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)  # the fourth Thursday


def _observed(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == _SUNDAY:
        return day + timedelta(days=1)
    return day
