"""On which day, and at which moment, does each step of a cadence fall?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

MOST_MONTHS: Final = 24
MOST_DAYS: Final = 731  # 24 months with a leap day (LIB-2)
MOST_GAP_DAYS: Final = 90
DAYS_TO_LAPSE: Final = 28  # after the last step, where a cadence names no lapse day (R24)

# How the steps of a cadence are called, by their number.
STEP_KEYS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {1: ("first",), 2: ("first", "last"), 3: ("first", "second", "last")}
)

# Offsets in days and in months are compared from this day: an ordinary month in an ordinary year.
_REPRESENTATIVE_DAY: Final = date(2026, 1, 15)
_ONE_SECOND: Final = timedelta(seconds=1)


class Unit(StrEnum):
    """What an offset counts in (LIB-2)."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class ChannelRule(StrEnum):
    """Which channels a step leaves on (LIB-4); the client's own preference narrows each (R25)."""

    SMS = "sms"
    EMAIL = "email"
    BOTH = "both"
    PREFERENCE = "preference"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance from day zero in days, weeks or calendar months, at most 24 months (LIB-2).

    >>> str(Offset(10, Unit.WEEKS)), str(Offset(5, Unit.MONTHS)), str(Offset(70, Unit.DAYS))
    ('week 10', 'month 5', 'day 70')

    Raises:
        ValueError: the count is negative, or reaches beyond 24 months (731 days).
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"An offset cannot be negative, and this one counts {self.count} {self.unit}.")
        if self.unit is Unit.MONTHS:
            too_far = self.count > MOST_MONTHS
        else:
            too_far = self.count * (7 if self.unit is Unit.WEEKS else 1) > MOST_DAYS
        if too_far:
            raise ValueError(f"An offset reaches at most 24 months; this one is {self.count} {self.unit}.")

    def after(self, day: date) -> date:
        """The date this far after `day`; a month that is too short gives its last day (LIB-2).

        >>> Offset(6, Unit.MONTHS).after(date(2025, 8, 31))
        datetime.date(2026, 2, 28)
        """
        if self.unit is Unit.MONTHS:
            return _months_after(self.count, day)
        return day + timedelta(days=self.count * (7 if self.unit is Unit.WEEKS else 1))

    def __str__(self) -> str:
        return f"{self.unit.value.removesuffix('s')} {self.count}"


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a cadence: when it is due and on which channels (LIB-2).

    `gap_days` is the least number of days since the previous message was really sent (R3); `send_time`
    is wall time in the client's home zone (R2); `incentive` is the key of an incentive, if it carries one.

    Raises:
        ValueError: an empty key, a gap outside 0-90 days, or a send time that carries a zone.
    """

    key: str
    offset: Offset
    gap_days: int = 5
    send_time: time = time(10)
    channel_rule: ChannelRule = ChannelRule.PREFERENCE
    incentive: str | None = None

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("A step needs a key.")
        if not 0 <= self.gap_days <= MOST_GAP_DAYS:
            raise ValueError(f"The gap before a step is 0 to {MOST_GAP_DAYS} days, not {self.gap_days}.")
        if self.send_time.tzinfo is not None:
            raise ValueError("A send time is wall time where the client lives: it carries no zone.")


@dataclass(frozen=True, slots=True)
class Cadence:
    """When a client who had one treatment type hears from the practice (LIB-1, LIB-2).

    `lapse` is the offset of the day on which she counts as lapsed (None: 28 days after the last step, R24).
    In a series day zero is its last session, and `series_sessions` completes it (R15).

    Raises:
        ValueError: not one to three steps, a key used twice, steps or lapse day out of order, or a number
            of sessions or a version below one.
    """

    treatment_type: str
    family: str
    steps: tuple[Step, ...]
    lapse: Offset | None
    is_series: bool = False
    series_sessions: int = 3
    version: int = 1
    cadence_id: str = ""
    variant: str = "standard"

    def __post_init__(self) -> None:
        if len(self.steps) not in STEP_KEYS:
            raise ValueError(f"A cadence has one to three steps, and this one has {len(self.steps)}.")
        keys = [step.key for step in self.steps]
        if len(set(keys)) != len(keys):
            raise ValueError(f"Each step of a cadence needs a key of its own: {', '.join(keys)}.")
        days = [step.offset.after(_REPRESENTATIVE_DAY) for step in self.steps]
        for (step, day), (later, later_day) in pairwise(zip(self.steps, days, strict=True)):
            if later_day <= day:
                raise ValueError(f"Steps come in order, but {later.offset} is not after {step.offset}.")
        if self.lapse is not None and self.lapse.after(_REPRESENTATIVE_DAY) < days[-1]:
            raise ValueError(f"A client lapses after the last step, but {self.lapse} is before it.")
        if self.series_sessions < 1 or self.version < 1:
            raise ValueError("A cadence counts its sessions and its versions from one.")


def steps_at(*offsets: Offset) -> tuple[Step, ...]:
    """One to three steps at `offsets`, with the usual keys and defaults.

    >>> [step.key for step in steps_at(Offset(5, Unit.MONTHS), Offset(7, Unit.MONTHS))]
    ['first', 'last']

    Raises:
        ValueError: no offset, or more than three.
    """
    if len(offsets) not in STEP_KEYS:
        raise ValueError(f"A cadence has one to three steps, not {len(offsets)}.")
    return tuple(Step(key, offset) for key, offset in zip(STEP_KEYS[len(offsets)], offsets, strict=True))


# The ready-made variants of a neuromodulator (LIB-3).
VARIANTS: Final[Mapping[str, tuple[Offset, ...]]] = MappingProxyType(
    {
        "standard": (Offset(10, Unit.WEEKS), Offset(11, Unit.WEEKS), Offset(12, Unit.WEEKS)),
        "compressed": (Offset(70, Unit.DAYS), Offset(75, Unit.DAYS), Offset(82, Unit.DAYS)),
        "early": (Offset(63, Unit.DAYS), Offset(70, Unit.DAYS), Offset(77, Unit.DAYS)),
    }
)


def planned_on(cadence: Cadence, day_zero: date) -> tuple[date, ...]:
    """The local date of each step, in the order of the steps (R2)."""
    return tuple(step.offset.after(day_zero) for step in cadence.steps)


def lapses_on(cadence: Cadence, day_zero: date) -> date:
    """The cadence's lapse day: its own offset, else 28 days after the last step (R24).

    The other two conditions of R24 (a cancellation, the last refill message) are the caller's.
    """
    if cadence.lapse is not None:
        return cadence.lapse.after(day_zero)
    return cadence.steps[-1].offset.after(day_zero) + timedelta(days=DAYS_TO_LAPSE)


@lru_cache(maxsize=65_536)
def at_local(day: date, wall: time, zone_name: str) -> datetime:
    """The moment, in UTC, at which clocks in `zone_name` show `wall` on `day` (R2).

    A wall time that does not exist moves forward to the first moment that does; one that happens twice
    means the first. Planning asks for the same few thousand mornings again and again: they are remembered.

    >>> at_local(date(2026, 3, 8), time(2, 30), "America/New_York").isoformat()
    '2026-03-08T07:00:00+00:00'

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    zone = ZoneInfo(zone_name)
    local = datetime.combine(day, wall.replace(tzinfo=None, fold=0), zone)
    before = local.utcoffset()
    after = local.replace(fold=1).utcoffset()
    if before is None or after is None:
        raise ValueError(f"The zone {zone_name} does not say how far it is from UTC.")
    shown = local.replace(tzinfo=UTC)
    if after <= before:  # an ordinary time, or one that happens twice: fold 0 is the first
        return shown - before
    # The time does not exist: the clocks jump somewhere between these two moments.
    too_early, late_enough = shown - after, shown - before
    too_early, late_enough = too_early.replace(microsecond=0), late_enough.replace(microsecond=0)
    while late_enough - too_early > _ONE_SECOND:
        middle = too_early + (late_enough - too_early) // _ONE_SECOND // 2 * _ONE_SECOND
        if middle.astimezone(zone).utcoffset() == before:
            too_early = middle
        else:
            late_enough = middle
    return late_enough


@cache
def _months(count: int) -> relativedelta:
    return relativedelta(months=count)


@lru_cache(maxsize=16_384)
def _months_after(count: int, day: date) -> date:
    return day + _months(count)
