"""What do we know of one client, what will the client hear from us, and what can staff do about it?"""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from clients.queries.client_page import ClientRecords, client_records
from dashboard.views.access import Staff, staff_page
from dashboard.views.client.actions import page_actions, reminder_actions, settling_actions
from dashboard.views.client.entries import Told, chosen, earlier_words, entries_of, recent
from dashboard.views.client.facts import hours_fact, ledger_fact, reached_fact, records_fact, treated_fact
from dashboard.views.client.head import head_of
from dashboard.views.client.marks import mark_facts
from dashboard.views.client.timeline.context import Context
from dashboard.views.client.timeline.deeds import MOVES, SKIPPED, TOLD, last_deeds
from dashboard.views.client.timeline.entries import Group, lines_of
from dashboard.views.client.timeline.track import track_of
from dashboard.views.parts.terms import Fact
from dashboard.views.wording.moments import date_words, full_day_words, hour_words, joined, zone_words
from practices.operations.auditing import note_view
from practices.queries.abilities import Ability
from practices.queries.client_trail import deeds_about
from reminders.engine.values import Facts
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import gather
from reminders.operations.previewing import previews_of
from reminders.queries.client_page import ClientOutreach, client_outreach
from reminders.queries.ledger import ledger_of
from reminders.queries.replies import replies_of

SEGMENTS: Final = (("", "All"), (Group.MESSAGES, "Messages"), (Group.VISITS, "Visits"), (Group.STAFF, "Staff"))
NOTICES: Final = frozenset({"opt-out", "complaint", "wish"})
"""What a note that was just written may sound like (clients.operations.staff_notes)."""


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def client(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Show one client: the head, the drawn sequences, the timeline, the facts beside it. Looking is audited."""
    records = client_records(staff.practice_id, client_id)
    if records is None:
        raise Http404("No such client in this practice.")
    if records.client.erased_at is not None:
        return _erased(request, staff, records.client.erased_at)
    client_id = records.client.pk  # of one merged into another: the other's
    known = bound(staff.practice_id, staff.now)
    gathered = gather(known, [client_id], staff.now)[client_id]
    facts, zone_name, cadences = gathered.facts, gathered.facts.person.home_zone, known.library.versions
    outreach = client_outreach(staff.practice_id, client_id)
    deeds = deeds_about(staff.practice_id, client_id, TOLD)
    told = Told(records, outreach, replies_of(staff.practice_id, client_id), deeds)
    context = Context(
        client=records.client,
        slug=staff.slug,
        zone_name=zone_name,
        now=staff.now,
        cadences=cadences,
        deliveries=outreach.deliveries,
        previews=previews_of(known, gathered),
        openings=outreach.openings,
        actions=reminder_actions(staff, outreach, cadences, zone_name),
        settling=settling_actions(staff, outreach),
        moves=last_deeds(deeds, *MOVES),
        skips=last_deeds(deeds, SKIPPED),
        peace_until=facts.snoozed_until,
    )
    show = request.GET.get("show", "")
    entries = entries_of(told, context, staff.practice, may_see_money=Ability.SEE_MONEY in staff.may)
    shown, today = chosen(entries, show), context.today
    shows_all = request.GET.get("earlier") == "all"
    past, earlier = recent((each for each in shown if not each.is_coming), shows_all=shows_all)
    address = reverse("dashboard:client", args=[staff.slug, client_id])
    notice = request.GET.get("note", "")
    page = {
        "staff": staff,
        "here": "clients",
        "client": records.client,
        "head": head_of(records.client, outreach, gathered, staff.now, today),
        "is_paused": facts.is_paused_by_staff,
        "more": page_actions(staff, client_id, outreach, facts),
        "notice": notice if notice in NOTICES and not facts.permissions.is_opted_out else "",
        "track": track_of(outreach, cadences, zone_name, today),
        "segments": [
            (f"{address}?{urlencode({'show': key})}" if key else address, name, key == show) for key, name in SEGMENTS
        ],
        "past": lines_of(past, zone_name, today),
        "coming": lines_of([each for each in shown if each.is_coming], zone_name, today),
        "earlier": earlier_words(earlier, zone_name),
        "earlier_url": f"{address}?{urlencode({'earlier': 'all'} | ({'show': show} if show else {}))}",
        "now_words": now_words(staff, zone_name),
        "unmapped": unmapped_words(records.unmapped),
        "facts": _facts(records, outreach, facts, known, staff, today),
        "show": show,
    }
    note_view(staff.practice_id, staff.actor, client_id, staff.now)
    return render(request, "dashboard/client/page.html", page)


def _erased(request: HttpRequest, staff: Staff, erased_at: datetime) -> HttpResponse:
    """Of somebody who was erased only the day is known (REC-5)."""
    day = erased_at.astimezone(ZoneInfo(staff.time_zone)).date()
    sentence = f"This client was erased on {date_words(day, staff.today)}."
    page = {"staff": staff, "here": "clients", "sentence": sentence}
    return render(request, "dashboard/client/erased.html", page)


def unmapped_words(names: tuple[str, ...]) -> str:
    """Return that services which were done wait to be mapped; empty where none does.

    >>> unmapped_words(("Lip flip",)), unmapped_words(("Lip flip", "Promo"))
    ('“Lip flip” is not mapped.', '“Lip flip” and “Promo” are not mapped.')
    """
    if not names:
        return ""
    return f"{joined([f'“{name}”' for name in names])} {'is' if len(names) == 1 else 'are'} not mapped."


def now_words(staff: Staff, zone_name: str) -> str:
    """Return the moment by the practice's clock, and by the client's where that shows another hour."""
    here, there = staff.now.astimezone(ZoneInfo(staff.time_zone)), staff.now.astimezone(ZoneInfo(zone_name))
    words = f"{full_day_words(here.date(), here.date())}, {hour_words(here)}"
    if here.utcoffset() == there.utcoffset():
        return words
    return f"{words} in {zone_words(staff.time_zone)}, {hour_words(there)} in {zone_words(zone_name)}"


def _facts(
    records: ClientRecords, outreach: ClientOutreach, facts: Facts, known: Bound, staff: Staff, today: date
) -> list[Fact]:
    found = [
        reached_fact(records, facts, known.policy, today),
        *mark_facts(records.marks, staff, records.client.pk, today),
        hours_fact(facts, known.policy),
        treated_fact(records, staff.practice),
        ledger_fact(ledger_of(outreach.reminders, staff.now)),
        records_fact(records),
    ]
    return [each for each in found if each is not None]
