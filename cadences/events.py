"""Which news does a cadence library send upwards? Each is sent inside the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class ServiceMapped:
    """A manager said what a service of the practice's PMS means (LIB-5)."""

    practice_id: UUID
    service_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CadenceChanged:
    """A treatment type has a new current cadence (LIB-6)."""

    practice_id: UUID
    treatment_type_id: UUID
    cadence_version_id: UUID


service_mapped = Signal()
"""A service was mapped or remapped. Sent with `event: ServiceMapped`."""

cadence_changed = Signal()
"""A treatment type follows another version. Sent with `event: CadenceChanged`."""
