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


@dataclass(frozen=True, slots=True)
class ConsentAttested:
    """The practice vouched for the consent of all its clients to one channel (SEQ-12)."""

    practice_id: UUID
    scope: str
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
