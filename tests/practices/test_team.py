"""Who may do what in the practice from now on? (TEN-2)"""

from itertools import product

import pytest

from practices import clock
from practices.models import AuditEntry, Role, StaffMember
from practices.operations.auditing import Actor
from practices.operations.team import TeamRefused, admit, change_role, remove_access
from practices.queries.abilities import Ability, may
from practices.queries.team import members, roles_given_by
from practices.tenancy import practice_scope
from tests.builders.practices import alice, bob, charlie, hilltop, lakeview, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("giver", "before", "after"), list(product(Role, Role, Role)))
def test_owners_decide_on_all_managers_on_all_but_owners_and_others_on_nobody(
    giver: Role, before: Role, after: Role
) -> None:
    practice = lakeview()
    alice(practice)
    actor, somebody = member(practice, "Gina", giver), member(practice, "Sam", before)
    if before is after:
        is_allowed = giver is Role.OWNER or (giver is Role.MANAGER and before is not Role.OWNER)
    else:
        is_allowed = giver is Role.OWNER or (giver is Role.MANAGER and Role.OWNER not in (before, after))
    with practice_scope(practice.pk):
        try:
            change_role(practice.pk, Actor(actor.pk), somebody.pk, after, clock.now())
        except TeamRefused:
            assert not is_allowed
            assert not AuditEntry.objects.exists()
        else:
            assert is_allowed
        assert StaffMember.objects.get(pk=somebody.pk).role == (after if is_allowed else before)


def test_who_gives_roles_is_who_manages_the_team() -> None:
    assert {role for role in Role if roles_given_by(role)} == {r for r in Role if may(r, Ability.MANAGE_TEAM)}


def test_a_changed_role_is_audited_with_both() -> None:
    practice = lakeview()
    owner, desk = alice(practice), bob(practice)
    with practice_scope(practice.pk):
        for _ in range(2):
            change_role(practice.pk, Actor(owner.pk, "192.0.2.1"), desk.pk, Role.INJECTOR, clock.now())
    with practice_scope(practice.pk):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.staff_member_id, entry.subject_id) == ("role_changed", owner.pk, desk.pk)
    assert entry.detail == {"from": "front_desk", "to": "injector"}


def test_there_is_always_an_owner_who_can_sign_in() -> None:
    practice = lakeview()
    owner = alice(practice)
    second = member(practice, "Olga", Role.OWNER)
    actor = Actor(owner.pk)
    with practice_scope(practice.pk):
        remove_access(practice.pk, actor, second.pk, clock.now())
        with pytest.raises(TeamRefused, match="only owner"):
            change_role(practice.pk, actor, owner.pk, Role.MANAGER, clock.now())
        with pytest.raises(TeamRefused, match="only owner"):
            remove_access(practice.pk, actor, owner.pk, clock.now())
        admit(practice.pk, second.person_id, Role.OWNER)
    second.person.is_active = False
    second.person.save()
    with practice_scope(practice.pk), pytest.raises(TeamRefused, match="only owner"):
        remove_access(practice.pk, actor, owner.pk, clock.now())


def test_removed_access_is_audited_and_what_was_theirs_stays() -> None:
    practice = lakeview()
    owner, desk = alice(practice), bob(practice)
    with practice_scope(practice.pk):
        remove_access(practice.pk, Actor(owner.pk), desk.pk, clock.now())
    with practice_scope(practice.pk):
        assert [each.pk for each in members()] == [owner.pk]
        assert StaffMember.objects.get(pk=desk.pk).role == Role.FRONT_DESK
        assert AuditEntry.objects.get().action == "access_removed"
        with pytest.raises(StaffMember.DoesNotExist):
            remove_access(practice.pk, Actor(owner.pk), desk.pk, clock.now())
        with pytest.raises(TeamRefused):
            change_role(practice.pk, Actor(desk.pk), owner.pk, Role.MANAGER, clock.now())


def test_a_member_of_another_practice_is_out_of_reach() -> None:
    practice, other = lakeview(), hilltop()
    owner, theirs = alice(practice), charlie(other)
    with practice_scope(practice.pk):
        with pytest.raises(StaffMember.DoesNotExist):
            change_role(practice.pk, Actor(owner.pk), theirs.pk, Role.MANAGER, clock.now())
        with pytest.raises(StaffMember.DoesNotExist):
            remove_access(practice.pk, Actor(owner.pk), theirs.pk, clock.now())
        with pytest.raises(TeamRefused, match="Only members"):
            remove_access(practice.pk, Actor(theirs.pk), owner.pk, clock.now())
