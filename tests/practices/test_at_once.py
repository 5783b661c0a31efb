"""What holds when two change a practice's team at once? There is always an owner, and nobody comes in twice. [TEN-2]"""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from practices import clock
from practices.models import Invitation, Person, Role, StaffMember
from practices.operations.auditing import Actor
from practices.operations.invitations import accept, accept_as_new_person, invite, revoke
from practices.operations.people import PersonRefused
from practices.operations.team import TeamRefused, change_role
from practices.queries.team import InvitationClosed
from practices.tenancy import practice_scope
from tests.builders.at_once import while_it_is_open
from tests.builders.practices import alice, lakeview, member, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> StaffMember:
    return alice(lakeview())


@pytest.fixture
def now() -> datetime:
    return clock.now()


def ask(owner: StaffMember, now: datetime, role: Role = Role.INJECTOR) -> Any:
    with practice_scope(owner.practice_id):
        return invite(owner.practice_id, Actor(owner.pk), "dana@example.com", role, now)


def active(practice_id: UUID) -> list[tuple[str, str]]:
    with practice_scope(practice_id):
        rows = StaffMember.objects.filter(is_active=True).order_by("person__email")
        return list(rows.values_list("person__email", "role"))


def test_of_two_owners_who_demote_each_other_one_stays(owner: StaffMember, now: datetime) -> None:
    practice_id, second = owner.practice_id, member(owner.practice, "Olga", Role.OWNER)

    def demote(who: StaffMember, whom: StaffMember) -> Any:
        with practice_scope(practice_id):
            return change_role(practice_id, Actor(who.pk), whom.pk, Role.MANAGER, now)

    done, refused = while_it_is_open(practice_id, lambda: demote(owner, second), lambda: demote(second, owner))
    assert done.role == Role.MANAGER
    assert isinstance(refused, TeamRefused)
    assert active(practice_id) == [("alice@example.com", Role.OWNER), ("olga@example.com", Role.MANAGER)]


def test_an_invitation_that_is_opened_twice_at_once_lets_in_once(owner: StaffMember, now: datetime) -> None:
    invitation, dana = ask(owner, now), person("Dana")
    let_in, closed = while_it_is_open(
        owner.practice_id,
        lambda: accept(owner.practice_id, invitation.pk, dana, now),
        lambda: accept(owner.practice_id, invitation.pk, dana, now),
    )
    assert let_in.person_id == dana.pk
    assert isinstance(closed, InvitationClosed)
    assert active(owner.practice_id) == [("alice@example.com", Role.OWNER), ("dana@example.com", Role.INJECTOR)]


def test_a_new_person_who_joins_twice_at_once_is_made_once(owner: StaffMember, now: datetime) -> None:
    invitation = ask(owner, now)

    def join() -> Any:
        word = "correct horse battery"
        return accept_as_new_person(owner.practice_id, invitation.pk, "dana@example.com", "Dana", word, now)

    made, refused = while_it_is_open(owner.practice_id, join, join)
    assert isinstance(made, Person)
    assert isinstance(refused, (PersonRefused, InvitationClosed)), refused
    assert len(active(owner.practice_id)) == 2


def test_one_who_is_asked_by_two_at_once_has_one_invitation(owner: StaffMember, now: datetime) -> None:
    both = while_it_is_open(owner.practice_id, lambda: ask(owner, now), lambda: ask(owner, now, Role.FRONT_DESK))
    assert not any(isinstance(each, Exception) for each in both), both
    with practice_scope(owner.practice_id):
        assert Invitation.objects.get().role == Role.FRONT_DESK


def test_an_invitation_that_is_revoked_while_it_is_opened_lets_nobody_in(owner: StaffMember, now: datetime) -> None:
    invitation, dana = ask(owner, now), person("Dana")
    _, closed = while_it_is_open(
        owner.practice_id,
        lambda: revoke(owner.practice_id, Actor(owner.pk), invitation.pk, now),
        lambda: accept(owner.practice_id, invitation.pk, dana, now),
    )
    assert isinstance(closed, InvitationClosed)
    assert active(owner.practice_id) == [("alice@example.com", Role.OWNER)]
