"""How does a manager erase a client for good? (REC-5)"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.models import Client
from clients.operations.erasing import erase_client
from clients.queries.permissions import permissions_of
from clients.queries.refusals import refused_at
from dashboard.forms.erasing import EraseForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability

_OUT = (
    "The client opted out. A code made from the phone, the email and the ids stays on the suppression list, so that"
    " no message leaves if the records bring the person in again. Nobody can read them from it."
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.ERASE_CLIENTS)
def erase(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Ask before what cannot be undone; then do it."""
    found = Client.objects.filter(practice_id=staff.practice_id, pk=client_id, erased_at=None)
    row = found.select_related("merged_into").first()
    if row is None:
        raise Http404("No such client in this practice.")
    row = row.merged_into or row
    is_out = permissions_of(staff.practice_id, [row.pk])[row.pk].is_opted_out
    is_out = is_out or refused_at(staff.practice_id, [row.pk]) is not None
    form = EraseForm(request.POST if request.method == "POST" else None, is_out=is_out)
    if request.method == "POST" and form.is_valid():
        keep_out = bool(form.cleaned_data.get("keep_out"))
        try:
            erase_client(staff.practice_id, row.pk, staff.actor, staff.now, keep_out=keep_out)
        except Client.DoesNotExist as error:
            raise Http404("Somebody erased this client already.") from error
        said(request, "The client is erased.")
        return redirect("dashboard:client", staff.slug, row.pk)
    page = {
        "staff": staff,
        "here": "clients",
        "form": form,
        "title": f"Erase {client_name(row)} for good",
        "sentences": [
            (
                "The name, phone, email, birth date, ids, notes, consents, replies and the words of every message and"
                " call are gone at once. Sequences end."
            ),
            (
                "What was counted stays, without the person: treatments by type, day and price, appointments by time,"
                " messages by what became of them. The records system keeps its own data; erase the person there too."
            ),
            *([_OUT] if is_out else []),
        ],
        "submit": "Erase the client",
        "cancel": "Keep the client",
        "cancel_url": reverse("dashboard:client", args=[staff.slug, row.pk]),
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page, status=422 if form.errors else 200)
