"""What becomes of the practice's appointments when a source reports bookings? (REC-4, R8, R13)"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models import Appointment, AppointmentChange, AppointmentService
from clients.operations.bookings import (
    COLUMNS,
    ENDED,
    Booking,
    bookings_by_remote_id,
    hash_of,
    new_booking,
    words_of,
)
from clients.operations.directory import Directory
from clients.operations.reported import Outcome, Report, ReportedAppointment
from clients.operations.stamps import Stamp, hear
from practices.operations.rows import array, insert_rows, run, update_rows

_CHANGE: Final = (
    "id",
    "practice_id",
    "appointment_id",
    "changed_at",
    "from_starts_at",
    "to_starts_at",
    "from_status",
    "to_status",
)

Rows = list[tuple[UUID | None, ReportedAppointment]]
"""Reported rows, each with its client; without one it waits."""


class Appointments:
    """One batch's bookings on their way from words to rows."""

    def __init__(self, practice_id: UUID, report: Report, directory: Directory, now: datetime) -> None:
        self.practice_id, self.report, self.directory, self.now = practice_id, report, directory, now
        self._is_file = report.reported_at is None
        self.changed_clients: set[UUID] = set()
        self._created: list[Booking] = []
        self._rewritten: list[Booking] = []
        self._reserviced: list[Booking] = []
        self._changes: list[tuple[Any, ...]] = []

    def record(self, rows: Rows, hold: Callable[[set[UUID]], bool]) -> list[Outcome]:
        """Will record the rows; returns what became of each.

        `hold` holds further clients' rows, and says whether it had to: then what was read is read again.
        """
        by_id: dict[str, list[ReportedAppointment]] = {}
        clients: dict[str, UUID | None] = {}
        for client_id, row in rows:
            by_id.setdefault(row.remote_id, []).append(row)
            clients[row.remote_id] = client_id
        known = bookings_by_remote_id(self.practice_id, self.report.document, by_id) if by_id else {}
        if hold({booking.client_id for booking in known.values()}):
            known = bookings_by_remote_id(self.practice_id, self.report.document, by_id)
        outcomes = {
            remote_id: self._hear(known.get(remote_id), group, clients[remote_id]) for remote_id, group in by_id.items()
        }
        self._store()
        return [outcomes[row.remote_id] for _, row in rows]

    def _hear(self, known: Booking | None, group: Sequence[ReportedAppointment], client_id: UUID | None) -> Outcome:
        content_hash = hash_of(group)
        if known is not None and self._is_file and known.content_hash == content_hash:
            return Outcome.UNCHANGED
        if known is not None and not group[0].client.remote_id:
            client_id = known.client_id  # found before, when fewer had that name
        if client_id is None:
            return Outcome.WAITING
        booking = known or new_booking(client_id, self.report.document, group[0].remote_id, self.now)
        before = replace(booking, field_stamps=dict(booking.field_stamps))
        versions = [row.version for row in group if row.version is not None]
        stamp = Stamp(group[0].client.said_at or self.report.reported_at or self.now, max(versions, default=None))
        said = words_of(group, client_id, self.directory)
        changed = hear(booking, said, stamp)
        if (booking.reported_at, booking.version) == (stamp.at, stamp.version):
            booking.content_hash = content_hash
        self._note_end(booking, before, said.get("status"), stamp)
        if known is None:
            self._created.append(booking)
            self.changed_clients.add(client_id)
            return Outcome.CREATED
        return self._note(booking, before, changed, stamp)

    def _note(self, booking: Booking, before: Booking, changed: set[str], stamp: Stamp) -> Outcome:
        """Notes what is to be written of an appointment that was known."""
        if booking != before:
            self._rewritten.append(booking)
        if not changed:
            return Outcome.UNCHANGED
        if changed & {"starts_at", "status"}:
            self._note_change(booking, before, stamp)
        if "services" in changed:
            self._reserviced.append(booking)
        self.changed_clients |= {before.client_id, booking.client_id}
        return Outcome.UPDATED

    def _note_change(self, booking: Booking, before: Booking, stamp: Stamp) -> None:
        if before.starts_at is not None and booking.starts_at != before.starts_at:
            booking.moved_at = stamp.at
        change = (before.starts_at, booking.starts_at, before.status, booking.status)
        self._changes.append((uuid7(), self.practice_id, booking.id, stamp.at, *change))

    def _note_end(self, booking: Booking, before: Booking, said: str | None, stamp: Stamp) -> None:
        """An end is as old as the first word of it; of what a file says, at most as old as the start."""
        if booking.status not in ENDED:
            booking.ended_at = None
            return
        at = stamp.at
        if self._is_file and booking.starts_at is not None:
            at = min(at, booking.starts_at)
        if booking.status != before.status or booking.ended_at is None:
            booking.ended_at = at
        elif said == booking.status:
            booking.ended_at = min(booking.ended_at, at)

    def _store(self) -> None:
        insert_rows(
            Appointment,
            (*COLUMNS, "practice_id"),
            [(*booking.as_row(), self.practice_id) for booking in self._created],
        )
        update_rows(Appointment, COLUMNS, [booking.as_row() for booking in self._rewritten])
        insert_rows(AppointmentChange, _CHANGE, self._changes)
        if self._reserviced:
            replaced = array(booking.id for booking in self._reserviced)
            run("DELETE FROM clients_appointmentservice WHERE appointment_id = ANY(%s::uuid[])", [replaced])
        insert_rows(
            AppointmentService,
            ("id", "practice_id", "appointment_id", "position", "service_id"),
            [
                (uuid7(), self.practice_id, booking.id, position, service_id)
                for booking in (*self._created, *self._reserviced)
                for position, service_id in enumerate(booking.services)
            ],
        )
