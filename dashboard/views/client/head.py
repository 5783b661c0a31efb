"""Who is a client, how does the client stand, and when does the next message leave?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from clients.models import Client
from dashboard.views.wording.moments import date_tag, date_words, day_words, distance_words, time_tag
from dashboard.views.wording.people import client_name, phone_words
from dashboard.views.wording.states import Shown
from reminders.engine.values import Facts
from reminders.engine.words import OPEN_STATES, SequenceKind, SequenceState
from reminders.queries.client_page import ClientOutreach

STANDING_STILL = frozenset({SequenceState.PAUSED, SequenceState.HOLDOUT})
NOT_ACTIVE: Mapping[str, Shown] = {
    Client.Status.INACTIVE: Shown("suppressed", "Inactive"),
    Client.Status.DECEASED: Shown("suppressed", "Deceased"),
    Client.Status.DO_NOT_CONTACT: Shown("suppressed", "Do not contact"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of the page."""

    name: str
    phone: str
    phone_words: str
    email: str
    state: Shown
    next_words: str
    next_time: SafeString | str


def head_of(row: Client, outreach: ClientOutreach, facts: Facts, now: datetime, zone_name: str, today: date) -> Head:
    """Return the head of a client's page; `today` is the client's."""
    coming = [
        each for each in outreach.reminders if each.state in OPEN_STATES and each.sequence.state not in STANDING_STILL
    ]
    peace_until, zone = facts.snoozed_until, ZoneInfo(zone_name)
    next_words, next_time = _nothing(facts), SafeString("")
    if coming:
        first = min(coming, key=lambda each: each.due_at)
        due_at = max(first.due_at, now)
        day = due_at.astimezone(zone).date()
    if coming and peace_until and day < peace_until and first.sequence.kind != SequenceKind.CONFIRMATION:
        next_words, next_time = "no reminder before", date_tag(peace_until, date_words(peace_until, today))
    elif coming:
        words = distance_words(day, today) or day_words(day, today).lower()
        next_words, next_time = "next message", time_tag(due_at, zone_name, words)
    return Head(
        name=client_name(row),
        phone=row.phone,
        phone_words=phone_words(row.phone),
        email=row.email,
        state=standing_of(row, facts, outreach),
        next_words=next_words,
        next_time=next_time,
    )


def standing_of(row: Client, facts: Facts, outreach: ClientOutreach) -> Shown:
    """Return one word for how the client stands; what stops messages goes before what sends them."""
    if row.status in NOT_ACTIVE:
        return NOT_ACTIVE[row.status]
    if facts.permissions.is_opted_out:
        return Shown("suppressed", "Opted out")
    if facts.is_paused:
        return Shown("paused", "Paused")
    live = [each for each in outreach.sequences if each.state != SequenceState.ENDED]
    if any(each.state == SequenceState.BOOKED or each.kind == SequenceKind.CONFIRMATION for each in live):
        return Shown("booked", "Booked")
    if any(each.kind == SequenceKind.REACTIVATION for each in live):
        return Shown("lapsed", "Lapsed")
    return Shown("planned", "Active") if live else Shown("note", "Nothing planned")


def _nothing(facts: Facts) -> str:
    if facts.has_open_issue:
        return "no reminder until it is settled"
    return "no reminder until staff resumes them" if facts.is_paused_by_staff else "no message planned"
