"""At which moments may a message leave, in every zone in which its client may be?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from cadences.timeline import at_local
from reminders.engine.state_rules import (
    STATE_RULES,
    TRANSACTIONAL_WEEK,
    DayHours,
    LawTable,
    Week,
    is_holiday,
)

MOST_PHONE_ZONES: Final = 4  # a number in more zones has no geography: toll-free and the like (messaging.md 5.9)
SEARCHED: Final = timedelta(days=3)  # R2: a promotion moves forward at most three days
LEAST_LEFT: Final = timedelta(seconds=10)
"""A message leaves only if its window stays open so long: a decision may be two seconds old when the carrier is called
(R32), and no carrier promises to hand a text on within less than about five (messaging.md 1.1)."""

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_DAY_MINUTES: Final = 24 * 60
_Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class SendWindow:
    """Local hours that must hold in every one of `zones` at once (SEQ-7, R2).

    `weekly` has seven days, Monday first: the opening minute and the closing minute (exclusive), or None when
    closed. A window opens and closes when local clocks first show that minute; an opening time that does not
    exist on a day of clock change is the first moment after it. No window of ours opens or closes at night.

    Raises:
        ValueError: no zone, not seven days, or hours that do not lie within one day.
    """

    zones: tuple[str, ...]
    weekly: Week
    bars_holidays: bool = False

    def __post_init__(self) -> None:
        if not self.zones:
            raise ValueError("A send window needs at least one time zone.")
        if len(self.weekly) != 7:
            raise ValueError("A send window has the hours of seven days.")
        for day in self.weekly:
            if day is not None and not 0 <= day[0] < day[1] <= _DAY_MINUTES:
                raise ValueError("The hours of a day begin before they end, within that day.")


def promotional_window(
    zones: Iterable[str],
    states: Iterable[str],
    practice_opens: time | None = None,
    practice_closes: time | None = None,
    table: LawTable = STATE_RULES,
) -> SendWindow:
    """When promotion may reach a client: the strictest of the default and all `states` (SEQ-7).

    `states` are two-letter codes of her address and her area code; one without a rule (messaging.md 5.2) adds
    nothing. The practice's hours narrow each day and never widen it (seconds round inward; closing at 00:00
    means midnight). A day on which nothing is left is closed; so may be all of them.

    Raises:
        ValueError: no zone.
    """
    opens = 0 if practice_opens is None else _minute(practice_opens, up=True)
    closes = _DAY_MINUTES if practice_closes in (None, time()) else _minute(practice_closes, up=False)
    return _promotional(tuple(sorted(set(zones))), tuple(sorted(set(states))), opens, closes, table)


def transactional_window(zones: Iterable[str]) -> SendWindow:
    """When a confirmation or a survey may leave: 8:00-21:00 in every zone, any day (RULES, kinds; R5).

    Raises:
        ValueError: no zone.
    """
    return _transactional(tuple(sorted(set(zones))))


def is_open(window: SendWindow, moment: datetime) -> bool:
    """True if the window is open at `moment` in all its zones (SEQ-7).

    Raises:
        ValueError: `moment` carries no zone.
    """
    moment = _in_utc(moment)
    for start, end in _spans(window, moment.toordinal()):
        if start <= moment:
            if moment < end:
                return True
        else:
            break
    return False


def next_open(window: SendWindow, moment: datetime, within: timedelta = SEARCHED) -> datetime | None:
    """The first moment, not before `moment`, at which the window is open; None if none is `within` (R2).

    `moment` itself when it is open; the answer is in UTC and at most `within` later, inclusive.

    Raises:
        ValueError: `moment` carries no zone.
    """
    moment = _in_utc(moment)
    latest = moment + within
    for day in range(moment.toordinal(), latest.toordinal() + 1):
        for start, end in _spans(window, day):
            if moment < end:
                found = max(start, moment)
                return found if found <= latest else None
    return None


def closes_at(window: SendWindow, moment: datetime) -> datetime | None:
    """When the window closes that is open at `moment`, in UTC; None: it is closed, or stays open for a day.

    Raises:
        ValueError: `moment` carries no zone.
    """
    moment = _in_utc(moment)
    closes = None
    for day in (moment.toordinal(), moment.toordinal() + 1):
        for start, end in _spans(window, day):
            if start <= moment < end or start == closes:
                closes = end
    return closes if closes is not None and closes - moment < _DAY else None


def leaves_from(window: SendWindow, moment: datetime, within: timedelta = SEARCHED) -> datetime | None:
    """As `next_open`, but the window must then stay open for `LEAST_LEFT`: what is taken must not leave after it.

    Raises:
        ValueError: `moment` carries no zone.
    """
    found = next_open(window, moment, within)
    closes = closes_at(window, found) if found is not None else None
    if found is None or closes is None or closes - found >= LEAST_LEFT:
        return found
    return next_open(window, closes, within - (closes - _in_utc(moment)))


def previous_open(window: SendWindow, moment: datetime, within: timedelta = SEARCHED) -> datetime | None:
    """The last moment, not after `moment`, at which the window is open; None if none is `within` (R5).

    `moment` itself when it is open. Closing is exclusive, so there is no very last moment: the minute before
    closing stands for it (20:59 in a window until 21:00). In UTC, at most `within` earlier, inclusive.

    Raises:
        ValueError: `moment` carries no zone.
    """
    moment = _in_utc(moment)
    earliest = moment - within
    for day in range(moment.toordinal(), earliest.toordinal() - 1, -1):
        for start, end in reversed(_spans(window, day)):
            if start <= moment:
                found = moment if moment < end else max(start, end - _MINUTE)
                return found if found >= earliest else None
    return None


def candidate_zones(
    address_zones: Iterable[str], location_zones: Iterable[str], phone_zones: Iterable[str]
) -> tuple[str, ...]:
    """Every zone in which a client may be, sorted, each once (SEQ-7; RULES, candidate zones).

    A number in more than four zones, or in an unknown one, has no geography and adds nothing (messaging.md
    5.9). Empty if nothing is known: the practice's zone stands in then, which is the caller's to add.
    """
    return tuple(sorted({*_known(address_zones), *_known(location_zones), *_of_phone(phone_zones)}))


def home_zone(
    address_zones: Iterable[str], location_zone: str | None, phone_zones: Iterable[str], practice_zone: str
) -> str:
    """The one zone in whose wall time a client's steps are planned: address, location, phone, practice (R2).

    Where an address or a number may lie in several zones, the one that the next in that order confirms is
    taken, else the first given.
    """
    location = _known([location_zone] if location_zone else [])
    phone = _of_phone(phone_zones)
    for zones in (_known(address_zones), location, phone):
        if zones:
            return next((zone for zone in (*location, *phone, practice_zone) if zone in zones), zones[0])
    return practice_zone


def _known(zones: Iterable[str]) -> tuple[str, ...]:
    return tuple(zone for zone in zones if zone and zone != "Etc/Unknown")


def _of_phone(zones: Iterable[str]) -> tuple[str, ...]:
    zones = tuple(zones)
    return _known(zones) if len(zones) <= MOST_PHONE_ZONES else ()


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("A moment needs a zone; this one carries none.")
    return moment.astimezone(UTC)


def _minute(wall: time, *, up: bool) -> int:
    minute = wall.hour * 60 + wall.minute
    return minute + 1 if up and (wall.second or wall.microsecond) else minute


def _narrowed(first: DayHours | None, second: DayHours | None) -> DayHours | None:
    if first is None or second is None:
        return None
    opens, closes = max(first[0], second[0]), min(first[1], second[1])
    return (opens, closes) if opens < closes else None


@lru_cache(maxsize=4_096)
def _promotional(
    zones: tuple[str, ...], states: tuple[str, ...], opens: int, closes: int, table: LawTable
) -> SendWindow:
    rules = [table.by_state[state] for state in states if state in table.by_state]
    weekly: Week = tuple(_narrowed(day, (opens, closes)) for day in table.default)
    for rule in rules:
        weekly = tuple(_narrowed(*days) for days in zip(weekly, rule.week, strict=True))
    return SendWindow(zones, weekly, any(rule.bars_holidays for rule in rules))


@lru_cache(maxsize=4_096)
def _transactional(zones: tuple[str, ...]) -> SendWindow:
    return SendWindow(zones, TRANSACTIONAL_WEEK)


@lru_cache(maxsize=32_768)
def _spans(window: SendWindow, ordinal: int) -> tuple[_Span, ...]:
    """The open spans of one UTC day, in order, cut at its two midnights: every answer is read from these."""
    midnight = datetime.combine(date.fromordinal(ordinal), time(), UTC)
    spans: list[_Span] = [(midnight, midnight + timedelta(days=1))]
    for zone in window.zones:
        local = [span for near in (-1, 0, 1) if (span := _local_span(window, ordinal + near, zone)) is not None]
        spans = [
            (max(start, opens), min(end, closes))
            for start, end in spans
            for opens, closes in local
            if max(start, opens) < min(end, closes)
        ]
    return tuple(spans)


def _local_span(window: SendWindow, ordinal: int, zone: str) -> _Span | None:
    day = date.fromordinal(ordinal)
    hours = window.weekly[day.weekday()]
    if hours is None or (window.bars_holidays and is_holiday(day)):
        return None
    return _at_minute(ordinal, hours[0], zone), _at_minute(ordinal, hours[1], zone)


def _at_minute(ordinal: int, minute: int, zone: str) -> datetime:
    days, minute = divmod(minute, _DAY_MINUTES)
    return at_local(date.fromordinal(ordinal + days), time(minute // 60, minute % 60), zone)
