"""Who works in the practice, who was asked to, and who may decide on whom? (TEN-2)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing

from practices.models import Invitation, Practice, Role, StaffMember
from practices.queries.abilities import Ability, may
from practices.tenancy import practice_scope

_SALT: Final = "practices.invitation"


class InvitationClosed(LookupError):
    """The link opens nothing: it is none, or the invitation was accepted, revoked or has expired."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What somebody with the link may know, and whether it is still open."""

    practice_id: UUID
    invitation_id: UUID
    slug: str
    practice_name: str
    email: str
    role: Role
    accepted_by_id: UUID | None
    """The person who accepted it, if somebody has."""


def roles_given_by(giver: Role) -> tuple[Role, ...]:
    """The roles that this role may give, take or invite: an owner any, a manager any but owner, others none.

    >>> [role.value for role in roles_given_by(Role.MANAGER)], roles_given_by(Role.INJECTOR)
    (['manager', 'injector', 'front_desk'], ())
    """
    if not may(giver, Ability.MANAGE_TEAM):
        return ()
    return tuple(role for role in Role if role is not Role.OWNER or giver is Role.OWNER)


def members() -> list[StaffMember]:
    """Those who may sign in to the practice of the open scope, each with the person, by name. One query."""
    found = StaffMember.objects.filter(is_active=True).select_related("person")
    return list(found.order_by("person__name", "person__email"))


def has_asked_others() -> bool:
    """Whether the practice of the open scope has more than one member, or has invited somebody. At most two queries."""
    return StaffMember.objects.all()[:2].count() > 1 or Invitation.objects.exists()


def open_invitations() -> list[Invitation]:
    """What was sent and is neither accepted nor revoked, expired or not, newest first. One query."""
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("provider")
    return list(waiting.order_by("-invited_at", "-pk"))


def invitation_token(practice_id: UUID, invitation_id: UUID) -> str:
    """What the link carries: both ids, signed, so that no table across practices is needed."""
    return signing.dumps([practice_id.hex, invitation_id.hex], salt=_SALT)


def invited(token: str, now: datetime) -> Invited:
    """Look up whom a link invites. Opens the practice's scope itself.

    Raises:
        InvitationClosed: nobody made this link, or what it names is gone, was revoked or has expired.
    """
    try:
        practice_id, invitation_id = (UUID(hex=str(each)) for each in signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvitationClosed from error
    with practice_scope(practice_id):
        found = Invitation.objects.filter(pk=invitation_id, revoked_at=None).select_related("accepted_by").first()
        practice = Practice.objects.filter(pk=practice_id).first()
    if found is None or practice is None or (found.accepted_at is None and found.expires_at <= now):
        raise InvitationClosed
    accepted_by = found.accepted_by.person_id if found.accepted_by else None
    return Invited(practice_id, found.pk, practice.slug, practice.name, found.email, Role(found.role), accepted_by)
