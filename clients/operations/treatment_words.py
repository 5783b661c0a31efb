"""What does a report say of a line about a treatment, in the terms of its record? (LIB-5, R1)"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from clients.models.treatment import TreatmentStatus
from clients.operations.contact_data import reported_name
from clients.operations.directory import Directory
from clients.operations.reported import ReportedTreatment

_CENT: Final = Decimal("0.01")
_CONTENT: Final = (
    "service",
    "performed_at",
    "performed_local",
    "is_voided",
    "area",
    "quantity",
    "unit",
    "price",
    "currency",
    "provider",
    "location",
    "series_key",
    "series_number",
    "is_series_complete",
)


def hash_of(reported: ReportedTreatment) -> str:
    """What tells one content of a line from another; how her contact data were written is not of it."""
    who = reported.client.remote_id or reported_name(reported.client)
    values = [getattr(reported, name) for name in _CONTENT]
    return blake2b(repr((who, *values)).encode(), digest_size=16).hexdigest()


def words_of(reported: ReportedTreatment, client_id: UUID, directory: Directory) -> dict[str, Any]:
    """What a report says of a line, by Line's attributes (LIB-5, R1).

    Raises:
        ValueError: a treatment done without its service or time.
    """
    said: dict[str, Any] = {
        "client_id": client_id,
        "status": TreatmentStatus.VOIDED.value if reported.is_voided else TreatmentStatus.COMPLETED.value,
    }
    service_id = directory.services.get(reported.service)
    location_id = directory.locations.get(reported.location) if reported.location else None
    performed = _performed(reported, location_id, directory)
    if not reported.is_voided and (service_id is None or performed is None):
        raise ValueError("A treatment needs a service and the day on which it was done.")
    values = (
        ("service_id", service_id),
        ("performed", performed),
        ("area", reported.area and reported.area[:120]),
        ("quantity", _to_the_cent(reported.quantity)),
        ("unit", reported.unit and reported.unit[:12]),
        ("price", _to_the_cent(reported.price)),
        ("currency", reported.currency and reported.currency[:3]),
        ("provider_id", directory.providers.get(reported.provider) if reported.provider else None),
        ("location_id", location_id),
        ("series_key", reported.series_key and reported.series_key[:120]),
        ("series_number", reported.series_number),
        ("is_series_complete", reported.is_series_complete),
    )
    return said | {name: value for name, value in values if value is not None and value != ""}


def _to_the_cent(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_CENT, ROUND_HALF_UP)


def _performed(
    reported: ReportedTreatment, location_id: UUID | None, directory: Directory
) -> tuple[datetime | None, date | None] | None:
    if reported.performed_at is not None:
        return reported.performed_at, directory.day_of(reported.performed_at, location_id)
    local = reported.performed_local
    if isinstance(local, datetime):
        return directory.moment_of(local, location_id), local.date()
    return None if local is None else (None, local)
