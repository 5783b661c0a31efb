"""Shall messages leave from now on? First what would leave and who is held, then the press. (SEQ-9)"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused
from dashboard.views.wording.moments import full_day_words
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.services import count_words, opened
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import carriers
from practices.models import Practice
from practices.queries.abilities import Ability
from reminders import tasks
from reminders.operations.outlook import begin_outlook, outlook_of


@dataclass(frozen=True, slots=True)
class Line:
    """A number and what it counts."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Deaf:
    """A carrier that sends, while what clients answer goes elsewhere, and where that is mended."""

    words: str
    url: str
    link: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def go_live(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show what would leave, and take the practice live. A worker does both; the page asks again until it is done."""
    if request.method == "POST":
        return _ask(request, staff)
    known = outlook_of(staff.practice_id)
    context: dict[str, Any] = {"staff": staff, "here": "start", "known": known}
    context["is_setup"] = staff.practice.status == Practice.Status.SETUP
    context["deaf"] = _deaf(staff) if context["is_setup"] else []
    if known is not None and known.figures is not None:
        context |= _figures(staff, known.figures)
    is_again = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") is None
    return render(
        request, "dashboard/setup/go_live_again.html" if is_again else "dashboard/setup/go_live.html", context
    )


def _ask(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Hand the work to a worker, once."""
    again = redirect("dashboard:go_live", staff.slug)
    if staff.practice.status != Practice.Status.SETUP:
        refused(request, "The practice has gone live already.")
        return again
    is_going = request.POST.get("do") == "go"
    known = outlook_of(staff.practice_id)
    if is_going and (known is None or known.figures is None):
        refused(request, "See what would leave first.")
        return again
    if begin_outlook(staff.practice_id, is_going=is_going):
        practice_id = str(staff.practice_id)
        task = (
            partial(
                tasks.go_live.delay,
                practice_id=practice_id,
                staff_member_id=str(staff.membership.staff_member_id),
                address=staff.actor.address,
            )
            if is_going
            else partial(tasks.work_out_going_live.delay, practice_id=practice_id)
        )
        transaction.on_commit(task)
    return again


def _deaf(staff: Staff) -> list[Deaf]:
    carry = [each for each in carriers(staff.practice) if each.carries and each.account and each.account.is_deaf]
    return [
        Deaf(
            each.account.trouble,
            reverse("dashboard:settings_carrier", args=[staff.slug, each.kind.key]),
            f"Open {carrier_name(each.kind)}",
        )
        for each in carry
        if each.account
    ]


def _figures(staff: Staff, figures: dict[str, Any]) -> dict[str, Any]:
    today = staff.today
    days = [Line(full_day_words(date.fromisoformat(day), today), count) for day, count in figures["by_day"].items()]
    held = [Line(reason_sentence(reason), count) for reason, count in figures["held"].items()]
    past, lapsed, clients = (
        figures[name] for name in ("not_sent_before_go_live", "enter_reactivation", "held_clients")
    )
    notes = []
    if past:
        notes.append(f"{opened(count_words(past, 'reminder'))} of the past will not be sent.")
    if lapsed:
        who = opened(count_words(lapsed, "lapsed client"))
        notes.append(f"{who} {'is' if lapsed == 1 else 'are'} written to within four weeks, the longest lapsed last.")
    return {
        "figures": figures,
        "days": days,
        "notes": " ".join(notes),
        "held_count": f"of {count_words(clients, 'client')}",
        "held": sorted(held, key=lambda line: -line.number),
    }
