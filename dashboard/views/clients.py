"""Which client is meant?"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clients.models import Client
from clients.queries.find import MOST, find_clients
from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.people import client_name, phone_words
from dashboard.views.wording.states import Shown
from practices.queries.abilities import Ability

LONGEST_QUERY = 120


@dataclass(frozen=True, slots=True)
class Found:
    """One client as the list shows her."""

    name: str
    url: str
    phone: str
    email: str
    state: Shown | None


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def clients(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the clients that the typed words find; without words, the first by name."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    found = [
        Found(
            name=client_name(each),
            url=reverse("dashboard:client", args=[staff.slug, each.pk]),
            phone=phone_words(each.phone),
            email=each.email,
            state=None
            if each.status == Client.Status.ACTIVE
            else Shown("suppressed", Client.Status(each.status).label),
        )
        for each in find_clients(staff.practice_id, query)
    ]
    page = {
        "staff": staff,
        "here": "clients",
        "query": query,
        "found": found,
        "is_cut": len(found) == MOST,
        "most": MOST,
    }
    return render(request, "dashboard/clients.html", page)
