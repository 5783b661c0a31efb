"""How is a service name said: what it means, where it comes from, what mapping it would do?"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from cadences.models import Service
from cadences.models.service import ServiceKind
from clients.queries.carried import MOST_COUNTED, Carried
from dashboard.views.wording.moments import counted, date_words, joined, number_words
from reminders.operations.foreseeing_services import Foresight

KINDS: Final[Mapping[ServiceKind, str]] = MappingProxyType(
    {
        ServiceKind.CONSULTATION: "a consultation",
        ServiceKind.FOLLOW_UP: "a follow-up",
        ServiceKind.UNRELATED: "no refill",
        ServiceKind.UNKNOWN: "not known yet",
    }
)
PASSED: Final = "passed:"
SYSTEMS: Final[Mapping[str, str]] = MappingProxyType({"zenoti": "Zenoti", "jane": "Jane", "ar": "Aesthetic Record"})
"""The first word of a source -> the records system, as it writes its name."""
LISTS: Final[Mapping[str, str]] = MappingProxyType(
    {"treatments": "a list of treatments", "clients": "a list of clients"}
)


def meaning_words(service: Service) -> str:
    """Return what a service means, within a sentence: "Botox", "a consultation"."""
    if service.treatment_type is not None:
        return service.treatment_type.name
    return KINDS[ServiceKind(service.kind)]


def kind_words(kind: ServiceKind, name: str | None) -> str:
    """The same for what it might mean; `name` is the treatment type's."""
    return name or KINDS[kind]


def source_words(source: str) -> str:
    """Return where a line comes from.

    >>> source_words("zenoti_sales_cash"), source_words("passed:jane"), source_words("treatments")
    ('Zenoti (sales cash)', 'visits that passed (Jane)', 'a list of treatments')
    """
    if source.startswith(PASSED):
        return f"visits that passed ({source_words(source.removeprefix(PASSED))})"
    system, _, export = source.partition("_")
    if system not in SYSTEMS:
        return LISTS.get(source, source.replace("_", " "))
    return f"{SYSTEMS[system]} ({export.replace('_', ' ')})" if export else SYSTEMS[system]


def carried_words(carried: Carried, today: date) -> str:
    """Return how often a name stands in the records, since when, and in which.

    >>> carried_words(Carried(2, date(2026, 3, 2), 1, ("records",)), date(2026, 11, 24))
    '2 treatments and 1 booking since March 2. From records.'
    """
    parts = []
    if carried.treatments:
        parts.append(_up_to(carried.treatments, "treatment"))
    if carried.bookings:
        parts.append(_up_to(carried.bookings, "booking"))
    if not parts:
        return "No treatment and no booking carries it now."
    since = f" since {date_words(carried.since, today)}" if carried.since and carried.treatments <= MOST_COUNTED else ""
    return f"{joined(parts)}{since}. From {joined([source_words(each) for each in carried.sources])}."


def effect_sentences(effect: Foresight, kind: ServiceKind, zone_name: str, today: date) -> list[str]:
    """Return what a mapping would do, before it is done, a sentence each."""
    if not effect.clients:
        return ["No record carries this name now. What comes in later counts as it is mapped."]
    said = []
    if effect.woken:
        said.append(
            f"{count_words(effect.woken, 'treatment')} would count, of {count_words(effect.clients, 'client')}."
        )
    elif kind is ServiceKind.TREATMENT_TYPE:
        said.append("No further treatment would count.")
    if effect.asleep:
        said.append(f"{count_words(effect.asleep, 'treatment')} would count no more.")
    if effect.planned:
        first = f"; the first leaves {first_words(effect, zone_name, today)}" if effect.first_at else ""
        said.append(f"{count_words(effect.planned, 'reminder')} would be planned{first}.")
        due = f"{number_words(effect.due_now)} of them" if effect.due_now else "none of them"
        said.append(f"{due} would be due at once.")
    else:
        said.append("No reminder would be planned.")
    if effect.stopped:
        said.append(f"{count_words(effect.stopped, 'planned reminder')} would not leave any more.")
    if not effect.is_whole:
        said.append(f"This is counted on the {effect.looked_at:,} treated last of {effect.clients:,} clients.")
    return [opened(each) for each in said]


def result_words(name: str, means: str, effect: Foresight, zone_name: str, today: date) -> str:
    """Return what a mapping did: "Jeuveau promo is Jeuveau now. 11 treatments woke; the first reminder leaves ..."."""
    said = f"{name} is {means} now."
    if not effect.is_whole:
        return f"{said} {effect.clients:,} clients are concerned."
    if effect.woken:
        woke = opened(f"{count_words(effect.woken, 'treatment')} woke")
        first = f"; the first reminder leaves {first_words(effect, zone_name, today)}" if effect.first_at else ""
        return f"{said} {woke}{first}."
    if effect.asleep:
        asleep = opened(count_words(effect.asleep, "treatment"))
        return f"{said} {asleep} {'counts' if effect.asleep == 1 else 'count'} no more."
    return said


def first_words(effect: Foresight, zone_name: str, today: date) -> str:
    """Return the day on which the first reminder would leave, where the practice is."""
    if effect.first_at is None:
        return ""
    return date_words(effect.first_at.astimezone(ZoneInfo(zone_name)).date(), today)


def count_words(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun, one to twelve in words.

    >>> count_words(1, "client"), count_words(12, "client"), count_words(1300, "client")
    ('one client', 'twelve clients', '1,300 clients')
    >>> count_words(2, "reply", "replies")
    'two replies'
    """
    return f"{number_words(number)} {noun if number == 1 else many or noun + 's'}"


def opened(sentence: str) -> str:
    """Return a sentence with its first letter large, and the others as they are.

    >>> opened("two treatments of Botox")
    'Two treatments of Botox'
    """
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _up_to(number: int, noun: str) -> str:
    return f"more than {MOST_COUNTED:,} {noun}s" if number > MOST_COUNTED else counted(number, noun)
