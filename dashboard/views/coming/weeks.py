"""Which days make a week, how are weeks named in addresses, and how are they drawn as a strip to choose from?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import Http404

from cadences.timeline import at_local
from dashboard.views.wording.moments import counted, date_words

WEEK: Final = 7
STRIP_WEEKS: Final = 5
MOST_WEEKS_AHEAD: Final = 120
STRIP_HEIGHT: Final = 32
DAY_WIDTH: Final = 100 / WEEK


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the strip, as SVG takes it. `x` and `width` in percent, `y` and `height` in pixels."""

    x: str
    y: int
    height: int
    width: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class StripWeek:
    """One week of the strip: a link with seven bars to scale."""

    url: str
    words: str
    count: str
    title: str
    bars: tuple[Bar, ...]
    is_here: bool


def monday_of(day: date) -> date:
    """Return the Monday of a day's week.

    >>> monday_of(date(2026, 11, 29))
    datetime.date(2026, 11, 23)
    """
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    """Return a week as addresses name it (ISO 8601).

    >>> week_name(date(2026, 11, 23)), week_name(date(2026, 12, 28))
    ('2026-W48', '2026-W53')
    """
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def week_words(monday: date, today: date) -> str:
    """Return a week as people say it.

    >>> today = date(2026, 11, 24)
    >>> week_words(date(2026, 11, 23), today), week_words(date(2026, 11, 30), today)
    ('November 23 to 29', 'November 30 to December 6')
    >>> week_words(date(2026, 12, 28), today)
    'December 28 to January 3, 2027'
    """
    sunday = monday + timedelta(days=WEEK - 1)
    end = f"{sunday.day}" if sunday.month == monday.month and sunday.year == today.year else date_words(sunday, today)
    return f"{date_words(monday, today)} to {end}"


def monday_named(text: str) -> date:
    """Return the Monday of the week that an address names.

    Raises:
        Http404: it names none.
    """
    year, separator, week = text.partition("-W")
    if not separator or not (year.isascii() and year.isdigit() and week.isascii() and week.isdigit()):
        raise Http404("This is no week.")
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except (ValueError, OverflowError) as error:
        raise Http404("This is no week.") from error


def day_named(text: str) -> date:
    """Return the day that an address names.

    Raises:
        Http404: it names none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404("This is no day.") from error


def check_reach(day: date, today: date) -> None:
    """Refuse what lies further ahead than anything is planned.

    Raises:
        Http404: it does.
    """
    if abs((day - today).days) > MOST_WEEKS_AHEAD * WEEK:
        raise Http404("Nothing is planned so far from today.")


def midnights(first: date, days: int, zone_name: str) -> tuple[datetime, ...]:
    """Return the moments that part so many days of a zone, one more than there are days."""
    return tuple(at_local(first + timedelta(days=number), time(), zone_name) for number in range(days + 1))


def strip_start(monday: date, today: date) -> date:
    """Return where the strip begins: with this week as long as the week shown is in it."""
    this_monday = monday_of(today)
    return this_monday if 0 <= (monday - this_monday).days < STRIP_WEEKS * WEEK else monday


def strip_of(
    start: date, counts: Mapping[date, int], shown: date | None, today: date, urls: Mapping[date, str]
) -> tuple[StripWeek, ...]:
    """Return the weeks of the strip. `counts`: day -> open reminders; `urls`: Monday -> address."""
    most = max(counts.values(), default=0)
    weeks = []
    for monday in (start + timedelta(days=WEEK * number) for number in range(STRIP_WEEKS)):
        days = [monday + timedelta(days=number) for number in range(WEEK)]
        bars = tuple(_bar(number, day, counts.get(day, 0), most, today) for number, day in enumerate(days))
        count = sum(counts.get(day, 0) for day in days)
        weeks.append(
            StripWeek(
                url=urls[monday],
                words=f"{monday:%b} {monday.day}",
                count=f"{count:,}",
                title=f"{week_words(monday, today)}: {counted(count, 'reminder')}",
                bars=bars,
                is_here=monday == shown,
            )
        )
    return tuple(weeks)


def _bar(number: int, day: date, count: int, most: int, today: date) -> Bar:
    height = max(2, round(STRIP_HEIGHT * count / most)) if count else 0
    return Bar(
        x=f"{number * DAY_WIDTH + 1.5:.2f}%",
        y=STRIP_HEIGHT - height,
        height=height,
        width=f"{DAY_WIDTH - 3:.2f}%",
        is_today=day == today,
    )
