"""Does a refusal of theirs stand in the ledger of consents, and since when? (SEQ-12, REC-5)"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, Q

from clients.models import Client, Consent
from clients.models.consent import ConsentScope
from clients.queries.agreements import agreements_of
from clients.queries.stops_in_force import Contact

_CHANNELS: Final = (ConsentScope.SMS, ConsentScope.EMAIL)
_WITHDRAWN, _VETO = Consent.Kind.WITHDRAWN.value, Consent.Kind.VETO.value


def refused_at(practice_id: UUID, client_ids: Collection[UUID]) -> datetime | None:
    """Return when one of these clients last refused texts or emails, herself or by a flag of the records.

    None where no such refusal stands. Photos are no message. Two queries, a third where one stands.
    """
    rows = Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids).values_list("id", "phone", "email")
    standing = Q(pk__in=[])
    for client_id, said in agreements_of(practice_id, [Contact(*row) for row in rows]).items():
        for scope in _CHANNELS:
            kinds = [
                kind
                for kind, stands in ((_WITHDRAWN, said.is_withdrawn(scope)), (_VETO, said.is_vetoed(scope)))
                if stands
            ]
            if kinds:
                standing |= Q(client_id=client_id, scope=scope.value, kind__in=kinds)
    if not standing.children:
        return None
    last: datetime | None = Consent.objects.filter(standing, practice_id=practice_id).aggregate(at=Max("at"))["at"]
    return last
