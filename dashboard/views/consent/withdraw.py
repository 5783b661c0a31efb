"""How does a practice take its word for its clients' consent back? (SEQ-12)"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.models.consent import ConsentAttestation, ConsentScope
from clients.operations.consents import withdraw_attestation
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from practices.queries.abilities import Ability

_HOLDS = {
    ConsentScope.SMS: (
        "Texts to clients who did not agree themselves wait again, and are given up five days after their moment."
    ),
    ConsentScope.EMAIL: (
        "Email reminders do not depend on it: they leave to clients who were treated and refused nothing."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def withdraw(request: HttpRequest, staff: Staff, attestation_id: UUID) -> HttpResponse:
    """Ask before what holds many clients at once; then do it."""
    if request.method == "POST":
        try:
            row = withdraw_attestation(staff.practice_id, attestation_id, staff.actor, staff.now)
        except ConsentAttestation.DoesNotExist as error:
            raise Http404("This practice never vouched so.") from error
        said(request, f"The practice vouches for consent to {row.get_scope_display().lower()} no more in these words.")
        return redirect("dashboard:consent", staff.slug)
    found = ConsentAttestation.objects.filter(
        practice_id=staff.practice_id, pk=attestation_id, withdrawn_at=None
    ).first()
    if found is None:
        raise Http404("This practice does not vouch so.")
    page = {
        "staff": staff,
        "here": "settings",
        "title": f"Withdraw the practice’s word for {found.get_scope_display().lower()}",
        "sentences": [
            f"“{found.wording}”",
            f"{_HOLDS[ConsentScope(found.scope)]} What left already stays as it is.",
        ],
        "submit": "Withdraw the practice’s word",
        "cancel": "Keep vouching",
        "cancel_url": reverse("dashboard:consent", args=[staff.slug]),
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page)
