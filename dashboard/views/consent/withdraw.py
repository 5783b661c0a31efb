"""How does a practice take its word for its clients' consent back? (SEQ-12)"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.models.consent import ConsentAttestation, ConsentScope
from clients.operations.consents import withdraw_attestation
from clients.queries.agreements import attestations, attested_scopes
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from practices.queries.abilities import Ability

_HOLDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ConsentScope.SMS: (
            "Texts to clients who did not agree themselves wait again, and are given up five days after their moment."
        ),
        ConsentScope.EMAIL: (
            "Email reminders do not depend on it: they leave to clients who were treated and refused nothing."
        ),
    }
)
_STILL: Final = "The practice still vouches in other words, so texts go on."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def withdraw(request: HttpRequest, staff: Staff, attestation_id: UUID) -> HttpResponse:
    """Ask before what holds many clients at once; then do it."""
    if request.method == "POST":
        try:
            row = withdraw_attestation(staff.practice_id, attestation_id, staff.actor, staff.now)
        except ConsentAttestation.DoesNotExist as error:
            raise Http404("This practice never vouched so.") from error
        words = f"The practice no longer vouches for {row.get_scope_display().lower()} in these words."
        goes_on = row.scope == ConsentScope.SMS and row.scope in attested_scopes(staff.practice_id)
        said(request, f"{words} {_STILL}" if goes_on else words)
        return redirect("dashboard:consent", staff.slug)
    standing = attestations(staff.practice_id)
    found = next((each for each in standing if each.pk == attestation_id), None)
    if found is None:
        raise Http404("This practice does not vouch so.")
    others = {each.scope for each in standing if each.pk != found.pk}
    goes_on = found.scope == ConsentScope.SMS and found.scope in others
    page = {
        "staff": staff,
        "here": "settings",
        "title": f"Withdraw the practice’s word for {found.get_scope_display().lower()}",
        "sentences": [
            f"“{found.wording}”",
            f"{_STILL if goes_on else _HOLDS[found.scope]} What left already stays as it is.",
        ],
        "submit": "Withdraw the practice’s word",
        "cancel": "Keep vouching",
        "cancel_url": reverse("dashboard:consent", args=[staff.slug]),
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page)
