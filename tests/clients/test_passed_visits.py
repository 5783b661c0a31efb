"""Does a passed visit count as the treatment, exactly where and as long as it should? (R10, R16)"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from clients.models import Treatment
from clients.operations.passed_visits import count_passed_visits
from clients.tasks import count_passed_visits as tick
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, DYSPORT, FACIAL
from tests.builders.clients import appointment, say, treatment
from tests.builders.practices import hilltop, lakeview

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 11, 15, 0, tzinfo=UTC)  # ten in the morning in Chicago, for half an hour
OVER = START + timedelta(minutes=90)


def chosen(practice: Practice) -> Practice:
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(passed_is_treated=True)
    return practice


@pytest.fixture
def jane() -> Practice:
    """Lakeview, whose records system knows no completion."""
    return chosen(lakeview())


def counted(practice: Practice) -> list[tuple[str, str, str]]:
    with practice_scope(practice.pk):
        rows = Treatment.objects.order_by("performed_on", "treatment_type__slug")
        return [(row.treatment_type.slug, row.performed_on.isoformat(), row.status) for row in rows]


BOTOX_COUNTED = ("botox", "2026-05-11", "completed")
BOTOX_WITHDRAWN = ("botox", "2026-05-11", "voided")


def test_a_visit_counts_from_one_hour_after_its_end_and_once(jane: Practice) -> None:
    say(jane, appointment())
    assert count_passed_visits(OVER - timedelta(seconds=1)) == 0
    assert counted(jane) == []
    assert count_passed_visits(OVER) == 1
    assert count_passed_visits(OVER + timedelta(hours=1)) == 0
    assert counted(jane) == [BOTOX_COUNTED]


def test_each_mapped_service_counts_and_nothing_else(jane: Practice) -> None:
    say(jane, appointment(services=(BOTOX, FACIAL, DYSPORT, "The Lakeview Glow")))
    assert count_passed_visits(OVER) == 2
    assert counted(jane) == [BOTOX_COUNTED, ("dysport", "2026-05-11", "completed")]


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_a_visit_that_did_not_happen_never_counts_or_is_withdrawn(jane: Practice, status: str) -> None:
    say(jane, appointment("A1"), appointment("A2", services=(DYSPORT,), status=status))
    count_passed_visits(OVER)
    assert counted(jane) == [BOTOX_COUNTED]
    say(jane, appointment("A1", status=status), at=OVER)
    assert count_passed_visits(OVER + timedelta(hours=1)) == 1
    assert counted(jane) == [BOTOX_WITHDRAWN]


def test_a_visit_moved_to_later_is_withdrawn_and_counts_then(jane: Practice) -> None:
    say(jane, appointment())
    count_passed_visits(OVER)
    later = START + timedelta(days=3)
    say(jane, appointment(starts_at=later), at=OVER)
    assert count_passed_visits(OVER + timedelta(hours=1)) == 1
    assert counted(jane) == [BOTOX_WITHDRAWN]
    assert count_passed_visits(later + timedelta(hours=2)) == 1
    assert ("botox", "2026-05-14", "completed") in counted(jane)
    assert BOTOX_COUNTED not in counted(jane)


def test_what_was_really_done_joins_the_visit(jane: Practice) -> None:
    say(jane, appointment())
    count_passed_visits(OVER)
    say(jane, treatment(performed_at=START, price=Decimal(480), quantity=Decimal(40)), at=OVER)
    count_passed_visits(OVER + timedelta(hours=1))
    assert counted(jane) == [BOTOX_COUNTED]
    with practice_scope(jane.pk):
        assert Treatment.objects.get().price == Decimal(480)


def test_a_practice_that_did_not_choose_it_counts_nothing() -> None:
    practice = hilltop()
    say(practice, appointment())
    tick()
    assert counted(practice) == []


def test_the_tick_serves_every_practice_that_chose_it(jane: Practice) -> None:
    other = chosen(hilltop())
    say(jane, appointment())
    say(other, appointment())
    tick()
    assert len(counted(jane)) == len(counted(other)) == 1
