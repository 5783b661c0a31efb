"""How does staff put an address, or a whole list, on the suppression list? (OPT-2)"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cadences.timeline import at_local
from clients.operations.importing_stops import Imported, import_stops
from clients.operations.reaching import NobodyNamed
from clients.operations.staff_opt_outs import stop_address
from clients.operations.stop_lists import ListRefused
from dashboard.forms.suppressions import StopForm, StopListForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from dashboard.views.wording.moments import joined, number_words
from dashboard.views.wording.services import count_words, opened
from practices.queries.abilities import Ability

MOST_SHOWN = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.SEE_SUPPRESSIONS)
def add(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Ask for a phone or an email, and put it on the list."""
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reached = _stop(form, staff)
        if reached is not None:
            said(request, _added_words(len(reached)))
            return redirect("dashboard:suppressions", staff.slug)
    page = {"staff": staff, "here": "suppressions", "form": form}
    return render(request, "dashboard/suppressions/add.html", page, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.LIFT_OPT_OUT)
def import_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Take a whole list, and say what became of each line. Whoever may lift a stop may set thousands."""
    form = StopListForm(request.POST or None, request.FILES or None)
    imported = _import(form, staff) if request.method == "POST" and form.is_valid() else None
    page: dict[str, Any] = {"staff": staff, "here": "suppressions", "form": form}
    if imported is None:
        return render(request, "dashboard/suppressions/import.html", page, status=400 if form.errors else 200)
    page |= {
        "summary": _imported_words(imported),
        "bad": imported.bad[:MOST_SHOWN],
        "bad_count": len(imported.bad),
        "more": max(len(imported.bad) - MOST_SHOWN, 0),
    }
    return render(request, "dashboard/suppressions/imported.html", page)


def _stop(form: StopForm, staff: Staff) -> set[UUID] | None:
    try:
        return stop_address(
            staff.practice_id,
            form.cleaned_data["address"],
            wording=form.cleaned_data["wording"],
            actor=staff.actor,
            now=staff.now,
        )
    except NobodyNamed as error:
        form.add_error("address", str(error))
        return None


def _import(form: StopListForm, staff: Staff) -> Imported | None:
    try:
        return import_stops(
            staff.practice_id,
            form.cleaned_data["file"].file,
            wording=form.cleaned_data["wording"],
            actor=staff.actor,
            now=staff.now,
            said_at=_end_of(form.cleaned_data["made_on"], staff),
        )
    except ListRefused as error:
        form.add_error("file", str(error))
        return None


def _end_of(day: date | None, staff: Staff) -> datetime | None:
    """The list counts as of the end of its day; as of now where that is still to come."""
    if day is None:
        return None
    return min(at_local(day + timedelta(days=1), time(0), staff.time_zone), staff.now)


def _added_words(clients: int) -> str:
    if not clients:
        return "It is on the list. No client has it now."
    return f"It is on the list. {_opted_out(clients)}."


def _imported_words(imported: Imported) -> str:
    added = count_words(imported.added, "address", "addresses") if imported.added else "no address"
    parts = [f"{opened(added)} {'are' if imported.added > 1 else 'is'} new on the list"]
    if imported.known:
        parts.append(f"{number_words(imported.known)} stood there already")
    if imported.back:
        parts.append(f"{number_words(imported.back)} had been taken back since and stay so")
    return f"{joined(parts)}. {_opted_out(imported.clients)} by it."


def _opted_out(clients: int) -> str:
    who = opened(count_words(clients, "client")) if clients else "No client"
    return f"{who} {'are' if clients > 1 else 'is'} opted out"
