"""Which clients does a name, a phone number or an email address find?"""

import re
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex

from clients.models import Client, ClientIdentity
from practices.queries.names import name_key

MOST = 50
PHONE_DIGITS = 4
US_DIGITS = 10
LAST_CHARACTER = "\U0010ffff"


def find_clients(practice_id: UUID, words: str) -> list[Client]:
    """Return at most 50 clients, by name: an email exactly, a phone by its digits, else a name by its beginning.

    A beginning of the full name uses its index: its comparisons are leakproof, so that row-level security keeps
    it (DESIGN.md 6). What room is left is for beginnings of later words of the name, which reads all names.
    """
    words = words.strip()
    rows = Client.objects.filter(practice_id=practice_id, merged_into=None).order_by("name_key", "id")
    if "@" in words:
        return list(rows.filter(email=words.lower())[:MOST])
    digits = re.sub(r"\D", "", words)
    if len(digits) >= PHONE_DIGITS and not re.search(r"[^\W\d_]", words):
        return list(_by_phone(rows, digits)[:MOST])
    key = name_key(words)
    if words and not key:
        return []
    found = list(rows.filter(name_key__gte=key, name_key__lt=key + LAST_CHARACTER)[:MOST])
    if not key or len(found) == MOST:
        return found
    later = rows.annotate(place=StrIndex("name_key", Value(f" {key}"))).filter(place__gt=0)
    found += later.exclude(pk__in=[each.pk for each in found])[: MOST - len(found)]
    return sorted(found, key=lambda each: (each.name_key, each.pk))


def _by_phone(rows: QuerySet[Client], digits: str) -> QuerySet[Client]:
    """A whole number in any way of writing it, or how one begins: 312555 finds (312) 555-0186."""
    start = f"+{digits}" if len(digits) > US_DIGITS else f"+1{digits.removeprefix('1')}"
    return rows.filter(phone__gte=start, phone__lt=f"{start}a")


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
