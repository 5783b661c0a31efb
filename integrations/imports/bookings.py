"""Which rows of a file are one booking, and what does the booking look like as a whole?"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from clients.models.appointment import AppointmentStatus
from clients.operations.reported import ReportedAppointment
from integrations.imports.lines import BookingRow

# Of rows that stand differently, the one furthest along speaks for the visit; a service that was taken
# out of it (cancelled, missed) is no longer one of its services.
_RANK: Final = MappingProxyType(
    {
        AppointmentStatus.CANCELLED.value: 0,
        AppointmentStatus.NO_SHOW.value: 1,
        AppointmentStatus.BOOKED.value: 2,
        AppointmentStatus.CONFIRMED.value: 3,
        AppointmentStatus.ARRIVED.value: 4,
        AppointmentStatus.COMPLETED.value: 5,
    }
)
_LAPSED: Final = (AppointmentStatus.CANCELLED.value, AppointmentStatus.NO_SHOW.value)
_LONGEST: Final = timedelta(hours=24)
_NUMBER: Final = re.compile(r"(\d+)")


def row_order(remote_id: str) -> list[tuple[int, int, str]]:
    """Return what rows are put in order by: their ids, whose numbers count as numbers.

    >>> sorted(["1005-1", "1005", "999"], key=row_order)
    ['999', '1005', '1005-1']
    """
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in _NUMBER.split(remote_id) if part]


def joined(rows: Sequence[BookingRow], now: datetime) -> ReportedAppointment:
    """Join all the rows of one booking, whatever their order, under the lowest of their ids.

    The same rows always give the same booking, and a booking whose rows all moved keeps its id (R8, R13).
    A day of booking that has not come yet cannot be one: it is left out, lest an old booking look new (R4).
    """
    rows = sorted(rows, key=lambda row: (row_order(row.remote_id), row.starts, row.service))
    status = max((row.status for row in rows), key=lambda word: _RANK[word])
    kept = [row for row in rows if status in _LAPSED or row.status not in _LAPSED]
    first = min(kept, key=lambda row: row.starts)
    starts = first.starts
    length = max((row.ends - starts for row in kept if row.ends), default=timedelta(0))
    booked = min((row.booked for row in kept if row.booked and not _is_to_come(row.booked, now)), default=None)
    is_aware = starts.tzinfo is not None
    return ReportedAppointment(
        remote_id=rows[0].remote_id,
        client=rows[0].client,
        status=status,
        services=tuple(row.service for row in kept),
        starts_at=starts if is_aware else None,
        starts_local=None if is_aware else starts,
        duration_minutes=int(length.total_seconds() // 60) if timedelta(0) < length <= _LONGEST else None,
        booked_local=booked,
        provider=first.provider,
        location=first.location,
    )


def _is_to_come(booked: date, now: datetime) -> bool:
    """Whether a day lies ahead in every zone, however far east."""
    return booked > (now + timedelta(hours=14)).date()
