"""Which clients does a name, a phone number or an email address find?"""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex

from clients.models import Client, ClientIdentity, ClientWord
from practices.queries.names import name_key

MOST = 50
PHONE_DIGITS = 4
US_DIGITS = 10
LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of clients. `more_after`: the client after whom the next one begins; None at the end."""

    clients: tuple[Client, ...]
    more_after: UUID | None = None


def find_clients(practice_id: UUID, words: str) -> list[Client]:
    """Return the first 50 clients that the words find, or the first by name where there are none."""
    return list(search(practice_id, words).clients if words.strip() else by_name(practice_id).clients)


def by_name(practice_id: UUID, after: UUID | None = None) -> Found:
    """Return one page of all clients by name, the next after this one: at most two queries, both by index."""
    rows = Client.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None).order_by("name_key", "id")
    if after is not None:
        key = Client.objects.filter(practice_id=practice_id, pk=after).values_list("name_key", flat=True).first()
        if key is None:
            return Found(())
        rows = rows.filter(Q(name_key__gt=key) | Q(id__gt=after), name_key__gte=key)
    return _page(list(rows[: MOST + 1]))


def search(practice_id: UUID, words: str, after: UUID | None = None) -> Found:
    """Return one page of the clients that the words find: by a name from any of its words on, a number, an email.

    Case, accents, apostrophes and the order of words do not matter; each word may be a beginning. A number is found
    however it is written, by how it begins, by its last seven digits or its last four; an email in full or by how it
    begins. Comparisons are leakproof, so that row-level security keeps the indexes (DESIGN.md 6).
    """
    words = words.strip()
    if "@" in words:
        return _by_email(practice_id, words.lower(), after)
    digits = re.sub(r"\D", "", words)
    if len(digits) >= PHONE_DIGITS and not re.search(r"[^\W\d_]", words):
        return _by_words(practice_id, [_national(digits, has_plus="+" in words)], after)
    typed = name_key(words).split()
    found = _by_words(practice_id, typed, after) if typed else Found(())
    if found.clients or not typed or len(words.split()) > 1:
        return found
    return _by_email(practice_id, words.lower(), after)


def is_exact(words: str, client: Client) -> bool:
    """Whether the words are this client's whole number or email, so that nobody else can be meant.

    >>> is_exact("(312) 555-0186", Client(phone="+13125550186")), is_exact("0186", Client(phone="+13125550186"))
    (True, False)
    """
    words = words.strip()
    if "@" in words:
        return words.lower() == client.email
    digits = re.sub(r"\D", "", words)
    is_number = bool(digits) and not re.search(r"[^\W\d_]", words)
    return is_number and client.phone in {f"+{digits}", f"+1{digits}"} and len(digits) >= US_DIGITS


def _national(digits: str, *, has_plus: bool) -> str:
    """Without the country's 1: neither an area code nor the three digits after it begins with one."""
    is_us = has_plus or PHONE_DIGITS < len(digits) <= US_DIGITS + 1
    return digits.removeprefix("1") if is_us else digits


def _by_words(practice_id: UUID, typed: list[str], after: UUID | None) -> Found:
    """By the longest word through the index; the others are looked for in the names that it finds."""
    longest = max(typed, key=len)
    others = list(typed)
    others.remove(longest)
    within = {"words__gte": longest, "words__lt": longest + LAST_CHARACTER}
    rows = ClientWord.objects.filter(practice_id=practice_id, client__merged_into=None, **within)
    for number, other in enumerate(others):
        place = StrIndex(Concat(Value(" "), "client__name_key"), Value(f" {other}"))
        rows = rows.alias(**{f"place_{number}": place}).filter(**{f"place_{number}__gt": 0})
    # Of a client whom several words find, the first in the order is shown.
    earlier = ClientWord.objects.filter(
        client_id=OuterRef("client_id"), words__gte=longest, words__lt=OuterRef("words")
    )
    rows = rows.filter(~Exists(earlier)).order_by("words", "client_id").select_related("client")
    if after is not None:
        key = (
            ClientWord.objects.filter(practice_id=practice_id, client_id=after, **within)
            .order_by("words")
            .values_list("words", flat=True)
            .first()
        )
        if key is None:
            return Found(())
        rows = rows.filter(Q(words__gt=key) | Q(client_id__gt=after), words__gte=key)
    return _page([row.client for row in rows[: MOST + 1]])


def _by_email(practice_id: UUID, start: str, after: UUID | None) -> Found:
    rows: QuerySet[Client] = Client.objects.filter(
        practice_id=practice_id, merged_into=None, email__gte=start, email__lt=start + LAST_CHARACTER
    ).order_by("email", "id")
    if after is not None:
        key = Client.objects.filter(practice_id=practice_id, pk=after).values_list("email", flat=True).first()
        if key is None:
            return Found(())
        rows = rows.filter(Q(email__gt=key) | Q(id__gt=after), email__gte=key)
    return _page(list(rows[: MOST + 1]))


def _page(rows: list[Client]) -> Found:
    shown = tuple(rows[:MOST])
    return Found(shown, shown[-1].pk if len(rows) > MOST else None)


def client_named(practice_id: UUID, name: str) -> UUID | None:
    """Return whom an operator means by a client's id, or by `source:remote_id`; None where there is no such client."""
    source, separator, remote_id = name.partition(":")
    if separator:
        identities = ClientIdentity.objects.filter(practice_id=practice_id, source=source, remote_id=remote_id)
        return identities.values_list("client_id", flat=True).first()
    try:
        wanted = UUID(name)
    except ValueError:
        return None
    return Client.objects.filter(practice_id=practice_id, pk=wanted).values_list("pk", flat=True).first()
