"""How does staff take a client out of everything, and record that the client took it back? (OPT-1, OPT-3)"""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.models import Client
from clients.operations.reaching import NobodyNamed
from clients.operations.staff_opt_outs import opt_out_for, take_back_for
from clients.operations.taking_back import may_be_refused
from dashboard.forms.steering import OptOutForm, TakeBackForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability

_GOES_ON: Final = "Their carrier may go on refusing until they text START to your number."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPT_OUT)
def opt_out(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Ask before what reaches every sequence at once; then do it. Every role may: whoever is told, acts."""
    row = _client(staff, client_id)
    form = OptOutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opt_out_for(staff.practice_id, client_id, form.cleaned_data["wording"], staff.actor, staff.now)
        except NobodyNamed as error:
            raise Http404("Somebody erased this client meanwhile.") from error
        said(request, f"{client_name(row)} is opted out. No reminder leaves any more, on any channel.")
        return redirect("dashboard:client", staff.slug, client_id)
    page = {
        **_page(staff, row, form),
        "title": f"Opt out {client_name(row)}",
        "sentences": [
            (
                "Every reminder, reactivation message and survey stops at once, by text and by email, for later"
                " treatments too. A booked appointment is still confirmed by email. Only the client can start"
                " the rest again, with START or a new consent."
            )
        ],
        "submit": "Opt out of everything",
        "cancel": "Keep the reminders",
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.LIFT_OPT_OUT)
def take_back(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Record in the client's words that messages are wanted again; what had ended stays ended (R28)."""
    row = _client(staff, client_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        take_back_for(staff.practice_id, client_id, form.cleaned_data["wording"], staff.actor, staff.now)
        said(request, "The opt-out is lifted. What it ended stays ended until the next treatment, or until reopened.")
        return redirect("dashboard:client", staff.slug, client_id)
    page = {
        **_page(staff, row, form),
        "title": f"Lift the opt-out of {client_name(row)}",
        "sentences": [
            (
                "Only the client can take an opt-out back. What was said is kept as a new consent to messages on the"
                " phone and the email that are known."
            ),
            "Reminders that the opt-out ended do not come back by themselves: the next treatment starts afresh.",
            *([_GOES_ON] if may_be_refused(staff.practice_id, client_id) else []),
        ],
        "submit": "Lift the opt-out",
        "cancel": "Keep the opt-out",
    }
    return render(request, "dashboard/asked.html", page, status=422 if form.errors else 200)


def _page(staff: Staff, row: Client, form: OptOutForm | TakeBackForm) -> dict[str, object]:
    back = reverse("dashboard:client", args=[staff.slug, row.pk])
    return {"staff": staff, "here": "clients", "form": form, "cancel_url": back}


def _client(staff: Staff, client_id: UUID) -> Client:
    row = Client.objects.filter(practice_id=staff.practice_id, pk=client_id, erased_at=None).first()
    if row is None:
        raise Http404("No such client in this practice.")
    return row
