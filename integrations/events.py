"""Which news does the outside world send upwards?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class RecordsHeard:
    """The records of a practice spoke well: events were applied, or a file was imported to its end (R20)."""

    practice_id: UUID
    at: datetime


records_heard = Signal()
"""Records are fresh again. Sent with `event: RecordsHeard`, inside the transaction that notes it."""
