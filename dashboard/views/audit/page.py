"""Who did or viewed what about which client, from where, and when? (TEN-5)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clients.models import Client
from clients.queries.find import find_clients
from clients.queries.named import clients_named
from dashboard.forms.audit import AuditFilterForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.audit_words import action_choices, action_words, detail_words
from dashboard.views.wording.moments import day_words, hour_words, time_tag
from dashboard.views.wording.people import client_name
from practices.models import AuditEntry
from practices.queries.abilities import Ability
from practices.queries.audit_trail import TrailCursor, TrailPage, actors_of, trail_page

NOBODY = "The service"
GONE = "Somebody who left"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail as the page shows it."""

    day: str
    at: SafeString
    who: str
    what: str
    details: tuple[str, ...]
    client_name: str
    client_url: str
    address: str


@require_safe
@staff_page(Ability.SEE_AUDIT)
def audit(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one page of the trail, newest first, as the filters in the address ask for it."""
    people = actors_of(staff.practice_id)
    form = filter_form(request.GET, staff, people)
    here = reverse("dashboard:audit", args=[staff.slug])
    is_valid = form.is_valid()
    if is_valid and form.cleaned_data["about"] and _find(form, staff):
        return redirect(f"{here}?{urlencode(form.address())}")
    is_valid = form.is_valid()
    before = _cursor(request.GET.get("before", ""))
    page = trail_page(staff.practice_id, form.wanted(), before) if is_valid else TrailPage((), None)
    filters = form.address() if is_valid else {}
    asked_for = filters.get("client")
    clients = _clients(staff, page, asked_for)
    query = urlencode(filters)
    context = {
        "staff": staff,
        "here": "audit",
        "form": form,
        "lines": _lines(page, staff, people, clients),
        "only": client_name(clients[UUID(asked_for)]) if asked_for and UUID(asked_for) in clients else "",
        "all_url": f"{here}?{urlencode({key: value for key, value in filters.items() if key != 'client'})}",
        "clear_url": here if request.GET else "",
        "is_filtered": bool(filters),
        "is_valid": is_valid,
        "newer_url": (f"{here}?{query}" if query else here) if before else "",
        "older_url": f"{here}?{urlencode({**filters, 'before': str(page.older)})}" if page.older else "",
        "export_url": f"{reverse('dashboard:audit_export', args=[staff.slug])}{f'?{query}' if query else ''}",
    }
    return render(request, "dashboard/audit/page.html", context)


def filter_form(given: QueryDict, staff: Staff, people: Mapping[UUID, str]) -> AuditFilterForm:
    """The filters as the address has them."""
    return AuditFilterForm(
        given,
        people=[(str(member_id), name) for member_id, name in people.items()],
        actions=action_choices(),
        time_zone=staff.time_zone,
    )


def who_words(entry: AuditEntry, people: Mapping[UUID, str]) -> str:
    """The name of the one who did it."""
    return people.get(entry.staff_member_id, GONE) if entry.staff_member_id else NOBODY


def _find(form: AuditFilterForm, staff: Staff) -> bool:
    """Put the one client whom the words find into the filter, or say on the form why there is none."""
    found = find_clients(staff.practice_id, form.cleaned_data["about"].replace("\x00", ""))
    if len(found) == 1:
        form.cleaned_data["client"] = found[0].pk
        return True
    form.add_error(
        "about",
        "Several clients fit. Type the whole name, a phone number or an email address."
        if found
        else "Nobody of that name, phone or email.",
    )
    return False


def _cursor(text: str) -> TrailCursor | None:
    try:
        return TrailCursor.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the audit trail.") from error


def _clients(staff: Staff, page: TrailPage, asked_for: str | None) -> dict[UUID, Client]:
    ids = {each.client_id for each in page.entries if each.client_id}
    return clients_named(staff.practice_id, ids | ({UUID(asked_for)} if asked_for else set()))


def _lines(page: TrailPage, staff: Staff, people: Mapping[UUID, str], clients: Mapping[UUID, Client]) -> list[Line]:
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    return [_line(each, staff, people, clients, zone, today) for each in page.entries]


def _line(
    entry: AuditEntry,
    staff: Staff,
    people: Mapping[UUID, str],
    clients: Mapping[UUID, Client],
    zone: ZoneInfo,
    today: date,
) -> Line:
    local = entry.at.astimezone(zone)
    client = clients.get(entry.client_id) if entry.client_id else None
    return Line(
        day=day_words(local.date(), today),
        at=time_tag(entry.at, staff.time_zone, hour_words(local)),
        who=who_words(entry, people),
        what=action_words(entry.action),
        details=detail_words(entry.detail, staff.time_zone),
        client_name=client_name(client) if client else ("A client no longer here" if entry.client_id else ""),
        client_url=reverse("dashboard:client", args=[staff.slug, client.pk])
        if client and not client.merged_into_id
        else "",
        address=entry.address or "",
    )
