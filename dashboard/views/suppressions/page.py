"""Who must not be written to, how did that come, and what happened to an address? (OPT-2)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clients.models import Client, Suppression
from clients.operations.exporting_stops import export_stops
from clients.queries.suppressions import (
    LIFTED,
    STANDING,
    STATES,
    Cursor,
    Wanted,
    find_suppressions,
    history_of,
    owners_of,
    suppression_named,
    suppression_page,
)
from dashboard.forms.suppressions import SuppressionsForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.client.timeline.words_said import OPT_OUTS
from dashboard.views.wording.moments import date_words, day_words, time_tag
from dashboard.views.wording.people import client_name
from dashboard.views.wording.states import Shown
from dashboard.views.wording.suppressions import address_words, standing_of
from practices.queries.abilities import Ability

SEGMENTS = (("", "All"), (STANDING, "Standing"), (LIFTED, "Lifted"))


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the list shows it. `name` empty: the address is no client's."""

    name: str
    client_url: str
    address: str
    how: str
    by: str
    words: str
    at: SafeString
    state: Shown
    ended: SafeString | str
    url: str


@require_safe
@staff_page(Ability.SEE_SUPPRESSIONS)
def suppressions(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the list, the newest first, or what a phone, an email or a name finds in it."""
    form, wanted, words = _asked(request)
    before = _cursor(request.GET.get("before", ""))
    if words:
        page = find_suppressions(staff.practice_id, words, wanted)
    else:
        page = suppression_page(staff.practice_id, wanted, before)
    address = reverse("dashboard:suppressions", args=[staff.slug])
    kept = {key: value for key, value in (("q", words), ("origin", wanted.origin)) if value}
    chosen = kept | ({"state": wanted.state} if wanted.state else {})
    context = {
        "staff": staff,
        "here": "suppressions",
        "form": form,
        "clear_url": address if words or wanted.origin else "",
        "is_filtered": bool(chosen),
        "segments": [
            (f"{address}?{urlencode(kept | ({'state': key} if key else {}))}", name, key == wanted.state)
            for key, name in SEGMENTS
        ],
        "rows": _rows(page.rows, staff),
        "newest_url": f"{address}?{urlencode(chosen)}" if before else "",
        "older_url": f"{address}?{urlencode(chosen | {'before': str(page.older)})}" if page.older else "",
        "export_url": _export_url(staff, wanted),
    }
    return render(request, "dashboard/suppressions/page.html", context)


@require_safe
@staff_page(Ability.SEE_SUPPRESSIONS)
def suppression(request: HttpRequest, staff: Staff, suppression_id: UUID) -> HttpResponse:
    """Show everything that happened to one address: each stop, and when it was taken back."""
    row = suppression_named(staff.practice_id, suppression_id)
    if row is None:
        raise Http404("No such entry in this practice's list.")
    rows = history_of(staff.practice_id, row)
    owner = owners_of(staff.practice_id, [row]).get(row.pk)
    context = {
        "staff": staff,
        "here": "suppressions",
        "title": address_words(row)
        if row.subject != Suppression.Subject.CLIENT or owner is None
        else client_name(owner),
        "owner": client_name(owner) if owner else "",
        "owner_url": reverse("dashboard:client", args=[staff.slug, owner.pk]) if owner else "",
        "state": standing_of(rows[0]),
        "rows": _rows(rows, staff),
    }
    return render(request, "dashboard/suppressions/suppression.html", context)


@require_safe
@staff_page(Ability.SEE_SUPPRESSIONS)
def export(request: HttpRequest, staff: Staff) -> StreamingHttpResponse:
    """Hand out the list as CSV: all of it, or what the page's filters chose."""
    _, wanted, _ = _asked(request)
    pieces = export_stops(staff.practice_id, wanted, staff.actor, staff.now)
    day = staff.today
    headers = {"Content-Disposition": f'attachment; filename="suppression-list-{staff.slug}-{day}.csv"'}
    # The byte-order mark has spreadsheets read every letter as it is written.
    return StreamingHttpResponse(_with_mark(pieces), content_type="text/csv; charset=utf-8", headers=headers)


def _with_mark(pieces: Iterable[str]) -> Iterable[str]:
    yield "\ufeff"
    yield from pieces


def _export_url(staff: Staff, wanted: Wanted) -> str:
    chosen = {"state": wanted.state, "origin": wanted.origin}
    address = reverse("dashboard:suppressions_export", args=[staff.slug])
    query = urlencode({key: value for key, value in chosen.items() if value})
    return f"{address}?{query}" if query else address


def _asked(request: HttpRequest) -> tuple[SuppressionsForm, Wanted, str]:
    form = SuppressionsForm(request.GET)
    form.is_valid()
    known: Mapping[str, str] = form.cleaned_data
    state = known.get("state", "")
    return form, Wanted(state if state in STATES else "", known.get("origin", "")), known.get("q", "")


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the list.") from error


def _rows(rows: Iterable[Suppression], staff: Staff) -> list[Row]:
    rows = list(rows)
    owners = owners_of(staff.practice_id, rows)
    today = staff.today
    return [_row(each, owners.get(each.pk), staff, today) for each in rows]


def _row(each: Suppression, owner: Client | None, staff: Staff, today: date) -> Row:
    ended_at = each.lifted_at or each.narrowed_at
    return Row(
        name=client_name(owner) if owner else "",
        client_url=reverse("dashboard:client", args=[staff.slug, owner.pk]) if owner else "",
        address=address_words(each),
        how=OPT_OUTS[Suppression.Origin(each.origin)],
        by=(each.by.person.name or each.by.person.email) if each.by else "",
        words=each.wording,
        at=_tag(each.at, staff, day_words(_day(each.at, staff), today)),
        state=standing_of(each),
        ended=_tag(ended_at, staff, f"since {date_words(_day(ended_at, staff), today)}") if ended_at else "",
        url=reverse("dashboard:suppression", args=[staff.slug, each.pk]),
    )


def _tag(moment: datetime, staff: Staff, words: str) -> SafeString:
    return time_tag(moment, staff.time_zone, words)


def _day(moment: datetime, staff: Staff) -> date:
    return moment.astimezone(ZoneInfo(staff.time_zone)).date()
