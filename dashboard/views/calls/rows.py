"""What does one call look like in a list, and on its own page?"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.views.access import Staff
from dashboard.views.wording.calls import history_words, outcome_words, whose_words, why_called, words_said
from dashboard.views.wording.people import client_name, phone_words
from practices.models import Role
from reminders.models import Call
from reminders.models.call import OF_OWN_ACCORD
from reminders.queries.call_history import call_history
from reminders.queries.calls import Caller, Show


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as people read it. Addresses are empty where nothing can be done there."""

    id: UUID
    name: str
    client_url: str
    phone: str
    phone_words: str
    why: str
    said: str
    history: str
    whose: str
    outcome: str
    note: str
    is_open: bool
    is_unhappy: bool
    url: str
    take_url: str
    release_url: str
    reopen_url: str


def caller_of(staff: Staff) -> Caller:
    """Return the staff member as the call list knows them."""
    is_manager = staff.membership.role in {Role.OWNER, Role.MANAGER}
    return Caller(staff.membership.staff_member_id, is_manager)


def show_of(value: str | None) -> Show:
    """Return the segment that an address names; all open calls where it names none."""
    return Show(value) if value in set(Show) else Show.OPEN


def call_rows(calls: Iterable[Call], staff: Staff, show: Show = Show.OPEN) -> list[CallRow]:
    """Return calls as a list shows them: as many queries for a page of them as for one."""
    calls = list(calls)
    known = call_history(staff.practice_id, calls)
    today = staff.today
    rows = []
    for call in calls:
        is_open = call.closed_at is None
        rows.append(
            CallRow(
                id=call.pk,
                name=client_name(call.client),
                client_url=reverse("dashboard:client", args=[staff.slug, call.client_id]),
                phone=call.client.phone,
                phone_words=phone_words(call.client.phone),
                why=why_called(call, known, staff.time_zone, today),
                said=words_said(call, known),
                history=history_words(call.client, known, staff.time_zone, today),
                whose=whose_words(call, known, staff.membership.staff_member_id) if is_open else "",
                outcome=outcome_words(call, staff.time_zone, today) if call.outcome or not is_open else "",
                note=call.note,
                is_open=is_open,
                is_unhappy=call.reason == Call.Reason.SERVICE_ISSUE,
                url=_url("call", staff, call, show),
                take_url=_url("call_take", staff, call, show) if is_open and call.taken_by_id is None else "",
                release_url=_url("call_release", staff, call, show) if is_open and call.taken_by_id else "",
                reopen_url=reopen_url(call, staff),
            )
        )
    return rows


def list_url(staff: Staff, show: Show, **query: str) -> str:
    """Return the address of a segment of the call list."""
    asked = ({"show": show.value} if show is not Show.OPEN else {}) | query
    address = reverse("dashboard:calls", args=[staff.slug])
    return f"{address}?{urlencode(asked)}" if asked else address


def reopen_url(call: Call, staff: Staff) -> str:
    """Return where a recorded call is put back on the list; empty where it cannot be: what it settled stays settled."""
    if call.closed_by_id is None or call.reason in {Call.Reason.SERVICE_ISSUE, OF_OWN_ACCORD}:
        return ""
    return reverse("dashboard:call_reopen", args=[staff.slug, call.pk])


def _url(name: str, staff: Staff, call: Call, show: Show) -> str:
    address = reverse(f"dashboard:{name}", args=[staff.slug, call.pk])
    return f"{address}?{urlencode({'show': show.value})}" if show is Show.MINE else address
