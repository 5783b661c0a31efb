"""What did these clients agree to and refuse, for the numbers and addresses that they have now? (SEQ-12)"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from clients.models import Consent, ConsentAttestation
from clients.models.consent import ConsentScope
from clients.queries.stops_in_force import Contact

Kind = Consent.Kind
OWN_WORDS = frozenset({Kind.GRANTED, Kind.WITHDRAWN})
_REFUSALS = frozenset({Kind.WITHDRAWN.value, Kind.VETO.value})
_GRANTED, _WITHDRAWN, _VETO = Kind.GRANTED.value, Kind.WITHDRAWN.value, Kind.VETO.value
_SMS, _EMAIL, _PHOTOS = ConsentScope.SMS.value, ConsentScope.EMAIL.value, ConsentScope.PHOTOS.value

_OWN = frozenset(kind.value for kind in OWN_WORDS)


@dataclass(slots=True)
class Agreement:
    """The newest words about one client. `own` and `flags`: scope -> kind; the two are different things."""

    own: dict[str, str]
    flags: dict[str, str]

    def is_granted(self, scope: ConsentScope) -> bool:
        """Her own word allows it, for the number or address that she has now."""
        return self.own.get(scope.value) == _GRANTED

    def is_withdrawn(self, scope: ConsentScope) -> bool:
        """Her own last word refuses it."""
        return self.own.get(scope.value) == _WITHDRAWN

    def is_vetoed(self, scope: ConsentScope) -> bool:
        """A flag of the records forbids every kind of message there."""
        return self.flags.get(scope.value) == _VETO


def agreements_of(practice_id: UUID, contacts: Collection[Contact]) -> defaultdict[UUID, Agreement]:
    """Return the newest own word and the newest flag of each client and scope: one query.

    What she granted for a number or an email that is not hers any more does not count; what she refused does,
    whatever she has now. At one moment a refusal wins.
    """
    addresses = {each.id: {_SMS: each.phone, _EMAIL: each.email} for each in contacts}
    found: defaultdict[UUID, Agreement] = defaultdict(lambda: Agreement({}, {}))
    rows: Iterable[tuple[UUID, str, str, str, object]] = Consent.objects.filter(
        practice_id=practice_id, client_id__any_of=addresses
    ).values_list("client_id", "scope", "kind", "address", "at")
    for client_id, scope, kind, address, _ in sorted(rows, key=lambda row: (row[4], row[2] in _REFUSALS)):
        if kind not in _OWN:
            found[client_id].flags[scope] = kind
        elif kind == _WITHDRAWN or not address or address == addresses[client_id].get(scope, address):
            found[client_id].own[scope] = kind
    return found


def attestations(practice_id: UUID) -> tuple[ConsentAttestation, ...]:
    """Return what the practice vouches for now, the newest first: one query."""
    return tuple(_standing(practice_id).order_by("-attested_at", "-pk"))


def attested_scopes(practice_id: UUID) -> frozenset[str]:
    """Return for what the practice vouches that its clients agreed, on forms it keeps: one query."""
    return frozenset(_standing(practice_id).values_list("scope", flat=True))


def _standing(practice_id: UUID) -> QuerySet[ConsentAttestation]:
    return ConsentAttestation.objects.filter(practice_id=practice_id, withdrawn_at__isnull=True)
