"""What do the records hold of a person who is erased, and what becomes of each? (REC-5)"""

from collections.abc import Collection
from typing import Final

from django.db.models import Q

from clients.events import ClientErased
from clients.models import (
    AddressMark,
    Client,
    ClientIdentity,
    ClientMerge,
    ClientMergedRow,
    Consent,
    ServiceIssue,
    StaffNote,
    Treatment,
    TreatmentRecord,
    UnmatchedRecord,
)

_BLANK: Final = (
    (Treatment, {"area": "", "series_key": ""}),
    (TreatmentRecord, {"area": "", "series_key": "", "field_stamps": {}}),
    (ServiceIssue, {"text": ""}),
)
"""What is counted stays; its words do not."""

_GONE: Final = (ClientIdentity, Consent, StaffNote)
"""What is nothing without the person."""


def erase_records(event: ClientErased, name_keys: Collection[str]) -> None:
    """Will delete or blank every row of the records that speaks of her, in the open scope.

    Her own rows say already that she is erased: else the ledger of consents would not let go of her words. Keys of
    documents (an invoice's number) stay, so that reading the same file again counts nothing twice. `name_keys`: what
    she was called, as matched; lines that wait for somebody of that name go if nobody else has it.
    """
    mine = {"practice_id": event.practice_id, "client_id__in": event.client_ids}
    ClientIdentity.objects.filter(**mine).update(merge=None)
    merges = ClientMerge.objects.filter(
        Q(kept_id__in=event.client_ids) | Q(gone_id__in=event.client_ids), practice_id=event.practice_id
    )
    ClientMergedRow.objects.filter(practice_id=event.practice_id, merge__in=merges).delete()
    merges.delete()
    for gone in _GONE:
        gone._default_manager.filter(**mine).delete()
    for counted, blank in _BLANK:
        counted._default_manager.filter(**mine).update(**blank)
    ServiceIssue.objects.filter(**mine, resolved_at=None).update(resolved_at=event.at)
    marks = AddressMark.objects.filter(practice_id=event.practice_id)
    marks.filter(subject=AddressMark.Subject.PHONE, address__any_of=event.traces.phones).delete()
    marks.filter(subject=AddressMark.Subject.EMAIL, address__any_of=event.traces.emails).delete()
    people = Client.objects.filter(practice_id=event.practice_id, name_key__any_of=name_keys)
    others = set(people.values_list("name_key", flat=True))
    nameless = set(name_keys) - others - {""}
    UnmatchedRecord.objects.filter(practice_id=event.practice_id, name_key__any_of=nameless).delete()
