"""What is one entry of a client's timeline, and in which words does it say when?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from dashboard.views.parts.actions import Action
from dashboard.views.parts.frames import Frame
from dashboard.views.wording.moments import date_tag, day_words, distance_words, time_tag
from dashboard.views.wording.states import Shown


class Group(StrEnum):
    """What an entry is about; the timeline's filter chooses by it."""

    MESSAGES = "messages"
    VISITS = "visits"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened or will. `shape` is drawn on the rail, `state` stands at the right end.

    `also`: another filter that shows it. `actions`: what staff can do about it.
    """

    group: Group
    at: datetime
    shape: Shown
    title: str
    state: Shown | None = None
    whys: tuple[str, ...] = ()
    said: str = ""
    frames: tuple[Frame, ...] = ()
    has_hour: bool = True
    is_key: bool = False
    is_coming: bool = False
    also: Group | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in its place: its day is said where it changes (LOOK.md, principle 9)."""

    entry: Entry
    when: SafeString
    distance: str
    is_same_day: bool
    is_next: bool
    is_open: bool


def on_day(day: date, zone_name: str, hour: time = time(12)) -> datetime:
    """Return a moment of a day that has none of its own, for the order of the timeline."""
    return datetime.combine(day, hour, ZoneInfo(zone_name)).astimezone(UTC)


def lines_of(entries: Iterable[Entry], zone_name: str, today: date) -> list[Line]:
    """Return entries in the order of time, past before coming; the next message's text stands open."""
    lines: list[Line] = []
    previous: date | None = None
    next_found = False
    for entry in sorted(entries, key=lambda each: (each.is_coming, each.at)):
        day = entry.at.astimezone(ZoneInfo(zone_name)).date()
        words = day_words(day, today)
        is_next = entry.is_coming and bool(entry.frames) and not next_found
        next_found = next_found or is_next
        lines.append(
            Line(
                entry=entry,
                when=time_tag(entry.at, zone_name, words) if entry.has_hour else date_tag(day, words),
                distance=distance_words(day, today) if entry.is_coming else "",
                is_same_day=day == previous,
                is_next=is_next,
                is_open=is_next,
            )
        )
        previous = day
    return lines
