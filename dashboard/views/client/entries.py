"""What stands on a client's timeline: everything that was, is and will be, from every source?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from clients.queries.client_page import ClientRecords
from dashboard.views.client.timeline.context import Context
from dashboard.views.client.timeline.deeds import deed_entries, note_entries
from dashboard.views.client.timeline.entries import Entry
from dashboard.views.client.timeline.outreach import coming_entries, message_entries, stopped_entries
from dashboard.views.client.timeline.tries import answer_entries, try_entries
from dashboard.views.client.timeline.visits import appointment_entries, lapse_entries, treatment_entries
from dashboard.views.client.timeline.words_said import (
    call_entries,
    consent_entries,
    issue_entries,
    opt_out_entries,
    reply_entries,
)
from practices.models import Practice
from practices.queries.client_trail import Deed
from reminders.models import Reply
from reminders.queries.client_page import ClientOutreach

SHOWN_DAYS = 200
SHOWN_AT_LEAST = 8


@dataclass(frozen=True, slots=True)
class Told:
    """Everything read of one client that the timeline tells."""

    records: ClientRecords
    outreach: ClientOutreach
    replies: tuple[Reply, ...]
    deeds: tuple[Deed, ...]


def entries_of(told: Told, context: Context, practice: Practice, *, may_see_money: bool) -> list[Entry]:
    """Return every entry, in no order yet."""
    records, outreach = told.records, told.outreach
    cadences, zone_name, today = context.cadences, context.zone_name, context.today
    return list(
        chain(
            treatment_entries(records.treatments, outreach.sequences, cadences, zone_name, may_see_money=may_see_money),
            appointment_entries(records.appointments, context.now, practice.time_zone, today),
            lapse_entries(outreach.sequences, cadences, zone_name, today, practice.reactivation_limit),
            message_entries(outreach.reminders, context),
            try_entries(outreach.reminders, context),
            coming_entries(outreach.reminders, context),
            consent_entries(records.consents),
            opt_out_entries(records.suppressions),
            issue_entries(records.issues),
            call_entries(outreach.calls),
            reply_entries(told.replies, today),
            answer_entries(context),
            deed_entries(told.deeds, outreach.reminders, outreach.sequences, zone_name, today),
            note_entries(records.notes),
            # Last, so that of the same moment the cause stands before what it stopped.
            stopped_entries(outreach.reminders, records.appointments, context),
        )
    )


def chosen(entries: Iterable[Entry], show: str) -> list[Entry]:
    """Return those that a filter shows; all without one."""
    return [each for each in entries if not show or show in {each.group, each.also}]


def recent(past: Iterable[Entry], *, shows_all: bool) -> tuple[list[Entry], list[Entry]]:
    """Return the last half year, or the last few entries if it held less, and the earlier ones."""
    ordered = sorted(past, key=lambda each: each.at)
    if shows_all or len(ordered) <= SHOWN_AT_LEAST:
        return ordered, []
    since = ordered[-1].at - timedelta(days=SHOWN_DAYS)
    first = min(next(at for at, each in enumerate(ordered) if each.at >= since), len(ordered) - SHOWN_AT_LEAST)
    return ordered[first:], ordered[:first]


def earlier_words(earlier: list[Entry], zone_name: str) -> str:
    """Return what is one press away; empty where nothing is."""
    if not earlier:
        return ""
    start = earlier[0].at.astimezone(ZoneInfo(zone_name))
    entries = "1 earlier entry" if len(earlier) == 1 else f"{len(earlier)} earlier entries"
    return f"{entries}, back to {start:%B} {start.year}"
