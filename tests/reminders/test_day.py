"""Does the day's feed show each message once, in its hour, and does its sum add up? (SEQ-11, R33)"""

from datetime import datetime, timedelta

import pytest

from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState
from reminders.models import Reminder
from reminders.queries.day import DayTally, Feed, Show, feed_ahead, feed_so_far, tally_of_day
from reminders.queries.paging import Place
from tests.builders import day, practices
from tests.builders.story import NOW

START = NOW.replace(hour=6, minute=0)
END = START + timedelta(days=1)
TEN = NOW.replace(hour=16, minute=0)


@pytest.fixture
def lakeview(db: None) -> Practice:
    return practices.lakeview()


def so_far(practice: Practice, show: Show = Show.ALL, before: Place | None = None, most: int = 40) -> Feed:
    with practice_scope(practice.pk):
        return feed_so_far(practice.pk, START, NOW, show, before, most)


def tallied(practice: Practice) -> DayTally:
    with practice_scope(practice.pk):
        return tally_of_day(practice.pk, START, END, NOW)


def one_of_each(practice: Practice, at: datetime = TEN) -> None:
    for state in ReminderState:
        day.reminders(practice, day.people(practice, 1), [at], state=state.value, came_due=True)


def test_the_sum_holds_every_reminder_that_came_due_once(lakeview: Practice) -> None:
    one_of_each(lakeview)
    day.reminders(lakeview, day.people(lakeview, 2), [TEN] * 2, state="cancelled", reason="BOOKED")
    day.reminders(lakeview, day.people(lakeview, 3), [NOW + timedelta(hours=2)] * 3)
    day.reminders(lakeview, day.people(lakeview, 5), [END] * 5)
    day.reminders(lakeview, day.people(lakeview, 7), [START - timedelta(seconds=1)] * 7, state="sent")
    tally = tallied(lakeview)
    ledger = tally.ledger
    assert ledger.due == len(ReminderState)
    assert (ledger.sent, ledger.waiting, ledger.suppressed.total(), ledger.failed) == (2, 4, 3, 1)
    assert (tally.delivered, tally.planned, tally.stopped_by_bookings, tally.all) == (1, 3, 2, 13)


def test_each_figure_opens_as_many_lines_as_it_counts(lakeview: Practice) -> None:
    one_of_each(lakeview)
    ledger = tallied(lakeview).ledger
    assert len(so_far(lakeview).lines) == ledger.due
    assert len(so_far(lakeview, Show.SENT).lines) == ledger.sent
    assert len(so_far(lakeview, Show.WAITING).lines) == ledger.waiting
    assert len(so_far(lakeview, Show.SUPPRESSED).lines) == ledger.suppressed.total()
    assert len(so_far(lakeview, Show.FAILED).lines) == ledger.failed
    assert len(so_far(lakeview, Show.NOT_SENT).lines) == ledger.due - ledger.sent


def test_reminders_joined_into_one_message_are_one_line(lakeview: Practice) -> None:
    client = day.people(lakeview, 1)
    pair = [
        each
        for slug in ("botox", "lip_filler")
        for each in day.reminders(lakeview, client, [TEN], state="sent", slug=slug)
    ]
    message_id = day.handed_over(pair)
    (line,) = so_far(lakeview).lines
    assert line.message is not None
    assert (line.message.pk, {each.pk for each in line.reminders}) == (message_id, {each.pk for each in pair})


def test_a_message_that_began_on_another_day_still_has_its_line_today(lakeview: Practice) -> None:
    client = day.people(lakeview, 1)
    (early,) = day.reminders(lakeview, client, [START - timedelta(days=2)], state="sent")
    (late,) = day.reminders(lakeview, client, [TEN], state="sent", slug="lip_filler")
    day.handed_over([early, late])
    (line,) = so_far(lakeview).lines
    assert line.first.pk == late.pk


def test_lines_run_down_and_pages_hold_each_once(lakeview: Practice) -> None:
    moments = [TEN + timedelta(minutes=number // 3) for number in range(23)]
    day.reminders(lakeview, day.people(lakeview, 23), moments, state="suppressed", reason="HOLDOUT")
    seen: list[Reminder] = []
    before: Place | None = None
    for _ in range(5):
        feed = so_far(lakeview, before=before, most=5)
        seen = [line.first for line in feed.lines] + seen
        before = feed.earlier
    assert before is None
    keys = [(each.allowed_at, each.pk) for each in seen]
    assert keys == sorted(keys)
    assert len(set(keys)) == 23


def test_what_is_planned_for_later_comes_in_its_order(lakeview: Practice) -> None:
    moments = [NOW + timedelta(hours=hour) for hour in (3, 1, 2, 30)]
    day.reminders(lakeview, day.people(lakeview, 4), moments)
    with practice_scope(lakeview.pk):
        ahead = feed_ahead(lakeview.pk, NOW, END, 10)
    assert [line.first.allowed_at for line in ahead.lines] == sorted(moments)[:3]
    assert so_far(lakeview).lines == ()


def test_another_practice_sees_nothing_of_it(lakeview: Practice) -> None:
    hilltop = practices.hilltop()
    one_of_each(lakeview)
    assert so_far(hilltop).lines == ()
    assert tallied(hilltop).all == 0
