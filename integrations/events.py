"""Which news does the outside world send upwards?"""

from dataclasses import dataclass
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """A gateway spoke of a delivery after the call."""

    practice_id: UUID
    delivery_id: UUID
    outcome: str


delivery_reported = Signal()
"""A gateway reported the fate of a delivery. Sent with `event: DeliveryReported`."""
