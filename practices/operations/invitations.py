"""How is somebody asked to join a practice, and how do they come in? (TEN-2)"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from practices.models import Invitation, Person, Practice, Provider, Role, StaffMember
from practices.operations.auditing import Actor, audit
from practices.operations.letters import post_letter
from practices.operations.people import create_confirmed_person
from practices.operations.team import admit, hold_team, require_may_give, role_of
from practices.queries.team import InvitationClosed, invitation_token
from practices.tenancy import practice_scope

OPEN_DAYS: Final = 7


class InvitationRefused(ValueError):
    """Nobody can be invited like this; the text says why and what to do."""


def invite(
    practice_id: UUID, actor: Actor, email: str, role: Role, now: datetime, *, provider_id: UUID | None = None
) -> Invitation:
    """Will ask somebody by email to join in a role, in the open scope; the letter leaves when it commits.

    Whoever was asked already is asked again, in the new role; the link they have opens that too.

    Raises:
        TeamRefused: the actor's role may not give this one.
        InvitationRefused: somebody with this address is in the practice, or the provider is none of the practice.
    """
    address = email.strip().lower()
    hold_team(practice_id)
    giver = role_of(actor)
    require_may_give(giver, role)
    if StaffMember.objects.filter(person__email=address, is_active=True).exists():
        raise InvitationRefused("Somebody with this address is in the practice already. Change their role instead.")
    if provider_id is not None and not Provider.objects.filter(pk=provider_id, is_active=True).exists():
        raise InvitationRefused("The practice has no such injector. Choose one from the list.")
    invitation = Invitation.objects.filter(email__iexact=address, accepted_at=None, revoked_at=None).first()
    if invitation is None:
        invitation = Invitation(practice_id=practice_id, email=address)
    else:
        require_may_give(giver, Role(invitation.role))
    invitation.role, invitation.provider_id = role, provider_id
    invitation.invited_by_id = actor.staff_member_id
    _post(invitation, now)
    audit(practice_id, actor, "staff_invited", now, subject_id=invitation.pk, detail={"role": role.value})
    return invitation


def resend(practice_id: UUID, actor: Actor, invitation_id: UUID, now: datetime) -> Invitation:
    """Will post an open invitation once more, good for 7 days from now.

    Raises:
        Invitation.DoesNotExist: the practice has no such open invitation.
        TeamRefused: the actor's role may not give the invitation's.
    """
    invitation = _locked_open(practice_id, actor, invitation_id)
    _post(invitation, now)
    audit(practice_id, actor, "invitation_resent", now, subject_id=invitation.pk)
    return invitation


def revoke(practice_id: UUID, actor: Actor, invitation_id: UUID, now: datetime) -> Invitation:
    """Will close an invitation: its link opens nothing any more.

    Raises:
        Invitation.DoesNotExist: the practice has no such open invitation.
        TeamRefused: the actor's role may not give the invitation's.
    """
    invitation = _locked_open(practice_id, actor, invitation_id)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    audit(practice_id, actor, "invitation_revoked", now, subject_id=invitation.pk)
    return invitation


def accept(
    practice_id: UUID, invitation_id: UUID, person: Person, now: datetime, *, address: str | None = None
) -> StaffMember:
    """Will let a person in whose address was invited. Opens the practice's scope itself.

    Raises:
        InvitationClosed: it was accepted or revoked, has expired, or is for another address.
    """
    with practice_scope(practice_id):
        hold_team(practice_id)
        invitation = Invitation.objects.filter(
            pk=invitation_id, accepted_at=None, revoked_at=None, expires_at__gt=now, email__iexact=person.email
        ).first()
        if invitation is None:
            raise InvitationClosed
        member = admit(practice_id, person.pk, Role(invitation.role))
        invitation.accepted_at, invitation.accepted_by = now, member
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        if invitation.provider_id is not None:
            Provider.objects.filter(pk=invitation.provider_id, staff_member=None).update(staff_member=member)
        audit(
            practice_id,
            Actor(member.pk, address),
            "invitation_accepted",
            now,
            subject_id=invitation.pk,
            detail={"role": member.role},
        )
    return member


def accept_as_new_person(
    practice_id: UUID,
    invitation_id: UUID,
    email: str,
    name: str,
    password: str,
    now: datetime,
    *,
    address: str | None = None,
) -> Person:
    """Will make the invited person, whose address the link has proven, and let them in: both or neither.

    Raises:
        PersonRefused: somebody signs in with this address already.
        InvitationClosed: it was accepted or revoked, has expired, or is for another address.
    """
    with transaction.atomic():
        person = create_confirmed_person(email, name, password)
        accept(practice_id, invitation_id, person, now, address=address)
    return person


def _locked_open(practice_id: UUID, actor: Actor, invitation_id: UUID) -> Invitation:
    hold_team(practice_id)
    invitation = Invitation.objects.get(pk=invitation_id, accepted_at=None, revoked_at=None)
    require_may_give(role_of(actor), Role(invitation.role))
    return invitation


def _post(invitation: Invitation, now: datetime) -> None:
    invitation.invited_at, invitation.expires_at = now, now + timedelta(days=OPEN_DAYS)
    invitation.save()
    name = Practice.objects.values_list("name", flat=True).get(pk=invitation.practice_id)
    link = f"{settings.PUBLIC_URL}/join/{invitation_token(invitation.practice_id, invitation.pk)}/"
    text = (
        f"{name} invites you to medspa, as {Role(invitation.role).label.lower()}. medspa reminds its clients when "
        f"their next visit is due.\n\nOpen this link to join; it works for {OPEN_DAYS} days:\n\n{link}\n\n"
        "If you do not know the practice, ignore this letter: without the link nothing happens.\n"
    )
    transaction.on_commit(partial(post_letter, invitation.email, f"Join {name} on medspa", text))
