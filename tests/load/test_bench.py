"""Does each measurement, made tiny, count what it says it counts?"""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from bench import cancelling, delivering, people, planning, sweeping
from bench.copying import copy_again
from bench.database import scratch
from bench.line import Line
from clients.models import Client
from practices.models import Practice
from practices.tenancy import across_practices, practice_scope
from reminders.models import Delivery, Reminder, Sequence


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of its own, as each measurement has: processes see it, and the owner may work in it."""
    with django_db_blocker.unblock(), scratch("tiny"):
        yield


def test_two_processes_deliver_every_due_reminder_once(database: None) -> None:
    places = [people.open_practice() for _ in range(2)]
    assert delivering._deliver(places, 30, 0) > 0
    for place in places:
        with practice_scope(place.id):
            sent = Reminder.objects.filter(practice_id=place.id, state="sent")
            assert sent.count() == sent.values("client_id").distinct().count() == 15
            assert Delivery.objects.filter(practice_id=place.id, state="accepted").count() == 15


def test_planning_makes_every_step_and_copy_brings_them_again(database: None) -> None:
    line = planning.measure(treatments=40, rounds=1)
    assert line.ratio > 0
    with across_practices():
        practice_id = Practice.objects.get().pk
    with practice_scope(practice_id):
        assert Sequence.objects.filter(kind="refill", state="open").count() == 40
        assert Reminder.objects.filter(state="planned").count() == 120


def test_copy_leaves_the_walls_as_they_were(database: None) -> None:
    place = people.open_practice()
    people.admit(place, 3)
    _, rows = copy_again(["clients_client"])
    assert rows == 3
    assert not Client.objects.exists()
    with practice_scope(place.id):
        assert Client.objects.count() == 3


def test_a_booking_that_is_posted_is_seen_to_cancel(database: None) -> None:
    line = cancelling.measure(rate=10.0, seconds=1.0)
    assert 0 < line.ratio < cancelling.GIVES_UP_AFTER


def test_sweeps_beside_few_and_many_future_reminders_are_compared(database: None) -> None:
    assert sweeping.measure(many=300, few=30, due=12, rounds=1).ratio > 0


@pytest.mark.parametrize(
    ("ratio", "at_least", "is_met"), [(1.3, False, False), (1.2, False, True), (1.2, True, True), (1.1, True, False)]
)
def test_a_line_says_whether_its_target_is_met(ratio: float, at_least: bool, is_met: bool) -> None:
    line = Line("sweep", "1 s", "1 s", ratio, 1.2, at_least=at_least)
    assert line.is_met is is_met
    assert str(line).endswith("met" if is_met else "missed")
