"""How may a client be reached, when, and who treats? The facts beside the timeline."""

from collections.abc import Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

from clients.models import Consent
from clients.queries.client_page import ClientRecords
from dashboard.views.parts.terms import Fact
from dashboard.views.wording.moments import date_words, hour_words, joined, zone_words
from dashboard.views.wording.reaches import WORDS
from dashboard.views.wording.reasons import reason_sentence
from practices.models import Practice
from reminders.engine.channels import closed_reason
from reminders.engine.send_windows import promotional_window
from reminders.engine.state_rules import DayHours
from reminders.engine.values import Facts, Policy
from reminders.engine.words import Channel, MessageKind, Reach, Reason
from reminders.queries.ledger import Ledger

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
OWN_LISTS = "records"
"""The source of ids that stand in lists which name no system (integrations.imports.plain)."""
CHANNELS = {Channel.SMS: "By text", Channel.EMAIL: "By email"}


def reached_fact(records: ClientRecords, facts: Facts, policy: Policy, today: date) -> Fact:
    """Return on which channels promotion may reach the client now, and what closes the others (SEQ-12)."""
    closed = {channel: closed_reason(channel, MessageKind.PROMOTION, facts, policy) for channel in Channel}
    preferred = facts.person.preference
    values = tuple(
        f"{CHANNELS[channel]}{', preferred' if preferred == channel.value else ''}"
        for channel, reason in closed.items()
        if reason is None
    )
    sentences: dict[str, list[str]] = {}
    for channel, reason in closed.items():
        if reason is not None:
            is_marked = reason is Reason.UNREACHABLE
            sentence = WORDS[channel][Reach.UNREACHABLE] if is_marked else reason_sentence(reason)
            sentences.setdefault(sentence, []).append(CHANNELS[channel].lower())
    notes = [
        sentence if len(channels) == len(closed) else f"Not {' or '.join(channels)}: {_lower_first(sentence)}"
        for sentence, channels in sentences.items()
    ]
    agreed = [each for each in records.consents if each.kind == Consent.Kind.GRANTED and each.scope == Channel.SMS]
    if agreed and closed[Channel.SMS] is None:
        day = agreed[-1].at.astimezone(ZoneInfo(facts.person.home_zone)).date()
        notes.append(f"Agreed to texts on {date_words(day, today)}, {agreed[-1].source}.")
    return Fact("May be reached", values or ("Not now",), tuple(notes))


def hours_fact(facts: Facts, policy: Policy) -> Fact:
    """Return in which hours promotion may reach the client, and which zones decide it (SEQ-7)."""
    zones = [zone_words(zone) for zone in facts.person.zones] or [zone_words(policy.time_zone)]
    note = f"In {joined(zones)}{', in all of them at once' if len(zones) > 1 else ''}."
    person = facts.person
    window = promotional_window(person.zones, person.states, policy.promotion_opens, policy.promotion_closes)
    return Fact("Hours for messages", (hours_words(window.weekly),), (note,))


def hours_words(weekly: Iterable[DayHours | None]) -> str:
    """Return a week's hours as people say them.

    >>> hours_words([(600, 1200)] * 6 + [None])
    '10 am to 8 pm, not Sundays'
    >>> hours_words([(600, 1200)] * 5 + [(600, 1020), None])
    '10 am to 8 pm, Saturdays 10 am to 5 pm, not Sundays'
    """
    week = list(weekly)
    usual = max((hours for hours in week if hours), key=week.count, default=None)
    if usual is None:
        return "No hour of the week is allowed"
    words = [_span(usual)]
    words += [f"{WEEKDAYS[day]} {_span(hours)}" for day, hours in enumerate(week) if hours and hours != usual]
    closed = [WEEKDAYS[day] for day, hours in enumerate(week) if hours is None]
    return ", ".join([*words, *([f"not {joined(closed, 'or')}"] if closed else [])])


def treated_fact(records: ClientRecords, practice: Practice) -> Fact | None:
    """Return who treated the client, the last first, and in whose name messages are written (SEQ-2)."""
    providers = {each.provider.pk: each.provider for each in reversed(records.treatments) if each.provider}
    if not providers:
        return None
    latest = next(iter(providers.values()))
    voice = (
        f"{latest.display_name} treated last, so the messages are in that name."
        if practice.voice == Practice.Voice.PROVIDER
        else "Messages are in the practice’s name."
    )
    return Fact("Treated by", tuple(each.name for each in providers.values()), (voice,))


def records_fact(records: ClientRecords) -> Fact | None:
    """Return under which ids the practice's systems, and its own lists, know the client."""
    ids = tuple(identity_words(each.source, each.remote_id) for each in records.identities)
    return Fact("Records", ids) if ids else None


def identity_words(source: str, remote_id: str) -> str:
    """Return an id with the system that gave it; one of the practice's own lists by itself.

    >>> identity_words("zenoti", "G10481"), identity_words("aesthetic_record", "77"), identity_words("records", "R1")
    ('Zenoti G10481', 'Aesthetic Record 77', 'R1')
    """
    return remote_id if source == OWN_LISTS else f"{source.replace('_', ' ').title()} {remote_id}"


def ledger_fact(ledger: Ledger) -> Fact:
    """Return the sum of all that was due (SEQ-11, R33)."""
    words = (
        f"{ledger.due} due = {ledger.sent} sent + {ledger.waiting} waiting"
        f" + {ledger.suppressed.total()} suppressed + {ledger.failed} failed"
    )
    return Fact("Messages, all time", (words,))


def _span(hours: DayHours) -> str:
    opens, closes = (hour_words(_wall(minute)) for minute in hours)
    return f"{opens} to {closes}"


def _wall(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
