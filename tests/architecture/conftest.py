"""What do the tests of walls and doors share? One full story a module, put back after each test."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client as Browser
from pytest_django import DjangoDbBlocker

from practices import clock
from practices.models import Role, StaffMember
from practices.tenancy import practice_scope
from reminders.models import Reminder
from tests.builders import day, story
from tests.builders.everything import Ids, one_of_each
from tests.builders.practices import member
from tests.builders.story import Story

MINE = "Wilhelmina Quagmire"
THEIRS = "Ottoline Fairweather"


@dataclass(frozen=True)
class Town:
    """Lakeview on a full day with somebody in each role, and Hilltop next door; the ids of one of each in both."""

    told: Story
    staff: dict[Role, StaffMember]
    mine: Ids
    theirs: Ids

    def browser(self, role: Role = Role.OWNER) -> Browser:
        """A browser in which Lakeview's person of this role has signed in."""
        return self.browser_of(self.staff[role])

    def browser_of(self, somebody: StaffMember) -> Browser:
        """A browser in which this person has signed in."""
        browser = Browser()
        browser.force_login(somebody.person)
        return browser


@pytest.fixture(scope="module")
def shared_town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Told once for all tests of a module; the transaction around it is never committed."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        told = story.tell()
        patch.setattr(clock, "now", lambda: story.NOW)
        day.full_day(told)
        staff = {
            Role.OWNER: told.alice,
            Role.MANAGER: member(told.lakeview, "Maya", Role.MANAGER),
            Role.INJECTOR: member(told.lakeview, "Ines", Role.INJECTOR),
            Role.FRONT_DESK: told.bob,
        }
        others = member(told.hilltop, "Edgar", Role.FRONT_DESK)
        mine = one_of_each(told.lakeview, told.alice, told.bob, MINE) | next_of(told)
        theirs = one_of_each(told.hilltop, told.charlie, others, THEIRS)
        yield Town(told, staff, mine, theirs)
        transaction.set_rollback(True)


@pytest.fixture
def town(shared_town: Town) -> Iterator[Town]:
    """The story as it was told; whatever the test does to it is taken back."""
    with transaction.atomic():
        yield shared_town
        transaction.set_rollback(True)


def next_of(told: Story) -> Ids:
    """Siobhán's next reminder: one that planning made, so that it can be steered."""
    with practice_scope(told.lakeview.pk):
        coming = Reminder.objects.filter(client_id=told.siobhan, state="planned").order_by("due_at", "pk")[0]
    return {"reminder_id": coming.pk, "sequence_id": coming.sequence_id}
