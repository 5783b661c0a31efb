"""Which news do records send upwards? Each is sent inside the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class ClientsChanged:
    """Something about these clients of the practice changed; it carries a batch, so that an import stays set-based."""

    practice_id: UUID
    client_ids: frozenset[UUID]
    at: datetime
    """The moment that the operation worked with; plans are made as of it."""
    may_wait: bool = False
    """They are many: their plans may be made by the clock, a batch at a time, instead of before the answer."""


@dataclass(frozen=True, slots=True)
class ConsentAttested:
    """The practice vouched for the consent of all its clients to one channel (SEQ-12)."""

    practice_id: UUID
    scope: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Traces:
    """By what somebody is found in what was kept as it arrived: texts that must not be found afterwards."""

    names: frozenset[str]
    """Full names, as the records have them, or had where that can be found."""
    phones: frozenset[str]
    """E.164, those that she had before too; none that another client has."""
    emails: frozenset[str]
    """Lower case, those that she had before too; none that another client has."""
    remote_ids: frozenset[tuple[str, str]]
    """Source and the id under which it knows her."""


@dataclass(frozen=True, slots=True)
class ClientErased:
    """A person is being erased: one client, and those who were merged into her (REC-5). Their rows are held."""

    practice_id: UUID
    client_ids: frozenset[UUID]
    traces: Traces
    at: datetime


@dataclass(frozen=True, slots=True)
class AddressesUsed:
    """A question upwards: at which phones and emails were these clients written to, and from which did they write?"""

    practice_id: UUID
    client_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class ClientsMerged:
    """Two clients became one, or two again. Their rows are held; what the records hold has moved already."""

    practice_id: UUID
    merge_id: UUID
    kept_id: UUID
    gone_id: UUID
    at: datetime


treatment_recorded = Signal()
"""Treatments were recorded, changed or voided. Sent with `event: ClientsChanged`."""

appointment_changed = Signal()
"""Appointments were booked, moved, cancelled, missed or completed. Sent with `event: ClientsChanged`."""

consent_changed = Signal()
"""Consents, suppressions or service issues changed. Sent with `event: ClientsChanged`."""

client_changed = Signal()
"""Contact data, status or preferences changed. Sent with `event: ClientsChanged`."""

consent_attested = Signal()
"""The practice attested its clients' consent. Sent with `event: ConsentAttested`."""

client_merged = Signal()
"""One client became part of another (R18). Sent with `event: ClientsMerged`."""

client_unmerged = Signal()
"""A merge was undone (R18). Sent with `event: ClientsMerged`."""

addresses_used = Signal()
"""Asked with `event: AddressesUsed`, inside the practice's scope, while somebody is erased (REC-5).

A receiver returns a set of `Subject`, phones and emails, those of today perhaps too.
"""

client_erased = Signal()
"""A person is being erased: whoever keeps anything of hers lets go of it in this transaction (REC-5).

Sent with `event: ClientErased`, while what the records hold of her is still there.
"""
