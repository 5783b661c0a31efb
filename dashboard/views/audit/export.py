"""How does a manager take the audit trail along? As a file; the taking is in the trail too. (TEN-5)"""

import csv
import io
import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from clients.models import Client
from clients.queries.named import clients_named
from dashboard.views.access import Staff, staff_page
from dashboard.views.audit.page import filter_form, who_words
from dashboard.views.wording.audit_words import action_words
from dashboard.views.wording.people import client_name
from practices.models import AuditEntry
from practices.operations.auditing import audit
from practices.queries.abilities import Ability
from practices.queries.audit_trail import TrailCursor, TrailFilter, actors_of, trail_page
from practices.tenancy import practice_scope

AT_ONCE = 1000
COLUMNS = (
    "number", "at", "who", "staff_member_id", "what", "action", "client", "client_id", "subject_id", "detail",
    "address", "digest",
)  # fmt: skip
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute if a cell began with it."""


@require_GET
@staff_page(Ability.SEE_AUDIT)
def audit_export(request: HttpRequest, staff: Staff) -> StreamingHttpResponse:
    """Send the lines that the filters ask for as CSV, newest first; note first that somebody took them."""
    people = actors_of(staff.practice_id)
    form = filter_form(request.GET, staff, people)
    if not form.is_valid():
        raise Http404("The filters of this address are not right.")
    audit(staff.practice_id, staff.actor, "audit_exported", staff.now, detail={"filters": form.address()})
    day = f"{staff.now:%Y-%m-%d}"
    return StreamingHttpResponse(
        _csv(staff.practice_id, form.wanted(), people),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{staff.slug}-{day}.csv"'},
    )


def _csv(practice_id: UUID, wanted: TrailFilter, people: Mapping[UUID, str]) -> Iterator[bytes]:
    """A thousand lines at a time, each in a short scope of its own: none is open while the reader waits."""
    yield BOM_UTF8 + _written([COLUMNS])  # the mark has spreadsheets read every letter as it is written
    before: TrailCursor | None = None
    while True:
        with practice_scope(practice_id):
            page = trail_page(practice_id, wanted, before, size=AT_ONCE)
            clients = clients_named(practice_id, {each.client_id for each in page.entries if each.client_id})
        yield _written([_row(each, people, clients) for each in page.entries])
        if page.older is None:
            return
        before = page.older


def _row(entry: AuditEntry, people: Mapping[UUID, str], clients: Mapping[UUID, Client]) -> tuple[Any, ...]:
    client = clients.get(entry.client_id) if entry.client_id else None
    return (
        entry.number,
        entry.at.isoformat(),
        who_words(entry, people),
        entry.staff_member_id,
        action_words(entry.action),
        entry.action,
        client_name(client) if client else "",
        entry.client_id,
        entry.subject_id,
        json.dumps(entry.detail, sort_keys=True) if entry.detail else "",
        entry.address,
        entry.digest,
    )


def _written(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: Any) -> str:
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(FORMULAS) else words
