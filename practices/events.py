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
