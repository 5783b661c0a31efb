"""Who may do what in the practice from now on? (TEN-2)"""

from datetime import datetime
from uuid import UUID

from practices.models import Practice, Role, StaffMember
from practices.operations.auditing import Actor, audit
from practices.queries.team import roles_given_by


class TeamRefused(ValueError):
    """The team cannot be changed like this; the text says why and what to do."""


def change_role(practice_id: UUID, actor: Actor, member_id: UUID, role: Role, now: datetime) -> StaffMember:
    """Will give a member another role, in the open scope. The same role again changes nothing.

    Raises:
        StaffMember.DoesNotExist: nobody of the practice has this id, or their access was removed.
        TeamRefused: the actor's role may not, or the practice would be left without an owner.
    """
    member = _locked_member(practice_id, actor, member_id)
    if member.role == role:
        return member
    _require_may_give(actor, role)
    _require_another_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    audit(practice_id, actor, "role_changed", now, subject_id=member.pk, detail={"from": before, "to": role.value})
    return member


def remove_access(practice_id: UUID, actor: Actor, member_id: UUID, now: datetime) -> StaffMember:
    """Will close the practice to a member from their next request on. What they did and planned stays.

    Raises:
        StaffMember.DoesNotExist: nobody of the practice has this id, or their access was removed.
        TeamRefused: the actor's role may not, or the practice would be left without an owner.
    """
    member = _locked_member(practice_id, actor, member_id)
    _require_another_owner(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    audit(practice_id, actor, "access_removed", now, subject_id=member.pk, detail={"role": member.role})
    return member


def admit(practice_id: UUID, person_id: UUID, role: Role) -> StaffMember:
    """Will give a person a place in the practice, or the place back that they had. One who is in keeps their role."""
    member, is_new = StaffMember.objects.select_for_update().get_or_create(
        practice_id=practice_id, person_id=person_id, defaults={"role": role}
    )
    if not is_new and not member.is_active:
        member.role, member.is_active = role, True
        member.save(update_fields=["role", "is_active"])
    return member


def hold_team(practice_id: UUID) -> None:
    """Will make other changes of this team wait until the transaction ends: two owners cannot unmake each other.

    It does not hold up rows that refer to the practice.
    """
    Practice.objects.select_for_update(no_key=True).get(pk=practice_id)


def _locked_member(practice_id: UUID, actor: Actor, member_id: UUID) -> StaffMember:
    hold_team(practice_id)
    member = StaffMember.objects.get(pk=member_id, is_active=True)
    _require_may_give(actor, Role(member.role))
    return member


def _require_may_give(actor: Actor, role: Role) -> None:
    require_may_give(role_of(actor), role)


def role_of(actor: Actor) -> Role:
    """The role in which somebody acts, as the practice has it now.

    Raises:
        TeamRefused: it is none of its members.
    """
    found = StaffMember.objects.filter(is_active=True).filter(pk__in=[actor.staff_member_id]).first()
    if found is None:
        raise TeamRefused("Only members of the practice decide on its team.")
    return Role(found.role)


def require_may_give(giver: Role, role: Role) -> None:
    """Will pass where this role may make or unmake that one.

    Raises:
        TeamRefused: it may not.
    """
    if role not in roles_given_by(giver):
        who = "an owner" if role is Role.OWNER else "an owner or a manager"
        raise TeamRefused(f"Only {who} decides who is {role.label.lower()}.")


def _require_another_owner(member: StaffMember) -> None:
    if member.role != Role.OWNER:
        return
    others = StaffMember.objects.filter(role=Role.OWNER, is_active=True, person__is_active=True).exclude(pk=member.pk)
    if not others.exists():
        raise TeamRefused("This is the practice’s only owner. Make somebody else an owner first.")
