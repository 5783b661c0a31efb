"""What does each appointment say now, after the words of a batch? (REC-4, R8, R13)"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, ClassVar, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models.appointment import AppointmentStatus
from clients.operations.contact_data import reported_name
from clients.operations.directory import Directory
from clients.operations.reported import ReportedAppointment
from practices.operations.rows import array, run

COLUMNS: Final = (
    "id",
    "client_id",
    "source",
    "remote_id",
    "starts_at",
    "duration_minutes",
    "location_id",
    "provider_id",
    "status",
    "is_cancelled_by_practice",
    "booked_at",
    "learned_at",
    "moved_at",
    "ended_at",
    "version",
    "reported_at",
    "content_hash",
    "field_stamps",
)
ENDED: Final = frozenset(
    {AppointmentStatus.CANCELLED.value, AppointmentStatus.NO_SHOW.value, AppointmentStatus.COMPLETED.value}
)

_UNSAID_STATUS: Final = AppointmentStatus.BOOKED.value
_NO_STATUS: Final = "unsaid_status"
_LONGEST_MINUTES: Final = 32_767
# Of rows that are one booking, the row that got furthest speaks for the visit.
_FURTHEST: Final = {
    status: rank
    for rank, status in enumerate(("", "cancelled", "no_show", "booked", "confirmed", "arrived", "completed"))
}
_CONTENT: Final = (
    "status",
    "services",
    "starts_at",
    "starts_local",
    "duration_minutes",
    "version",
    "booked_at",
    "booked_local",
    "is_cancelled_by_practice",
    "provider",
    "location",
)
_BY_REMOTE_ID: Final = f"""
    SELECT {", ".join(f"a.{column}" for column in COLUMNS)}, ARRAY(
        SELECT service_id FROM clients_appointmentservice s WHERE s.appointment_id = a.id ORDER BY position
    )
    FROM unnest(%s::text[]) AS given(remote_id)
    CROSS JOIN LATERAL (
        SELECT * FROM clients_appointment
        WHERE practice_id = %s AND source = %s AND remote_id = given.remote_id OFFSET 0
    ) a
"""  # noqa: S608  our own column names


@dataclass(slots=True)
class Booking:
    """An appointment's row in memory while words are heard; an empty status was never said and counts as booked."""

    SAID: ClassVar[tuple[str, ...]] = (
        "client_id",
        "starts_at",
        "duration_minutes",
        "location_id",
        "provider_id",
        "status",
        "is_cancelled_by_practice",
        "booked_at",
        "services",
    )

    id: UUID
    client_id: UUID
    source: str
    remote_id: str
    starts_at: datetime | None = None
    duration_minutes: int | None = None
    location_id: UUID | None = None
    provider_id: UUID | None = None
    status: str = ""
    is_cancelled_by_practice: bool = False
    booked_at: datetime | None = None
    learned_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    version: int | None = None
    reported_at: datetime | None = None
    content_hash: str = ""
    field_stamps: dict[str, Any] = field(default_factory=dict)
    services: tuple[UUID, ...] = ()

    def as_row(self) -> tuple[Any, ...]:
        """What is to be stored, as COLUMNS."""
        return (
            self.id,
            self.client_id,
            self.source,
            self.remote_id,
            self.starts_at,
            self.duration_minutes,
            self.location_id,
            self.provider_id,
            self.status or _UNSAID_STATUS,
            self.is_cancelled_by_practice,
            self.booked_at,
            self.learned_at,
            self.moved_at,
            self.ended_at,
            self.version,
            self.reported_at,
            self.content_hash,
            self.field_stamps if self.status else {**self.field_stamps, _NO_STATUS: True},
        )


def bookings_by_remote_id(practice_id: UUID, source: str, remote_ids: Iterable[str]) -> dict[str, Booking]:
    """The appointments of a source that are known under these ids, with their services in order."""
    rows = run(_BY_REMOTE_ID, [array(sorted(remote_ids)), practice_id, source])
    return {booking.remote_id: booking for booking in map(_booking, rows)}


def new_booking(client_id: UUID, source: str, remote_id: str, now: datetime) -> Booking:
    """An appointment that was never heard of before."""
    return Booking(uuid7(), client_id, source, remote_id, learned_at=now)


def hash_of(rows: Sequence[ReportedAppointment]) -> str:
    """What tells one content of a booking, in one row or several, from another."""
    values = [
        (row.client.remote_id or reported_name(row.client), *(getattr(row, name) for name in _CONTENT)) for row in rows
    ]
    return blake2b(repr(values).encode(), digest_size=16).hexdigest()


def words_of(rows: Sequence[ReportedAppointment], client_id: UUID, directory: Directory) -> dict[str, Any]:
    """What the rows of one booking say together, by Booking's attributes.

    The services follow each other, the visit starts with the first and lasts to the end of the last, and the row
    that got furthest gives the status.
    """
    locations = [directory.locations[row.location] if row.location else None for row in rows]
    starts = [_start(row, place, directory) for row, place in zip(rows, locations, strict=True)]
    said: dict[str, Any] = {"client_id": client_id}
    status = max((row.status for row in rows), key=_FURTHEST.__getitem__)
    services = tuple(directory.services[name] for row in rows for name in row.services or () if name.strip())
    is_cancelled_by_practice = any(row.is_cancelled_by_practice for row in rows)
    values = (
        ("starts_at", min(filter(None, starts), default=None)),
        ("duration_minutes", _duration(rows, starts)),
        ("location_id", _first(locations)),
        ("provider_id", _first(directory.providers[row.provider] if row.provider else None for row in rows)),
        ("status", str(status) or None),
        ("booked_at", _first(_booked(row, locations[0], directory) for row in rows)),
    )
    said |= {name: value for name, value in values if value is not None}
    if any(row.services is not None for row in rows):
        said["services"] = services
    if any(row.is_cancelled_by_practice is not None for row in rows):
        said["is_cancelled_by_practice"] = is_cancelled_by_practice
    return said


def _start(row: ReportedAppointment, location_id: UUID | None, directory: Directory) -> datetime | None:
    if row.starts_at is not None:
        return row.starts_at
    return None if row.starts_local is None else directory.moment_of(row.starts_local, location_id)


def _booked(row: ReportedAppointment, location_id: UUID | None, directory: Directory) -> datetime | None:
    if row.booked_at is not None:
        return row.booked_at
    return None if row.booked_local is None else directory.moment_of(row.booked_local, location_id)


def _duration(rows: Sequence[ReportedAppointment], starts: Sequence[datetime | None]) -> int | None:
    timed = [
        (start, start + timedelta(minutes=row.duration_minutes))
        for row, start in zip(rows, starts, strict=True)
        if start is not None and row.duration_minutes is not None
    ]
    if timed:
        minutes = (max(end for _, end in timed) - min(start for start, _ in timed)) // timedelta(minutes=1)
        return min(minutes, _LONGEST_MINUTES)
    return next((row.duration_minutes for row in rows if row.duration_minutes is not None), None)


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _booking(row: tuple[Any, ...]) -> Booking:
    *values, stamps, services = row
    booking = Booking(*(*values, json.loads(stamps), tuple(services)))
    if booking.status == _UNSAID_STATUS and booking.field_stamps.pop(_NO_STATUS, False):
        booking.status = ""
    return booking
