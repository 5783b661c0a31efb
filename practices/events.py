"""Which news does a practice send upwards? Each is sent inside the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class PracticeCreated:
    """A practice came into being; whoever keeps a library or texts for it fills them now."""

    practice_id: UUID
    at: datetime


practice_created = Signal()
"""A practice was created; its scope is open. Sent with `event: PracticeCreated`."""


@dataclass(frozen=True, slots=True)
class PracticeChanged:
    """A practice, a location or a provider of it was changed by staff."""

    practice_id: UUID
    what: frozenset[str]
    """The fields, each with what it belongs to: "practice.cap_days", "location.time_zone", "provider.is_active"."""
    at: datetime


practice_changed = Signal()
"""What a practice chose changed; its scope is open. Sent with `event: PracticeChanged`."""
