"""How is one call taken, made and recorded? (CARE-2, R29)"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from dashboard.forms.call import OutcomeForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.calls.rows import call_rows, list_url, reopen_url, show_of
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.calls import first_name
from dashboard.views.wording.people import client_name, phone_words
from practices.operations.auditing import Actor
from practices.queries.abilities import Ability
from reminders.models import Call
from reminders.operations.calls import (
    CallClosed,
    CallTaken,
    record_call,
    record_outcome,
    release_call,
    reopen_call,
    take_call,
)
from reminders.operations.snoozing import NoSuchDay
from reminders.queries.calls import Show, call_of, open_calls_of, place_of

ROUND = "round"
"""In the address of a call: it is one of a round that leads from call to call, through which segment."""
BACK = "back"
"""In the address of a call: it was opened on the client's page, and leads back there."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def call(request: HttpRequest, staff: Staff, call_id: UUID) -> HttpResponse:
    """Show whom to call, why and what was before; record how it went."""
    found = call_of(staff.practice_id, call_id)
    if found is None:
        raise Http404("No such call in this practice.")
    settles = found.reason == Call.Reason.SERVICE_ISSUE
    form = OutcomeForm(request.POST if request.method == "POST" else None, settles=settles)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = record_outcome(staff.practice_id, call_id, staff.actor, staff.now, **_answers(form))
        except NoSuchDay as error:
            form.add_error("until", str(error))
        except CallClosed:
            refused(request, f"{_closed_words(found)} Nothing was changed.")
            return redirect(_after(request, staff, found))
        else:
            words = f"Call to {client_name(found.client)} recorded: {recorded.get_outcome_display().lower()}."
            said(request, words, reopen_url(recorded, staff))
            return redirect(_after(request, staff, found))
    row = call_rows([found], staff, _segment(request))[0]
    context = {
        "staff": staff,
        "here": "calls",
        "row": row,
        "form": form,
        "take_url": _with_query(request, reverse("dashboard:call_take", args=[staff.slug, call_id]))
        if row.take_url
        else "",
        "is_round": ROUND in request.GET,
        "after_url": _after(request, staff, found),
        "list_url": list_url(staff, _segment(request)),
        "opt_out_url": reverse("dashboard:opt_out", args=[staff.slug, found.client_id]),
    }
    return render(request, "dashboard/calls/call.html", context)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def take(request: HttpRequest, staff: Staff, call_id: UUID) -> HttpResponse:
    """Take a call; what to know and to record is one page away."""
    try:
        take_call(staff.practice_id, call_id, staff.actor, staff.now)
    except Call.DoesNotExist as error:
        raise Http404("No such call in this practice.") from error
    except (CallTaken, CallClosed):
        found = call_of(staff.practice_id, call_id)
        refused(request, _closed_words(found) if found and found.closed_at else _taken_words(found))
        return redirect(list_url(staff, _segment(request)))
    said(request, "The call is yours.", reverse("dashboard:call_release", args=[staff.slug, call_id]))
    return redirect(_with_query(request, reverse("dashboard:call", args=[staff.slug, call_id])))


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def release(request: HttpRequest, staff: Staff, call_id: UUID) -> HttpResponse:
    """Give a call back to the list."""
    return _change(request, staff, call_id, release_call, "The call is back on the list.")


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def reopen(request: HttpRequest, staff: Staff, call_id: UUID) -> HttpResponse:
    """Put a call that was recorded back on the list."""
    return _change(request, staff, call_id, reopen_call, "The call is back on the list.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def record(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Record a call to a client; where the client is on the call list, it is that call."""
    found = Client.objects.filter(practice_id=staff.practice_id, pk=client_id, erased_at=None)
    client = found.select_related("merged_into").first()
    if client is None:
        raise Http404("No such client in this practice.")
    client = client.merged_into or client
    listed = open_calls_of(staff.practice_id, client.pk)
    if listed and request.method != "POST":
        return redirect(f"{reverse('dashboard:call', args=[staff.slug, listed[0].pk])}?{urlencode({BACK: 'client'})}")
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_call(staff.practice_id, client.pk, staff.actor, staff.now, **_answers(form))
        except NoSuchDay as error:
            form.add_error("until", str(error))
        else:
            said(request, f"Call to {client_name(client)} recorded.")
            return redirect("dashboard:client", staff.slug, client.pk)
    context = {
        "staff": staff,
        "here": "clients",
        "client": client,
        "name": client_name(client),
        "phone_words": phone_words(client.phone),
        "form": form,
        "client_url": reverse("dashboard:client", args=[staff.slug, client.pk]),
    }
    return render(request, "dashboard/calls/call_record.html", context)


def _answers(form: OutcomeForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "outcome": Call.Outcome(given["outcome"]),
        "note": given["note"],
        "snooze_until": given["until"],
        "ends_reminders": given["ends"],
    }


def _change(
    request: HttpRequest, staff: Staff, call_id: UUID, change: Callable[[UUID, UUID, Actor, datetime], Call], words: str
) -> HttpResponse:
    try:
        changed = change(staff.practice_id, call_id, staff.actor, staff.now)
    except Call.DoesNotExist as error:
        raise Http404("No such call in this practice.") from error
    except CallClosed:
        changed = None
    if changed is None or changed.closed_at is not None:
        refused(request, "The call is no longer on the list.")
    else:
        said(request, words)
    return redirect(list_url(staff, _segment(request)))


def _closed_words(found: Call) -> str:
    if found.closed_by is None:
        return "The records settled this call."
    return f"{first_name(found.closed_by)} recorded this call already."


def _taken_words(found: Call | None) -> str:
    return f"{first_name(found.taken_by)} took this call already." if found and found.taken_by else "The call is taken."


def _segment(request: HttpRequest) -> Show:
    return show_of(request.GET.get(ROUND) or request.GET.get("show"))


def _with_query(request: HttpRequest, address: str) -> str:
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _after(request: HttpRequest, staff: Staff, found: Call) -> str:
    """Where the reader goes from a call: on in the round, else back to where the call was opened."""
    if request.GET.get(BACK) == "client":
        return reverse("dashboard:client", args=[staff.slug, found.client_id])
    if ROUND not in request.GET:
        return list_url(staff, _segment(request))
    query = {"show": _segment(request).value, "after": str(place_of(found))}
    return f"{reverse('dashboard:calls_next', args=[staff.slug])}?{urlencode(query)}"
