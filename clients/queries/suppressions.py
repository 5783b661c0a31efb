"""Who must not be written to, and how did that come about? Paged by time, found by address or name (OPT-2)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.models import Client, Suppression
from clients.queries.find import PHONE_DIGITS, US_DIGITS, find_clients
from clients.queries.stops_in_force import stops_of

PAGE: Final = 50
EXPORT_PAGE: Final = 2_000
STANDING, LIFTED = STATES = ("standing", "lifted")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the list: `state` "standing", "lifted" or empty for both; `origin` empty for any."""

    state: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: everything that comes after this one."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read what an address carries.

        Raises:
            ValueError: it is no place in the list.
        """
        at, _, suppression_id = text.partition("_")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("A place in the list names its zone.")
        return cls(moment, UUID(suppression_id))

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """One page of the list, the newest first. `older`: where more follow."""

    rows: tuple[Suppression, ...]
    older: Cursor | None = None


def suppression_page(practice_id: UUID, wanted: Wanted, before: Cursor | None = None) -> SuppressionPage:
    """Return one page of the list, along an index whatever its length."""
    rows = list(_after(_wanted(practice_id, wanted), before)[: PAGE + 1])
    shown = rows[:PAGE]
    older = Cursor(shown[-1].at, shown[-1].pk) if len(rows) > PAGE else None
    return SuppressionPage(tuple(shown), older)


def find_suppressions(practice_id: UUID, words: str, wanted: Wanted) -> SuppressionPage:
    """Return at most 50 of the list that a phone (or how it begins), an email or a client's name finds.

    Of somebody erased a hash alone is kept: she is found by the whole number or the whole email.
    """
    found = _of_clients(find_clients(practice_id, words))
    digits = re.sub(r"\D", "", words)
    if "@" in words:
        found |= stops_of(practice_id, [(Suppression.Subject.EMAIL.value, words.strip().lower())])
    elif len(digits) >= PHONE_DIGITS and not re.search(r"[^\W\d_]", words):
        start = f"+{digits}" if len(digits) > US_DIGITS else f"+1{digits.removeprefix('1')}"
        found |= Q(subject=Suppression.Subject.PHONE, address__gte=start, address__lt=f"{start}a")
        found |= stops_of(practice_id, [(Suppression.Subject.PHONE.value, start)])
    return SuppressionPage(tuple(_wanted(practice_id, wanted).filter(found)[:PAGE]))


def suppression_named(practice_id: UUID, suppression_id: UUID) -> Suppression | None:
    """Return one of the list; None where the practice has none of that id."""
    return _rows(practice_id).filter(pk=suppression_id).first()


def history_of(practice_id: UUID, suppression: Suppression) -> list[Suppression]:
    """Return every stop of the same address, the oldest first; of a client without one, her own."""
    same = Q(subject=suppression.subject, address=suppression.address)
    return list(_rows(practice_id).filter(same).order_by("at", "id")[:PAGE])


def owners_of(practice_id: UUID, rows: Collection[Suppression]) -> Mapping[UUID, Client]:
    """Return whose each of these is: the client it names, else the first who has that phone or email (two queries)."""
    open_rows = [each for each in rows if each.client is None]
    owners = {each.pk: each.client for each in rows if each.client is not None}
    for subject, column in ((Suppression.Subject.PHONE, "phone"), (Suppression.Subject.EMAIL, "email")):
        addresses = {each.address for each in open_rows if each.subject == subject}
        if not addresses:
            continue
        clients = Client.objects.filter(
            practice_id=practice_id, merged_into=None, **{f"{column}__any_of": addresses}
        ).order_by("-pk")
        by_address = {getattr(client, column): client for client in clients}
        owners |= {
            each.pk: by_address[each.address]
            for each in open_rows
            if each.subject == subject and each.address in by_address
        }
    return owners


def export_page(practice_id: UUID, wanted: Wanted, after: Cursor | None = None) -> SuppressionPage:
    """Return the next 2,000 of the list, for whoever takes it away whole."""
    rows = tuple(_after(_wanted(practice_id, wanted), after)[:EXPORT_PAGE])
    return SuppressionPage(rows, Cursor(rows[-1].at, rows[-1].pk) if len(rows) == EXPORT_PAGE else None)


def _rows(practice_id: UUID) -> QuerySet[Suppression]:
    rows = Suppression.objects.filter(practice_id=practice_id)
    return rows.select_related("client", "by__person").order_by("-at", "-pk")


def _wanted(practice_id: UUID, wanted: Wanted) -> QuerySet[Suppression]:
    rows = _rows(practice_id)
    if wanted.state:
        rows = rows.filter(lifted_at__isnull=wanted.state == STANDING)
    return rows.filter(origin=wanted.origin) if wanted.origin else rows


def _after(rows: QuerySet[Suppression], cursor: Cursor | None) -> QuerySet[Suppression]:
    if cursor is None:
        return rows
    # One bound for the index, and the other for those of the same moment.
    return rows.filter(at__lte=cursor.at).exclude(at=cursor.at, pk__gte=cursor.id)


def _of_clients(clients: Collection[Client]) -> Q:
    found = Q(client_id__any_of=[each.pk for each in clients]) if clients else Q(pk__in=[])
    phones = [each.phone for each in clients if each.phone]
    emails = [each.email for each in clients if each.email]
    if phones:
        found |= Q(subject=Suppression.Subject.PHONE, address__any_of=phones)
    if emails:
        found |= Q(subject=Suppression.Subject.EMAIL, address__any_of=emails)
    return found
