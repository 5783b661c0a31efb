"""Which service names of the price list wait for a manager, and what do the others mean? (LIB-5)"""

import unicodedata
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from cadences.models import Service
from cadences.models.service import ServiceKind

PAGE: Final = 50
MOST_WAITING: Final = 25
LONGEST_SEARCH: Final = 120


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Services by name. `after`: the key of the last one where more follow."""

    services: tuple[Service, ...]
    after: str = ""


def waiting_services(practice_id: UUID, after: str = "") -> ServicePage:
    """Return the names that nobody has mapped yet, by name, 25 at a time."""
    return _page(Service.objects.filter(practice_id=practice_id, kind=ServiceKind.UNKNOWN), after, MOST_WAITING)


def mapped_services(practice_id: UUID, words: str = "", meaning: str = "", after: str = "") -> ServicePage:
    """Return the names that mean something already, by name, 50 at a time.

    `words`: what a name contains, in any case; `meaning`: a treatment type's slug, or a kind.
    """
    rows = Service.objects.filter(practice_id=practice_id).exclude(kind=ServiceKind.UNKNOWN)
    for word in _plain(words[:LONGEST_SEARCH]).split():
        rows = rows.filter(Q(name_key__contains=word) | Q(name__icontains=word))
    if meaning in ServiceKind.values:
        rows = rows.filter(kind=meaning)
    elif meaning:
        rows = rows.filter(treatment_type__slug=meaning)
    return _page(rows, after, PAGE)


def service_named(practice_id: UUID, service_id: UUID) -> Service | None:
    """Return one service with its treatment type and who mapped it; None where the practice has none of that id."""
    rows = Service.objects.filter(practice_id=practice_id, pk=service_id)
    return rows.select_related("treatment_type", "mapped_by__person").first()


def names_of_type(practice_id: UUID, treatment_type_id: UUID, most: int) -> list[str]:
    """Return up to `most` names of the price list that are mapped to a treatment type, by name."""
    rows = Service.objects.filter(practice_id=practice_id, treatment_type_id=treatment_type_id)
    return list(rows.order_by("name_key").values_list("name", flat=True)[:most])


def _page(rows: QuerySet[Service], after: str, most: int) -> ServicePage:
    rows = rows.select_related("treatment_type", "mapped_by__person").order_by("name_key")
    if after:
        rows = rows.filter(name_key__gt=after)
    found = list(rows[: most + 1])
    return ServicePage(tuple(found[:most]), found[most - 1].name_key if len(found) > most else "")


def _plain(words: str) -> str:
    """As names are matched: lower case, without accents."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
