"""What do we know of one client, and what will the client hear from us?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clients.models import Client
from clients.queries.client_page import ClientRecords, client_records
from dashboard.views.access import Staff, staff_page
from dashboard.views.facts import Fact, hours_fact, ledger_fact, reached_fact, records_fact, treated_fact
from dashboard.views.timeline.entries import Entry, Group, lines_of
from dashboard.views.timeline.outreach import Context, coming_entries, message_entries, stopped_entries
from dashboard.views.timeline.track import track_of
from dashboard.views.timeline.visits import appointment_entries, lapse_entries, treatment_entries
from dashboard.views.timeline.words_said import call_entries, consent_entries, issue_entries, opt_out_entries
from dashboard.views.wording.moments import day_words, distance_words, full_day_words, hour_words, time_tag
from dashboard.views.wording.people import client_name, phone_words
from dashboard.views.wording.states import Shown
from practices.queries.abilities import Ability
from reminders.engine.values import Facts
from reminders.engine.words import OPEN_STATES, SequenceKind, SequenceState
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import gather
from reminders.operations.previewing import preview_texts
from reminders.queries.client_page import ClientOutreach, client_outreach
from reminders.queries.ledger import ledger_of

SEGMENTS = (("", "All"), (Group.MESSAGES, "Messages"), (Group.VISITS, "Visits"), (Group.STAFF, "Staff"))
SHOWN_DAYS = 200
SHOWN_AT_LEAST = 8


@dataclass(frozen=True, slots=True)
class Head:
    """Who it is, how the client stands, and when the next message leaves."""

    name: str
    phone: str
    phone_words: str
    email: str
    state: Shown
    next_words: str
    next_time: SafeString | str


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def client(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Show one client: the head, the drawn sequences, the timeline, the facts beside it."""
    records = client_records(staff.practice_id, client_id)
    if records is None:
        raise Http404("No such client in this practice.")
    client_id = records.client.pk  # of one merged into another: the other's
    known = bound(staff.practice_id, staff.now)
    facts = gather(known, [client_id], staff.now)[client_id].facts
    outreach = client_outreach(staff.practice_id, client_id)
    zone_name = facts.person.home_zone
    local_now = staff.now.astimezone(ZoneInfo(zone_name))
    today = local_now.date()
    context = Context(
        client=records.client,
        slug=staff.slug,
        zone_name=zone_name,
        now=staff.now,
        cadences=known.library.versions,
        deliveries=outreach.deliveries,
        previews=preview_texts(staff.practice_id, client_id, staff.now),
    )
    entries = _entries(records, outreach, context, known, staff)
    show = request.GET.get("show", "")
    address = reverse("dashboard:client", args=[staff.slug, client_id])
    shown = [each for each in entries if not show or each.group == show]
    past, earlier = _recent([each for each in shown if not each.is_coming], request.GET.get("earlier") == "all")
    page = {
        "staff": staff,
        "here": "clients",
        "client": records.client,
        "head": _head(records, outreach, facts, staff, zone_name, today),
        "track": track_of(outreach, known.library.versions, zone_name, today),
        "segments": [
            (f"{address}?{urlencode({'show': key})}" if key else address, name, key == show) for key, name in SEGMENTS
        ],
        "past": lines_of(past, zone_name, today),
        "coming": lines_of([each for each in shown if each.is_coming], zone_name, today),
        "earlier": _earlier(earlier, zone_name),
        "earlier_url": f"{address}?{urlencode({'earlier': 'all'} | ({'show': show} if show else {}))}",
        "now_words": f"{full_day_words(today, today)}, {hour_words(local_now)}",
        "facts": _facts(records, outreach, facts, known, staff, today),
        "is_opted_out": facts.permissions.is_opted_out,
        "show": show,
    }
    return render(request, "dashboard/client.html", page)


def _entries(
    records: ClientRecords, outreach: ClientOutreach, context: Context, known: Bound, staff: Staff
) -> list[Entry]:
    cadences, zone_name, today = known.library.versions, context.zone_name, context.today
    return list(
        chain(
            treatment_entries(
                records.treatments,
                outreach.sequences,
                cadences,
                zone_name,
                may_see_money=Ability.SEE_MONEY in staff.may,
            ),
            appointment_entries(records.appointments, staff.now, staff.time_zone, today),
            lapse_entries(outreach.sequences, cadences, zone_name, today, staff.practice.reactivation_limit),
            message_entries(outreach.reminders, context),
            coming_entries(outreach.reminders, context),
            stopped_entries(outreach.reminders, records.appointments, context),
            consent_entries(records.consents),
            opt_out_entries(records.suppressions),
            issue_entries(records.issues),
            call_entries(outreach.calls),
        )
    )


def _recent(past: list[Entry], is_all: bool) -> tuple[list[Entry], list[Entry]]:  # noqa: FBT001 - one caller
    """The last half year, or the last few entries if it held less; the rest is one press away."""
    past = sorted(past, key=lambda each: each.at)
    if is_all or len(past) <= SHOWN_AT_LEAST:
        return past, []
    since = past[-1].at - timedelta(days=SHOWN_DAYS)
    first = min(next(index for index, each in enumerate(past) if each.at >= since), len(past) - SHOWN_AT_LEAST)
    return past[first:], past[:first]


def _earlier(earlier: list[Entry], zone_name: str) -> str:
    if not earlier:
        return ""
    start = earlier[0].at.astimezone(ZoneInfo(zone_name))
    entries = "1 earlier entry" if len(earlier) == 1 else f"{len(earlier)} earlier entries"
    return f"{entries}, back to {start:%B} {start.year}"


def _head(
    records: ClientRecords, outreach: ClientOutreach, facts: Facts, staff: Staff, zone_name: str, today: date
) -> Head:
    row = records.client
    coming = [
        each.due_at
        for each in outreach.reminders
        if each.state in OPEN_STATES and each.sequence.state not in STANDING_STILL
    ]
    is_paused = facts.has_open_issue
    next_words, next_time = "no reminder until it is settled" if is_paused else "no message planned", ""
    if coming:
        due_at = max(min(coming), staff.now)
        day = due_at.astimezone(ZoneInfo(zone_name)).date()
        words = distance_words(day, today) or day_words(day, today).lower()
        next_words, next_time = "next message", time_tag(due_at, zone_name, words)
    return Head(
        name=client_name(row),
        phone=row.phone,
        phone_words=phone_words(row.phone),
        email=row.email,
        state=_standing(row, facts, outreach),
        next_words=next_words,
        next_time=next_time,
    )


STANDING_STILL = frozenset({SequenceState.PAUSED, SequenceState.HOLDOUT})
NOT_ACTIVE: Mapping[str, Shown] = {
    Client.Status.INACTIVE: Shown("suppressed", "Inactive"),
    Client.Status.DECEASED: Shown("suppressed", "Deceased"),
    Client.Status.DO_NOT_CONTACT: Shown("suppressed", "Do not contact"),
}


def _standing(row: Client, facts: Facts, outreach: ClientOutreach) -> Shown:
    """One word for how the client stands; what stops messages goes before what sends them."""
    if row.status in NOT_ACTIVE:
        return NOT_ACTIVE[row.status]
    if facts.permissions.is_opted_out:
        return Shown("suppressed", "Opted out")
    if facts.has_open_issue:
        return Shown("paused", "Paused")
    live = [each for each in outreach.sequences if each.state != SequenceState.ENDED]
    if any(each.state == SequenceState.BOOKED or each.kind == SequenceKind.CONFIRMATION for each in live):
        return Shown("booked", "Booked")
    if any(each.kind == SequenceKind.REACTIVATION for each in live):
        return Shown("lapsed", "Lapsed")
    return Shown("planned", "Active")


def _facts(
    records: ClientRecords, outreach: ClientOutreach, facts: Facts, known: Bound, staff: Staff, today: date
) -> list[Fact]:
    found = [
        reached_fact(records, facts, known.policy, today),
        hours_fact(facts, known.policy),
        treated_fact(records, staff.practice),
        ledger_fact(ledger_of(outreach.reminders, staff.now)),
        records_fact(records),
    ]
    return [each for each in found if each is not None]
