"""Are coming reminders counted on the day the practice's clocks show, through every change of clocks?"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.views.coming.weeks import midnights
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import SequenceKind
from reminders.models import Reminder
from reminders.queries.calendar import planned_by_day, planned_by_sort, planned_on
from reminders.queries.paging import Place
from tests.builders import day, practices

CHICAGO = "America/Chicago"
MONDAY = date(2026, 11, 30)


@pytest.fixture
def lakeview(db: None) -> Practice:
    return practices.lakeview()


def wall(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=ZoneInfo(CHICAGO))


def planned(practice: Practice, moments: list[datetime], **fields: object) -> list[Reminder]:
    return day.reminders(practice, day.people(practice, len(moments)), moments, **fields)  # type: ignore[arg-type]


def counts(practice: Practice, first: date, days: int, *, with_overdue: bool = False) -> dict[int, int]:
    with practice_scope(practice.pk):
        return dict(planned_by_day(practice.pk, midnights(first, days, CHICAGO), with_overdue=with_overdue))


@pytest.mark.parametrize("first", [date(2026, 3, 7), date(2026, 10, 31), date(2028, 2, 28), date(2026, 12, 30)])
def test_each_reminder_falls_on_its_local_day(lakeview: Practice, first: date) -> None:
    days = [first + timedelta(days=number) for number in range(3)]
    planned(lakeview, [wall(each, hour, 59) for each in days for hour in (0, 23)])
    assert counts(lakeview, first, 3) == {0: 2, 1: 2, 2: 2}


def test_midnight_belongs_to_the_day_it_begins_and_the_end_to_none(lakeview: Practice) -> None:
    planned(lakeview, [wall(MONDAY, 0), wall(MONDAY + timedelta(days=2), 0), wall(MONDAY - timedelta(days=1), 23, 59)])
    assert counts(lakeview, MONDAY, 2) == {0: 1}


def test_what_was_due_before_counts_today_where_that_is_asked_for(lakeview: Practice) -> None:
    planned(lakeview, [wall(MONDAY - timedelta(days=3), 10), wall(MONDAY, 10), wall(MONDAY + timedelta(days=1), 10)])
    assert counts(lakeview, MONDAY, 2, with_overdue=True) == {0: 2, 1: 1}
    assert counts(lakeview, MONDAY, 2) == {0: 1, 1: 1}


def test_only_what_may_still_leave_is_counted(lakeview: Practice) -> None:
    for state in ("planned", "waiting", "claimed", "sent", "cancelled", "suppressed", "failed", "expired"):
        planned(lakeview, [wall(MONDAY, 10)], state=state)
    assert counts(lakeview, MONDAY, 1) == {0: 2}


def test_sorts_add_up_to_the_day(lakeview: Practice) -> None:
    planned(lakeview, [wall(MONDAY, 10)] * 3)
    planned(lakeview, [wall(MONDAY, 11)] * 2, slug="dysport", step="second")
    planned(lakeview, [wall(MONDAY, 12)], kind="confirmation", step="hours_24")
    planned(lakeview, [wall(MONDAY, 13)], sequence_state="holdout")
    with practice_scope(lakeview.pk):
        found = planned_by_sort(lakeview.pk, midnights(MONDAY, 7, CHICAGO), with_overdue=False)
    sorts = {(each.kind, each.treatment_type, each.step, each.is_held_out): each.count for each in found}
    assert sorts == {
        (SequenceKind.REFILL, "Botox", "first", False): 3,
        (SequenceKind.REFILL, "Dysport", "second", False): 2,
        (SequenceKind.CONFIRMATION, "", "hours_24", False): 1,
        (SequenceKind.REFILL, "Botox", "first", True): 1,
    }
    assert sum(sorts.values()) == counts(lakeview, MONDAY, 7)[0]


def test_a_day_is_listed_in_order_and_no_page_loses_or_repeats_one(lakeview: Practice) -> None:
    rows = planned(lakeview, [wall(MONDAY, 10)] * 7 + [wall(MONDAY, 9)])
    start_at, end_at = midnights(MONDAY, 1, CHICAGO)
    seen: list[Reminder] = []
    after: Place | None = None
    for _ in range(3):
        with practice_scope(lakeview.pk):
            page = planned_on(lakeview.pk, start_at, end_at, after, 3, with_overdue=False)
        seen += page.reminders
        after = page.following
    assert after is None
    assert seen[0].due_at == wall(MONDAY, 9)
    assert {each.pk for each in seen} == {each.pk for each in rows}
    assert len(seen) == len(rows)


def test_counting_takes_one_query_and_a_day_takes_two(lakeview: Practice) -> None:
    planned(lakeview, [wall(MONDAY, 10)] * 20)
    start_at, end_at = midnights(MONDAY, 1, CHICAGO)
    with practice_scope(lakeview.pk), CaptureQueriesContext(connection) as queries:
        planned_by_day(lakeview.pk, midnights(MONDAY, 35, CHICAGO), with_overdue=True)
        page = planned_on(lakeview.pk, start_at, end_at, None, 50, with_overdue=True)
        assert [each.client.first_name for each in page.reminders]
    assert len(queries) == 3


def test_another_practice_counts_none_of_it(lakeview: Practice) -> None:
    hilltop = practices.hilltop()
    planned(lakeview, [wall(MONDAY, 10)])
    assert counts(hilltop, MONDAY, 7) == {}
