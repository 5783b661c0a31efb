"""Do people who share a phone or an email get one promotion between them, whoever decides at once? (R23)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from practices.operations.rows import array, run
from reminders.engine.claim import Claimed
from reminders.engine.values import Facts
from reminders.engine.words import SequenceKind
from reminders.operations.bound import Bound
from reminders.operations.facts import Gathered, gather

_HOLD = """
    SELECT address, pg_try_advisory_xact_lock(hashtextextended(%s || address, 0))
    FROM unnest(%s::text[]) AS given(address)
"""


def held(known: Bound, gathered: Mapping[UUID, Gathered], now: datetime) -> dict[UUID, Gathered]:
    """Return the clients that may be decided on: of those who share an address, whoever's address is free.

    Their addresses are held until the transaction ends, and what is known of them is read again, because another
    worker may have written to one of them meanwhile. Those left out stay due.
    """
    shared = {client_id: _shared_addresses(each) for client_id, each in gathered.items()}
    wanted = {address for addresses in shared.values() for address in addresses}
    if not wanted:
        return dict(gathered)
    free = {address for address, is_ours in run(_HOLD, [str(known.practice.pk), array(wanted)]) if is_ours}
    alone = {client_id: each for client_id, each in gathered.items() if not shared[client_id]}
    ours = [client_id for client_id, addresses in shared.items() if addresses and addresses <= free]
    return alone | (gather(known, ours, now) if ours else {})


def _shared_addresses(gathered: Gathered) -> set[str]:
    person = gathered.facts.person
    addresses = {(person.phone, person.phone_shared_by), (person.email, person.email_shared_by)}
    return {address for address, people in addresses if address and people > 1}


@dataclass(slots=True)
class OnePerAddress:
    """Remembers to which addresses a promotion leaves in this transaction."""

    now: datetime
    _told: set[str] = field(default_factory=set)

    def facts(self, gathered: Gathered) -> Facts:
        """What is known of a client, with what leaves for the others at the same address."""
        if self._told.isdisjoint(_shared_addresses(gathered)):
            return gathered.facts
        return replace(gathered.facts, last_promotion_at=self.now)

    def note(self, gathered: Gathered, claimed: Iterable[Claimed]) -> None:
        """Remember what leaves for this client."""
        if any(each.sequence.kind is not SequenceKind.CONFIRMATION for each in claimed):
            self._told |= _shared_addresses(gathered)
