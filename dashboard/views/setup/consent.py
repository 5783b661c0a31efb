"""Does the practice vouch that its clients agreed to be written to? (SEQ-12)"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.models.consent import ConsentAttestation, ConsentScope
from clients.operations.consents import AttestationRefused, attest
from dashboard.forms.consent import AttestForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from dashboard.views.wording.moments import date_words
from practices.queries.abilities import Ability


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the practice vouched for before."""

    scope: str
    wording: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def consent(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show what was vouched for; vouch."""
    form = AttestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scope = ConsentScope(form.cleaned_data["scope"])
        try:
            attest(
                staff.practice_id, scope, form.cleaned_data["wording"], staff.person_name, staff.now, actor=staff.actor
            )
        except AttestationRefused as error:
            form.add_error("wording", str(error))
        else:
            said(request, f"The practice vouches for consent to {scope.label.lower()}.")
            return redirect("dashboard:consent", staff.slug)
    context = {"staff": staff, "here": "start", "form": form, "vouched": _vouched(staff)}
    return render(request, "dashboard/setup/consent.html", context)


def _vouched(staff: Staff) -> list[Vouched]:
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    rows = ConsentAttestation.objects.filter(practice_id=staff.practice_id, withdrawn_at=None)
    return [
        Vouched(
            each.get_scope_display(),
            each.wording,
            f"{each.attested_by} vouched on {date_words(each.attested_at.astimezone(zone).date(), today)}.",
        )
        for each in rows.order_by("-attested_at", "-pk")
    ]
