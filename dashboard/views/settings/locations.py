"""Where do clients come, and what does a confirmation tell them about it? (TEN-3)"""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.forms.settings_places import LocationForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.settings.pages import saved, segments
from dashboard.views.wording.moments import zone_words
from dashboard.views.wording.people import phone_words
from practices.models import Location
from practices.operations.settings import change_location
from practices.queries.abilities import Ability
from practices.queries.places import location_of, locations_of

FIELDS = (
    "name", "time_zone", "address_line", "city", "state", "postal_code", "parking", "check_in", "intake_url",
    "booking_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One location of the list."""

    name: str
    url: str
    address: str
    phone: str
    zone: str


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def locations(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show all locations."""
    rows = [
        Row(
            name=each.name,
            url=reverse("dashboard:settings_location", args=[staff.slug, each.pk]),
            address=_address(each),
            phone=phone_words(each.phone),
            zone=zone_words(each.time_zone),
        )
        for each in locations_of(staff.practice_id)
    ]
    page = {"staff": staff, "here": "settings", "rows": rows, "segments": segments(staff, "settings_locations")}
    return render(request, "dashboard/settings/locations.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def location(request: HttpRequest, staff: Staff, location_id: UUID) -> HttpResponse:
    """Show one location, and change it."""
    place = location_of(staff.practice_id, location_id)
    if place is None:
        raise Http404("No such location in this practice.")
    form = LocationForm(
        request.POST if request.method == "POST" else None,
        current={**{field: getattr(place, field) for field in FIELDS}, "phone": phone_words(place.phone)},
    )
    if saved(
        request, form, lambda changes: change_location(staff.practice_id, place.pk, changes, staff.actor, staff.now)
    ):
        return redirect("dashboard:settings_locations", staff.slug)
    page = {
        "staff": staff,
        "here": "settings",
        "form": form,
        "name": place.name,
        "summary": _address(place) or "The address is missing: confirmations cannot say where to come.",
        "cancel_url": reverse("dashboard:settings_locations", args=[staff.slug]),
    }
    return render(request, "dashboard/settings/location.html", page)


def _address(place: Location) -> str:
    state = f"{place.state} {place.postal_code}".strip()
    return ", ".join(part for part in (place.address_line, place.city, state) if part)
