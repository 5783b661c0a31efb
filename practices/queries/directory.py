"""Which practice is meant, and which practices does a person belong to?"""

from dataclasses import dataclass
from uuid import UUID

from practices.models import Practice, Role, StaffMember
from practices.tenancy import across_practices


class PracticeNotFound(LookupError):
    """No practice has the slug that an operator gave."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in one practice, as sign-in and the switcher need it (TEN-2)."""

    practice_id: UUID
    slug: str
    name: str
    role: Role
    staff_member_id: UUID


def practice_by_slug(slug: str) -> Practice:
    """The practice that an operator's command names. Crosses practices: no scope may be open.

    Raises:
        PracticeNotFound: there is none of that slug.
    """
    with across_practices():
        practice = Practice.objects.filter(slug=slug).first()
    if practice is None:
        raise PracticeNotFound(f"There is no practice {slug!r}; make one with: manage.py create_practice {slug}")
    return practice


def every_practice() -> list[UUID]:
    """The ids of all practices, for an operator's command that goes through them. Crosses practices."""
    with across_practices():
        return list(Practice.objects.order_by("pk").values_list("pk", flat=True))


def practices_of(person_id: UUID) -> tuple[Membership, ...]:
    """The practices in which an active person has an active place, by name. Crosses practices (TEN-2)."""
    with across_practices():
        rows = list(
            StaffMember.objects.filter(person_id=person_id, is_active=True, person__is_active=True)
            .order_by("practice__name", "practice_id")
            .values_list("practice_id", "practice__slug", "practice__name", "role", "id")
        )
    return tuple(
        Membership(practice_id, slug, name, Role(role), staff_member_id)
        for practice_id, slug, name, role, staff_member_id in rows
    )
