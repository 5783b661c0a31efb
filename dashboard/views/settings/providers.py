"""Who treats, how do messages in their name sound, and whose login is theirs? (TEN-3, R31)"""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.forms.settings_places import ProviderForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.settings.pages import saved, segments
from practices.models import StaffMember
from practices.operations.settings import change_provider
from practices.queries.abilities import Ability
from practices.queries.places import logins_for, provider_of, providers_of

FIELDS = ("display_name", "sign_off", "booking_url", "is_active", "staff_member_id")


@dataclass(frozen=True, slots=True)
class Row:
    """One provider of the list."""

    name: str
    url: str
    display_name: str
    login: str
    is_active: bool


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def providers(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show all providers."""
    rows = [
        Row(
            name=each.name,
            url=reverse("dashboard:settings_provider", args=[staff.slug, each.pk]),
            display_name=each.display_name,
            login=_name(each.staff_member) if each.staff_member else "",
            is_active=each.is_active,
        )
        for each in providers_of(staff.practice_id)
    ]
    page = {"staff": staff, "here": "settings", "rows": rows, "segments": segments(staff, "settings_providers")}
    return render(request, "dashboard/settings/providers.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def provider(request: HttpRequest, staff: Staff, provider_id: UUID) -> HttpResponse:
    """Show one provider, and change them."""
    injector = provider_of(staff.practice_id, provider_id)
    if injector is None:
        raise Http404("No such provider in this practice.")
    form = ProviderForm(
        request.POST if request.method == "POST" else None,
        current={field: getattr(injector, field) for field in FIELDS},
        people=tuple((str(each.pk), _name(each)) for each in logins_for(staff.practice_id, injector.staff_member_id)),
    )
    if saved(
        request, form, lambda changes: change_provider(staff.practice_id, injector.pk, changes, staff.actor, staff.now)
    ):
        return redirect("dashboard:settings_providers", staff.slug)
    page = {
        "staff": staff,
        "here": "settings",
        "form": form,
        "name": injector.name,
        "summary": "As the records name them.",
        "cancel_url": reverse("dashboard:settings_providers", args=[staff.slug]),
    }
    return render(request, "dashboard/settings/provider.html", page)


def _name(member: StaffMember) -> str:
    return member.person.name or member.person.email
