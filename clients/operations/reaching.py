"""Whom does a word reach that is said about a phone, an email or a client? (OPT-1)"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from clients.models import Client, Suppression
from clients.models.suppression import Subject
from clients.operations.locking import lock_clients
from clients.operations.zones import normalize_email, normalize_phone

PHONE, EMAIL, CLIENT = (subject.value for subject in Suppression.Subject)


class NobodyNamed(ValueError):
    """Neither a client of the practice nor a phone or email that can be read was named."""


def hold_whom_it_reaches(practice_id: UUID, *, phone: str = "", email: str = "") -> set[UUID]:
    """Will hold everybody whom an opt-out of this phone or email reaches, all at once and in order.

    For whoever holds some of them before the words are heeded: two such would wait in a circle.
    """
    return hold_reached(practice_id, subjects_of(phone, email), None)


def addresses_read(phone: str | None, email: str | None) -> tuple[str, str]:
    """Return a phone and an email as they are kept; empty where none was given, or none can be read."""
    return (normalize_phone(phone) or "") if phone else "", (normalize_email(email) or "") if email else ""


def subjects_of(phone: str, email: str) -> list[Subject]:
    """Return what is suppressed where these are: none of what is empty."""
    return [subject for subject in ((PHONE, phone), (EMAIL, email)) if subject[1]]


def client_meant(practice_id: UUID, client_id: UUID | None) -> Client | None:
    """The client of that id, or whom she was merged into."""
    if client_id is None:
        return None
    found = Client.objects.filter(practice_id=practice_id, id=client_id, erased_at=None)
    client = found.select_related("merged_into").first()
    return client.merged_into or client if client else None


def hold_reached(practice_id: UUID, subjects: Sequence[Subject], client: Client | None) -> set[UUID]:
    """Whom a word reaches, held. Where one was merged away or erased while we waited, they are looked for again."""
    while True:
        reached = _reached(practice_id, subjects, client)
        held = lock_clients(practice_id, reached)
        if held.keys() == reached and not any(data.merged_into for data in held.values()):
            return reached
        client = client_meant(practice_id, client.id if client else None)


def owners_of(practice_id: UUID, subjects: Collection[Subject], reached: set[UUID]) -> set[UUID]:
    """Of those whom a word reaches, who has one of the phones and emails herself; all of them if nobody has."""
    return people_with(practice_id, subjects) & reached or reached


def people_with(practice_id: UUID, subjects: Collection[Subject]) -> set[UUID]:
    """Who has one of these phones and emails, or into whom such a one was merged."""
    have = Q(phone__in=[address for subject, address in subjects if subject == PHONE])
    have |= Q(email__in=[address for subject, address in subjects if subject == EMAIL])
    rows = Client.objects.filter(have, practice_id=practice_id, erased_at=None)
    return set(rows.values_list(Coalesce("merged_into_id", "id"), flat=True))


def _reached(practice_id: UUID, subjects: Iterable[Subject], client: Client | None) -> set[UUID]:
    """The records that have one of the addresses, and those that share a phone or email with one of them.

    An address that only a merged record had reaches the client whom it was merged into.
    """
    mine = Client.objects.filter(practice_id=practice_id).annotate(person=Coalesce("merged_into_id", "id"))
    wanted = Q(pk=client.id) if client else Q(pk__in=[])
    for subject, address in subjects:
        if subject != CLIENT:
            wanted |= Q(phone=address) if subject == PHONE else Q(email=address)
    direct = list(mine.filter(wanted).values_list("id", "phone", "email", "person"))
    into = [person for client_id, _, _, person in direct if person != client_id]
    if into:
        direct += mine.filter(id__in=into).values_list("id", "phone", "email", "person")
    phones = {phone for _, phone, _, _ in direct} - {""}
    emails = {email for _, _, email, _ in direct} - {""}
    shared = mine.filter(Q(phone__in=phones) | Q(email__in=emails)).values_list("person", flat=True)
    return {person for *_, person in direct} | set(shared)
