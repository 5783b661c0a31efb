"""What needs a person today, and what is the one thing to do about each? (LOOK.md, principles 8 and 10)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.views.access import Staff
from dashboard.views.today.messages import day_bounds, failed_because, line_name
from dashboard.views.wording.calls import moment_words
from dashboard.views.wording.carriers import channel_words, since_words
from dashboard.views.wording.moments import counted, number_words
from dashboard.views.wording.people import client_name, phone_words
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import carriers
from practices.queries.abilities import Ability
from reminders.engine.words import Reason
from reminders.queries.alarm import Alarm, Broken
from reminders.queries.attention import HeldMessages, failed_reminders, held_messages, type_without_text
from reminders.queries.day import Line, failed_lines

MOST_FAILURES: Final = 5
SUNDAY: Final = 6
WEEK: Final = 7
SEE_WHO: Final = "See who"


@dataclass(frozen=True, slots=True)
class Todo:
    """One row that needs a person, as components/todo_row takes it."""

    who: str
    why: str
    who_url: str = ""
    phone: str = ""
    phone_words: str = ""
    second: str = ""
    url: str = ""
    post_url: str = ""
    action: str = ""
    label: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one sort; a section without rows is left out."""

    id: str
    name: str
    count: str
    rows: tuple[Todo, ...]
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """What is broken, as components/alarm takes it."""

    who: str
    words: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class HeldFor:
    """How a hold is named, who waits for what, and where it is settled by whom; by others the list is seen."""

    name: str
    one: str
    many: str
    action: str
    page: str
    ability: Ability


HELD: Final[Mapping[Reason, HeldFor]] = MappingProxyType(
    {
        Reason.NO_CONSENT: HeldFor(
            "No consent",
            "One client has not agreed to these messages.",
            "{} clients have not agreed to these messages.",
            "Vouch for it",
            "consent",
            Ability.CHANGE_SETTINGS,
        ),
        Reason.NO_APPROVED_TEXT: HeldFor(
            "No approved text",
            "One message has no approved text.",
            "{} clients wait for a text that nobody has approved.",
            "See the texts",
            "cadence",
            Ability.SEE_CADENCES,
        ),
        Reason.NO_ADDRESS: HeldFor(
            "No phone or email",
            "One client cannot be reached. A number or address in the records lets the message leave.",
            "{} clients cannot be reached. A number or address in the records lets the messages leave.",
            SEE_WHO,
            "",
            Ability.SEE_CLIENTS,
        ),
        Reason.VETOED: HeldFor(
            "Forbidden by the records",
            "A flag in the records of one client forbids it.",
            "A flag in the records of {} clients forbids it.",
            SEE_WHO,
            "",
            Ability.SEE_CLIENTS,
        ),
        Reason.SHARED_ADDRESS: HeldFor(
            "Shared phone or email",
            "One client has a phone or email that more than four clients share.",
            "{} clients have a phone or email that more than four clients share.",
            SEE_WHO,
            "",
            Ability.SEE_CLIENTS,
        ),
        Reason.PRACTICE_PAUSED: HeldFor(
            "Messages switched off",
            "The practice’s messages are switched off, so one client waits.",
            "The practice’s messages are switched off, so {} clients wait.",
            "Resume",
            "settings_pause",
            Ability.CHANGE_SETTINGS,
        ),
    }
)


def strip_of(alarm: Alarm | None, staff: Staff) -> Strip | None:
    """Return the strip on top: who fails, since when, and what waits for it; None where all works."""
    if alarm is None:
        return None
    waits = _waits(alarm.waiting)
    since = moment_words(alarm.since, staff.time_zone, staff.today) if alarm.since else ""
    if alarm.broken is Broken.CHANNEL:
        return _carrier_strip(staff, waits)
    if alarm.broken is Broken.ANSWERS:
        answers = "One answer" if alarm.waiting == 1 else f"{_capital(number_words(alarm.waiting))} answers"
        pronoun = "It is" if alarm.waiting == 1 else "Each is"
        return Strip(f"{answers} from clients", f"could not be read in since {since}. {pronoun} tried again by itself.")
    url = page_url("start", staff) if Ability.CHANGE_SETTINGS in staff.may else ""
    if alarm.broken is Broken.RECORDS:
        way = "Bring newer ones" if url else ""
        words = f"last arrived {since}. Bookings made since are not seen.{waits}"
        return Strip("Records", words, url, way)
    events = f"{number_words(alarm.waiting)} {'report' if alarm.waiting == 1 else 'reports'}"
    words = f"sent {events} since {since} that could not be applied. Each is tried again by itself."
    return Strip("A connection", words)


def _carrier_strip(staff: Staff, waits: str) -> Strip:
    """Who does not carry what, since when, and where that is mended by those who may: one query."""
    may_mend = Ability.CHANGE_SETTINGS in staff.may
    url = page_url("settings_carriers", staff) if may_mend else ""
    action = "Open the carriers" if may_mend else ""
    for each in carriers(staff.practice):
        if not each.carries or each.kind.capabilities.is_local:
            continue
        name, what = carrier_name(each.kind), channel_words(each.carries).capitalize()
        if each.account is None:
            return Strip(what, f"have no carrier: no account is connected at {name}.{waits}", url, action)
        if each.account.failing_since is not None:
            since = since_words(each.account.failing_since, staff.time_zone, staff.today)
            return Strip(name, f"has refused the account since {since}.{waits or f' {what} wait.'}", url, action)
    return Strip(
        "Messages", f"cannot be handed over: the service that carries them does not answer.{waits}", url, action
    )


def held_section(staff: Staff) -> Section | None:
    """Return what waits for a person, a row a reason with its one way out: two queries, none where nothing is held."""
    if not staff.attention.held:
        return None
    today = staff.today
    sunday = today + timedelta(days=(SUNDAY - today.weekday()) % WEEK or WEEK)
    start_at, _ = day_bounds(today, staff.time_zone)
    _, by = day_bounds(sunday, staff.time_zone)
    rows = held_messages(staff.practice_id, staff.now, start_at, by)
    number = sum(each.messages for each in rows)
    return Section("held", "Held", counted(number, "message"), tuple(_held_row(each, staff) for each in rows))


def failed_section(staff: Staff) -> Section | None:
    """Return what was tried and did not arrive, the newest first, one row a message."""
    if not staff.attention.failures:
        return None
    lines = failed_lines(failed_reminders(staff.practice_id, staff.now), MOST_FAILURES)
    url = f"{reverse('dashboard:today', args=[staff.slug])}?{urlencode({'show': 'failed'})}"
    rows = tuple(_failed_row(line, staff) for line in lines)
    return Section("failed", "Failed", f"{staff.attention.failures:,}", rows, url, "All of today")


def page_url(name: str, staff: Staff, *args: object) -> str:
    """Return the address of a page of the practice."""
    return reverse(f"dashboard:{name}", args=[staff.slug, *args])


def things_words(number: int) -> str:
    """Return how much there is to do, as a sentence.

    >>> things_words(11), things_words(1), things_words(0)
    ('Eleven things need a person.', 'One thing needs a person.', 'Nothing needs a person.')
    """
    if number == 0:
        return "Nothing needs a person."
    words = number_words(number).capitalize()
    return f"{words} thing needs a person." if number == 1 else f"{words} things need a person."


def _held_row(held: HeldMessages, staff: Staff) -> Todo:
    shown = HELD[held.reason]
    who = shown.one if held.clients == 1 else shown.many.format(number_words(held.clients))
    settled_at = _settled_at(shown, staff) if shown.ability in staff.may else ""
    action = shown.action if settled_at else SEE_WHO
    return Todo(
        who=shown.name,
        why=" ".join(part for part in (_capital(who), _held_when(held)) if part),
        url=settled_at or _held_list(held.reason, staff),
        action=action,
        label=f"{action}: {shown.name}",
    )


def _settled_at(shown: HeldFor, staff: Staff) -> str:
    """Where a hold is settled; of a missing text, where the cadence that has waited longest shows what is missing."""
    if shown.page != "cadence":
        return page_url(shown.page, staff) if shown.page else ""
    slug = type_without_text(staff.practice_id, staff.now)
    return page_url(shown.page, staff, slug) if slug else ""


def _held_when(held: HeldMessages) -> str:
    """How much of it is new today, and how much is given up by Sunday unless somebody acts (R4)."""
    parts = []
    if held.since_today:
        parts.append(f"{number_words(held.since_today)} came due today")
    if held.given_up:
        parts.append(f"{number_words(held.given_up)} {'is' if held.given_up == 1 else 'are'} given up by Sunday")
    return f"{_capital('; '.join(parts))}." if parts else ""


def _held_list(reason: Reason, staff: Staff) -> str:
    return f"{page_url('ledger_list', staff)}?{urlencode({'state': 'waiting', 'reason': reason.value})}"


def _failed_row(line: Line, staff: Staff) -> Todo:
    first, client = line.first, line.first.client
    because = failed_because(line.message) if line.message else ""
    moment = moment_words(first.allowed_at, staff.time_zone, staff.today)
    url = page_url("record_call", staff, client.pk) if Ability.STEER_REMINDERS in staff.may else ""
    return Todo(
        who=client_name(client),
        who_url=reverse("dashboard:client", args=[staff.slug, client.pk]),
        phone=client.phone,
        phone_words=phone_words(client.phone) if client.phone else "",
        why=f"{line_name(line)}, {moment}. {because or 'It did not arrive.'}",
        url=url,
        action="Record a call" if url else "",
        label=f"Record a call to {client_name(client)}",
    )


def _waits(number: int) -> str:
    if not number:
        return ""
    return f" {_capital(number_words(number))} {'message waits' if number == 1 else 'messages wait'} for it."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
