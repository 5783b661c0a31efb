"""Which phones, emails and names did a person have before? They are searched when she is erased (REC-5)"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from clients.events import AddressesUsed, addresses_used
from clients.models import Client, ClientMerge, ClientMergedRow, Consent, Suppression
from clients.models.consent import ConsentScope
from clients.models.suppression import Subject

_PHONE, _EMAIL = Suppression.Subject.PHONE.value, Suppression.Subject.EMAIL.value
_SUBJECTS: Final = {ConsentScope.SMS.value: _PHONE, ConsentScope.EMAIL.value: _EMAIL}


@dataclass(frozen=True, slots=True)
class Before:
    """What was hers at some time: phones (E.164), emails (lower case) and full names, those of today perhaps too."""

    phones: frozenset[str]
    emails: frozenset[str]
    names: frozenset[str]


def what_was_hers(practice_id: UUID, client_ids: Collection[UUID]) -> Before:
    """Return what can be found of it: no table keeps what a client's row said before.

    Phones and emails are those that she consented for, opted out by, and was written to or wrote from, as whoever
    keeps messages says when asked; and, with names, those of before a merge. Runs in the open scope.
    """
    mine: dict[str, Any] = {"practice_id": practice_id, "client_id__any_of": client_ids}
    said = Consent.objects.filter(**mine, scope__in=_SUBJECTS).values_list("scope", "address")
    found: set[Subject] = {(_SUBJECTS[scope], address) for scope, address in said}
    stops = Suppression.objects.filter(**mine, subject__in=[_PHONE, _EMAIL], is_hashed=False)
    found |= set(stops.values_list("subject", "address"))
    question = AddressesUsed(practice_id, frozenset(client_ids))
    answers: list[Any] = [answer for _, answer in addresses_used.send(sender=Client, event=question)]
    found = found.union(*answers)
    rows = _noted(practice_id, client_ids)
    found |= {(subject, row[subject]) for row in rows for subject in (_PHONE, _EMAIL)}
    return Before(
        phones=frozenset(address for subject, address in found if subject == _PHONE and address),
        emails=frozenset(address for subject, address in found if subject == _EMAIL and address),
        names=frozenset(f"{row['first_name']} {row['last_name']}".strip() for row in rows) - {""},
    )


def _noted(practice_id: UUID, client_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """Her rows as they were before each merge, those that were undone too."""
    hers = Q(kept_id__in=client_ids) | Q(gone_id__in=client_ids)
    merges = ClientMerge.objects.filter(hers, practice_id=practice_id)
    notes = ClientMergedRow.objects.filter(
        practice_id=practice_id, merge__in=merges, table=Client._meta.db_table, row_id__in=client_ids
    )
    return [before for before in notes.values_list("before", flat=True) if before]
