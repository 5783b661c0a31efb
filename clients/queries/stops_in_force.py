"""Which opt-outs reach these clients: by person, by phone, by email, or by what is kept of somebody erased?"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from clients.models import Suppression
from clients.models.suppression import Subject
from clients.queries.keyed_hashes import as_kept

_PHONE, _EMAIL, _CLIENT = _KINDS = tuple(subject.value for subject in Suppression.Subject)


@dataclass(frozen=True, slots=True)
class Contact:
    """A client's id, and the phone (E.164) and email (lower case) that are hers now; each may be empty."""

    id: UUID
    phone: str
    email: str


class StopsInForce:
    """The standing suppressions of a batch of clients: two queries (OPT-1, OPT-3, REC-5)."""

    def __init__(self, practice_id: UUID, contacts: Iterable[Contact]) -> None:
        contacts = list(contacts)
        # What forbids its own channel, and what of that forbids all promotion.
        self._narrow: set[tuple[str, str | UUID | None]] = set()
        self._broad: set[tuple[str, str | UUID | None]] = set()
        addresses = [(_PHONE, each.phone) for each in contacts] + [(_EMAIL, each.email) for each in contacts]
        kept = as_kept(practice_id, addresses)
        ids = [each.id for each in contacts]
        reaching = (
            Q(client_id__any_of=ids)
            | Q(subject=_PHONE, address__any_of=[each.phone for each in contacts if each.phone])
            | Q(subject=_EMAIL, address__any_of=[each.email for each in contacts if each.email])
        )
        if kept:
            reaching |= Q(is_hashed=True, address__any_of=[hashed for _, hashed in kept])
        rows = Suppression.objects.filter(reaching, practice_id=practice_id, lifted_at__isnull=True)
        for subject, address, is_hashed, client_id, narrowed_at in rows.values_list(
            "subject", "address", "is_hashed", "client_id", "narrowed_at"
        ):
            meant = kept.get((subject, address), (subject, address)) if is_hashed else (subject, address)
            for kinds in (self._narrow, self._broad) if narrowed_at is None else (self._narrow,):
                kinds.add(meant)
                kinds.add((subject, client_id))

    def sms(self, contact: Contact) -> bool:
        """STOP ends every text to that number, and to the one she has instead."""
        return not {(_PHONE, contact.phone), (_PHONE, contact.id)}.isdisjoint(self._narrow)

    def email(self, contact: Contact) -> bool:
        """Unsubscribed from email."""
        return not {(_EMAIL, contact.email), (_EMAIL, contact.id)}.isdisjoint(self._narrow)

    def any(self, contact: Contact) -> bool:
        """Any opt-out ends all promotion on every channel, until one of them is taken back (OPT-3)."""
        mine = {(_PHONE, contact.phone), (_EMAIL, contact.email), *((kind, contact.id) for kind in _KINDS)}
        return not mine.isdisjoint(self._broad)


def stops_of(practice_id: UUID, subjects: Iterable[Subject]) -> Q:
    """Return what finds the suppressions of these addresses, as they are and as they are kept of the erased."""
    wanted = [each for each in subjects if each[1]]
    found = Q(pk__in=[])
    for subject, address in wanted:
        found |= Q(subject=subject, address=address, is_hashed=False)
    for subject, hashed in as_kept(practice_id, wanted):
        found |= Q(subject=subject, address=hashed, is_hashed=True)
    return found
