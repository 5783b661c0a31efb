"""How far is a practice on its way to its first message? (SEQ-9, LIB-5, SEQ-12)"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cadences.models import Service
from cadences.models.service import ServiceKind
from clients.models import Client
from clients.models.consent import ConsentAttestation, ConsentScope
from integrations.queries.carrier_list import uncarried
from practices.models import Practice
from practices.queries.team import has_asked_others

MOST_COUNTED: Final = 100


@dataclass(frozen=True, slots=True)
class SettingUp:
    """What is there and what is not."""

    has_records: bool
    unmapped: int
    """Services that nobody has mapped; no more than MOST_COUNTED are counted."""
    has_postal_address: bool
    attested: frozenset[ConsentScope]
    """Channels for which the practice vouches that its clients agreed."""
    has_team: bool
    """Whether more than one works here or was asked to."""
    has_been_live: bool
    uncarried: tuple[str, ...]
    """The channels, "sms" and "email", whose messages stay in the outbox: going live in production refuses them."""


def setting_up(practice_id: UUID) -> SettingUp:
    """Return it for the practice of the open scope. At most six queries, none of which counts clients."""
    practice = Practice.objects.get(pk=practice_id)
    waiting = Service.objects.filter(practice_id=practice_id, kind=ServiceKind.UNKNOWN)
    vouched = ConsentAttestation.objects.filter(practice_id=practice_id, withdrawn_at=None)
    return SettingUp(
        has_records=Client.objects.filter(practice_id=practice_id).exists(),
        unmapped=waiting[:MOST_COUNTED].count(),
        has_postal_address=bool(practice.address_line.strip()),
        attested=frozenset(ConsentScope(scope) for scope in vouched.values_list("scope", flat=True)),
        has_team=has_asked_others(),
        has_been_live=practice.live_at is not None,
        uncarried=uncarried(practice),
    )
