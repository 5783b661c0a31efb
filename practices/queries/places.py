"""Which locations and providers does a practice have, and who may sign in as one of them?"""

from uuid import UUID

from django.db.models import Q

from practices.models import Location, Provider, StaffMember


def locations_of(practice_id: UUID) -> list[Location]:
    """Return the locations by name."""
    return list(Location.objects.filter(practice_id=practice_id).order_by("name", "pk"))


def providers_of(practice_id: UUID) -> list[Provider]:
    """Return the providers, those who treat first, then by name; with the person of each login."""
    rows = Provider.objects.filter(practice_id=practice_id).select_related("staff_member__person")
    return list(rows.order_by("-is_active", "name", "pk"))


def location_of(practice_id: UUID, location_id: UUID) -> Location | None:
    """Return one location; None if the practice has none of that id."""
    return Location.objects.filter(practice_id=practice_id, pk=location_id).first()


def provider_of(practice_id: UUID, provider_id: UUID) -> Provider | None:
    """Return one provider; None if the practice has none of that id."""
    return Provider.objects.filter(practice_id=practice_id, pk=provider_id).first()


def logins_for(practice_id: UUID, tied_id: UUID | None) -> list[StaffMember]:
    """Return the staff whose login may be tied to a provider, by name; the one tied now among them."""
    rows = StaffMember.objects.filter(Q(is_active=True) | Q(pk=tied_id), practice_id=practice_id)
    return list(rows.select_related("person").order_by("person__name", "person__email"))
