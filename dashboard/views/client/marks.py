"""Which of a client's addresses did a carrier find out of reach, and how does staff take such a mark off? (CHN-2)"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clients.models import AddressMark, Client
from clients.operations.marking import lift_mark
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.terms import Fact
from dashboard.views.parts.toasts import said
from dashboard.views.wording.moments import date_words
from integrations.messaging.registry import GATEWAYS
from integrations.queries.accounts import carrier_name
from practices.queries.abilities import Ability

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {AddressMark.Subject.PHONE: "Texts don’t arrive", AddressMark.Subject.EMAIL: "Emails don’t arrive"}
)
_PROBLEMS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (AddressMark.Subject.PHONE, AddressMark.Problem.NOT_MOBILE): "Not a mobile number",
        (AddressMark.Subject.PHONE, AddressMark.Problem.NO_SUCH): "There is no such number",
        (AddressMark.Subject.PHONE, AddressMark.Problem.BLOCKED): "The number, or its carrier, blocks them",
        (AddressMark.Subject.PHONE, AddressMark.Problem.COMPLAINT): "Reported as spam",
        (AddressMark.Subject.PHONE, AddressMark.Problem.OPTED_OUT): (
            "The carrier still refuses this number: they have to text START to yours"
        ),
        (AddressMark.Subject.EMAIL, AddressMark.Problem.NO_SUCH): "There is no such mailbox",
        (AddressMark.Subject.EMAIL, AddressMark.Problem.BLOCKED): "The mailbox blocks them",
        (AddressMark.Subject.EMAIL, AddressMark.Problem.COMPLAINT): "Marked as spam by the client",
        (AddressMark.Subject.EMAIL, AddressMark.Problem.OPTED_OUT): (
            "The carrier still has this address as unsubscribed: take it off its list there"
        ),
    }
)


def mark_facts(marks: Iterable[AddressMark], staff: Staff, client_id: UUID, today: date) -> list[Fact]:
    """Return what is wrong with a client's phone and email, since when, by whose word, and how it is taken off."""
    return [_fact(mark, staff, client_id, today) for mark in marks]


def _fact(mark: AddressMark, staff: Staff, client_id: UUID, today: date) -> Fact:
    day = mark.at.astimezone(ZoneInfo(staff.time_zone)).date()
    kind = GATEWAYS.get(mark.gateway)
    carrier = carrier_name(kind) if kind else "The carrier"
    may_lift = Ability.STEER_REMINDERS in staff.may
    return Fact(
        name=_NAMES[mark.subject],
        values=(_PROBLEMS.get((mark.subject, mark.problem), mark.get_problem_display()),),
        notes=(f"{carrier} said so on {date_words(day, today)}. Messages leave by the other channel if it is open.",),
        deed="Take the mark off" if may_lift else "",
        deed_url=reverse("dashboard:mark_lift", args=[staff.slug, client_id, mark.pk]) if may_lift else "",
    )


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def lift(request: HttpRequest, staff: Staff, client_id: UUID, mark_id: UUID) -> HttpResponse:
    """Let messages leave to an address again; where it is still out of reach, the carrier will say so again."""
    if not Client.objects.filter(practice_id=staff.practice_id, pk=client_id).exists():
        raise Http404("No such client in this practice.")
    try:
        lift_mark(staff.practice_id, mark_id, staff.actor, staff.now)
    except AddressMark.DoesNotExist as error:
        raise Http404("No such mark in this practice.") from error
    said(request, "The mark is off. Messages leave to that address again.")
    return redirect("dashboard:client", staff.slug, client_id)
