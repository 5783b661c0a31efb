"""Is the ledger, added up from what the database keeps, the one that counting every reminder gives? (SEQ-11, R33)"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import Reason, ReminderState
from reminders.models import Reminder, Sequence
from reminders.operations.folding_tallies import fold_tallies_of
from reminders.queries.ledger import Ledger, ledger_between, ledger_by_month, ledger_of, ledger_of_practice
from reminders.queries.ledger_list import FIGURES, PAGE, Asked, ledger_page
from tests.builders.practices import lakeview

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
ZONES = ("America/Chicago", "Pacific/Guam", "Pacific/Honolulu", "UTC")
FIRST = datetime(2026, 8, 1, tzinfo=UTC)
MOMENTS = st.integers(0, int(timedelta(days=130) / timedelta(hours=1)) * 4).map(
    lambda n: FIRST + n * timedelta(minutes=15)
)


@pytest.fixture
def practice(db: None) -> Practice:
    return lakeview()


@st.composite
def rows(draw: st.DrawFn) -> tuple[datetime, str, str, bool]:
    state = draw(st.sampled_from(sorted(ReminderState)))
    has_reason = state in {"waiting", "suppressed", "cancelled", "expired", "failed"}
    reason = draw(st.sampled_from(["", "NO_CONSENT", "BOOKED", "TOO_LATE"])) if has_reason else ""
    return draw(MOMENTS), state, reason, draw(st.booleans())


def planted(practice: Practice, drawn: list[tuple[datetime, str, str, bool]]) -> list[Reminder]:
    client = Client.objects.create(practice=practice, first_name="Ana", created_at=FIRST, updated_at=FIRST)
    sequence = Sequence.objects.create(
        practice=practice, client=client, key="refill:1", kind="refill", state="open", opened_at=FIRST
    )
    return Reminder.objects.bulk_create(
        Reminder(
            practice=practice, client=client, sequence=sequence, step=f"s{n}", position=0, planned_at=at,
            allowed_at=at, due_at=at, state=state, reason=reason, came_due=came_due,
        )
        for n, (at, state, reason, came_due) in enumerate(drawn)
    )  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays: each example begins with an empty practice."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def same(one: Ledger, other: Ledger) -> bool:
    return (one.sent, one.waiting, one.failed, +one.suppressed, one.due) == (
        other.sent, other.waiting, other.failed, +other.suppressed, other.due,
    )  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows(), max_size=25), MOMENTS, MOMENTS, MOMENTS, st.sampled_from(ZONES), st.booleans())
def test_the_ledger_is_what_counting_gives(
    practice: Practice,
    drawn: list[tuple[datetime, str, str, bool]],
    now: datetime,
    one: datetime,
    other: datetime,
    zone: str,
    is_folded: bool,
) -> None:
    start, end = min(one, other), max(one, other)
    with undone(), practice_scope(practice.pk):
        reminders = planted(practice, drawn)
        if is_folded:
            fold_tallies_of(practice.pk)
        assert same(ledger_of_practice(practice.pk, now), ledger_of(reminders, now))
        within = [each for each in reminders if start <= each.allowed_at < end]
        assert same(ledger_between(practice.pk, start, end, now), ledger_of(within, now))
        by_month: dict[date, list[Reminder]] = {}
        for each in reminders:
            by_month.setdefault(each.allowed_at.astimezone(ZoneInfo(zone)).date().replace(day=1), []).append(each)
        found = ledger_by_month(practice.pk, zone, now)
        expected = {month: ledger_of(theirs, now) for month, theirs in by_month.items()}
        assert list(found) == sorted((month for month, each in expected.items() if each.due), reverse=True)
        assert all(same(found[month], expected[month]) for month in found)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(rows(), max_size=25),
    st.sampled_from(sorted(FIGURES)),
    st.sampled_from([None, Reason.BOOKED.value]),
    MOMENTS,
    MOMENTS,
)
def test_the_list_behind_a_figure_is_as_long_as_the_figure(
    practice: Practice,
    drawn: list[tuple[datetime, str, str, bool]],
    figure: str,
    reason: str | None,
    one: datetime,
    other: datetime,
) -> None:
    start, end = min(one, other), max(one, other)
    with undone(), practice_scope(practice.pk):
        planted(practice, drawn)
        listed = ledger_page(practice.pk, Asked(figure, reason, start, end), None, NOW).reminders
        ledger = ledger_between(practice.pk, start, end, NOW)
        if reason is None:
            figures = {"sent": ledger.sent, "waiting": ledger.waiting, "failed": ledger.failed, "due": ledger.due}
            assert len(listed) == {**figures, "suppressed": ledger.suppressed.total()}[figure]
        elif figure == "suppressed":
            assert len(listed) == ledger.suppressed[reason]
        moments = [(each.allowed_at, each.pk) for each in listed]
        assert moments == sorted(moments, reverse=True)


def test_paging_shows_every_reminder_once(practice: Practice) -> None:
    crowded = [
        (FIRST + timedelta(hours=n // 9), "failed" if n % 3 else "sent", "REFUSED", False) for n in range(PAGE * 5)
    ]
    with practice_scope(practice.pk):
        everyone = planted(practice, crowded)
        seen: list[UUID] = []
        after: UUID | None = None
        for _ in range(10):
            page = ledger_page(practice.pk, Asked("failed"), after, NOW)
            seen += [each.pk for each in page.reminders]
            after = page.more_after
            if after is None:
                break
    assert Counter(seen) == Counter(each.pk for each in everyone if each.state == "failed")


def test_few_among_many_are_found_without_reading_all(practice: Practice) -> None:
    """One failure a month among thousands: only their days are looked at."""
    many = [(FIRST + timedelta(minutes=20 * n), "failed" if n % 2160 == 7 else "sent", "", False) for n in range(8000)]
    with practice_scope(practice.pk):
        planted(practice, many)
        fold_tallies_of(practice.pk)
        with CaptureQueriesContext(connection) as caught:
            page = ledger_page(practice.pk, Asked("failed"), None, NOW)
    assert len(page.reminders) == sum(state == "failed" for _, state, *_ in many)
    asked = next(each["sql"] for each in caught if "unnest" in each["sql"])
    assert asked.partition("FROM unnest(")[2].partition("]")[0].count("date") <= len(page.reminders) + 1


def test_an_empty_ledger_has_no_month(practice: Practice) -> None:
    with practice_scope(practice.pk):
        assert ledger_by_month(practice.pk, "America/Chicago", NOW) == {}
        assert ledger_of_practice(practice.pk, NOW).due == 0
