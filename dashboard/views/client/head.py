"""Who is a client, how does the client stand, and when does the next message leave?"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from clients.models import Client
from dashboard.views.wording.moments import date_tag, date_words, day_words, distance_words, time_tag
from dashboard.views.wording.people import client_name, phone_words
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.standings import standing_shown
from dashboard.views.wording.states import Shown
from reminders.engine.decide import TIMING
from reminders.engine.values import Facts
from reminders.engine.words import OPEN_STATES, ReminderState, SequenceKind, SequenceState, Standing
from reminders.operations.facts import Gathered
from reminders.queries.client_page import ClientOutreach

STANDING_STILL = frozenset({SequenceState.PAUSED, SequenceState.HOLDOUT})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of the page. `next_words`: empty where the state says all there is."""

    name: str
    phone: str
    phone_words: str
    email: str
    state: Shown
    next_words: str
    next_time: SafeString | str


def head_of(row: Client, outreach: ClientOutreach, gathered: Gathered, now: datetime, today: date) -> Head:
    """Return the head of a client's page; `today` is the client's."""
    facts, standing = gathered.facts, standing_of(gathered)
    zone_name = facts.person.home_zone
    coming = [
        each for each in outreach.reminders if each.state in OPEN_STATES and each.sequence.state not in STANDING_STILL
    ]
    peace_until, zone = facts.snoozed_until, ZoneInfo(zone_name)
    next_words, next_time = _nothing(facts, standing), SafeString("")
    if coming:
        first = min(coming, key=lambda each: each.due_at)
        due_at = max(first.due_at, now)
        day = due_at.astimezone(zone).date()
    held_by = _held_by(outreach, now) if standing is Standing.HELD else ""
    if held_by:
        next_words = held_by
    elif coming and peace_until and day < peace_until and first.sequence.kind != SequenceKind.CONFIRMATION:
        next_words, next_time = "no reminder before", date_tag(peace_until, date_words(peace_until, today))
    elif coming:
        words = distance_words(day, today) or day_words(day, today).lower()
        next_words, next_time = "next message", time_tag(due_at, zone_name, words)
    return Head(
        name=client_name(row),
        phone=row.phone,
        phone_words=phone_words(row.phone),
        email=row.email,
        state=standing_shown(standing, row.status),
        next_words=next_words,
        next_time=next_time,
    )


def standing_of(gathered: Gathered) -> Standing:
    """Return how the client stands as of the last planning, as the list of clients has it."""
    noted = gathered.noted
    return Standing(noted.standing) if noted is not None and noted.standing else Standing.NONE


def _held_by(outreach: ClientOutreach, now: datetime) -> str:
    """Why the message that has waited longest does not leave, as words after the state."""
    held = [
        each
        for each in outreach.reminders
        if each.state == ReminderState.WAITING and each.allowed_at <= now and each.reason not in TIMING
    ]
    sentence = reason_sentence(min(held, key=lambda each: each.allowed_at).reason) if held else ""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _nothing(facts: Facts, standing: Standing) -> str:
    if facts.has_open_issue:
        return "no reminder until it is settled"
    if facts.is_paused_by_staff:
        return "no reminder until staff resumes them"
    return "" if standing is Standing.NONE else "no message planned"
