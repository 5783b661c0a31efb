"""What happens in the demo just as it starts, so that messages arrive while one looks on?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from medspa.demo.answers import answer_latest
from medspa.demo.cast import Member
from medspa.demo.story import SUNDAY, Story

RESERVED: Final = 24
TREATED_AGO: Final = 64
"""Days: the refill reminders of those who book today are all still to come."""
MOVED_AGO: Final = (9.0, 7.5, 5.0, 2.0)
"""Minutes before the start at which somebody moved her visit: she is told 10 minutes after that (R8)."""
DUE_IN: Final = (2, 5, 9, 14, 20)
"""Minutes after the start within which the next reminders of visits shall be due."""
NO_SHOWS: Final = 2
COMPLAINS: Final = 151
"""The number of her who has just said in a survey that something went wrong."""
ASKED: Final = ("Is it safe while I’m still nursing?", "Could we do it on a Saturday instead?")
AHEAD: Final = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=3))
FIVE_MINUTES: Final = 300
OPENS, CLOSES = 9, 19


def prepare(story: Story, until: datetime) -> list[Member]:
    """Will set off what leads up to `until`; returns those who are to book then."""
    reserved = [member for member in story.members if member.is_reserved]
    for index, member in enumerate(reserved):
        at = story.slot(member, until - timedelta(days=TREATED_AGO + index % 4), 0)
        story.playing.at(at, partial(story.treat, member, at))
    movers, reserved = reserved[: len(MOVED_AGO)], reserved[len(MOVED_AGO) :]
    for member, ago in zip(movers, MOVED_AGO, strict=True):
        _move(story, member, until - timedelta(days=3), until - timedelta(minutes=ago))
    missing, reserved = reserved[:NO_SHOWS], reserved[NO_SHOWS:]
    for day, member in zip(_working_days_before(story, until), missing, strict=False):
        _miss(story, member, day)
    story.playing.at(until - timedelta(minutes=100), partial(_complain, story))
    story.playing.at(until - timedelta(minutes=170), partial(answer_latest, story.practice.pk, story.playing, ASKED))
    starts = [
        start
        for ahead in AHEAD
        for minutes in DUE_IN
        if (start := _in_hours(story, until + ahead + timedelta(minutes=minutes))) is not None
    ]
    for member, start in zip(reserved, dict.fromkeys(starts), strict=False):
        booked_at = min(start, until) - timedelta(days=4, minutes=member.number)
        story.playing.at(booked_at, partial(story.book, member, start))
    return reserved[-4:]


def book_now(story: Story, members: list[Member]) -> None:
    """Will have them book at this very moment: their confirmations leave at the first tick (R4)."""
    for days, member in enumerate(members, start=5):
        if not member.is_booked:
            story.book(member, story.slot(member, story.playing.now, days))


def _move(story: Story, member: Member, booked_at: datetime, moved_at: datetime) -> None:
    starts_at = story.slot(member, moved_at, 5)
    booked: list[str] = []
    story.playing.at(booked_at, lambda: booked.append(story.book(member, starts_at)))
    later = story.slot(member, moved_at, 7)
    story.playing.at(moved_at, lambda: story.say(member, booked[0], "", starts_at=later))


def _working_days_before(story: Story, until: datetime) -> Iterator[datetime]:
    """The same hour of the days before, Sundays left out, the latest first."""
    zone = ZoneInfo(story.practice.time_zone)
    days = (until - timedelta(days=number) for number in range(1, 2 * NO_SHOWS + 2))
    return (day for day in days if day.astimezone(zone).weekday() != SUNDAY)


def _miss(story: Story, member: Member, day: datetime) -> None:
    """She books for that day, and does not come."""
    starts_at = story.slot(member, day, 0) - timedelta(hours=4)
    booked: list[str] = []
    story.playing.at(day - timedelta(days=5), lambda: booked.append(story.book(member, starts_at)))
    story.playing.at(starts_at + timedelta(hours=1), lambda: story.fall_away(member, booked[0], "no_show"))


def _complain(story: Story) -> None:
    member = next((each for each in story.members if each.number == COMPLAINS), None)
    if member is not None:
        story.complain(member, "survey")


def _in_hours(story: Story, moment: datetime) -> datetime | None:
    """The moment on the next five minutes, if the practice is open then."""
    local = moment.astimezone(ZoneInfo(story.practice.time_zone)).replace(second=0, microsecond=0)
    local += timedelta(seconds=-(local.minute * 60) % FIVE_MINUTES)
    return local if OPENS <= local.hour < CLOSES and local.weekday() != SUNDAY else None
