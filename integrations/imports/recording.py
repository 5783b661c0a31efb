"""How is a batch recorded, and which of its rows were new, changed or known already?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from clients.operations.record import record
from django.db import DataError, OperationalError

from clients.models.appointment import Appointment, AppointmentStatus
from clients.models.treatment import TreatmentRecord
from clients.operations.reported import Recorded, Report, ReportedAppointment
from integrations.imports.batches import Batch, Piece, report_of
from integrations.imports.preset import Preset
from practices.tenancy import practice_scope

_PASSING: Final = ("40001", "40P01")  # serialization failure, deadlock: PostgreSQL asks to try again
_ATTEMPTS: Final = 3
_UNSTORABLE: Final = "The database cannot hold a value of this row."


@dataclass(slots=True)
class Counts:
    """How many rows became what."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0

    def add(self, other: "Counts | Recorded") -> None:
        """Add what another part of the file came to."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.waiting += other.waiting


def record_batch(practice_id: UUID, batch: Batch, preset: Preset, now: datetime) -> Counts:
    """Record a batch in one transaction of the practice.

    A value that no check foresaw and the database refuses costs its own rows and no others: they are
    found by halving, and join `batch.bad`.
    """
    counts = Counts()
    waiting = [batch.pieces]
    while waiting:
        pieces = waiting.pop()
        if not pieces:
            continue
        try:
            counts.add(_record_patiently(practice_id, pieces, preset, now))
        except DataError:
            if len(pieces) == 1:
                batch.pieces.remove(pieces[0])
                batch.bad += [(line, _UNSTORABLE) for line in pieces[0].lines]
                continue
            half = len(pieces) // 2
            waiting += [pieces[half:], pieces[:half]]
    return counts


def _record_patiently(
    practice_id: UUID, pieces: Sequence[Piece], preset: Preset, now: datetime
) -> "Counts | Recorded":
    attempts = 0
    while True:
        try:
            with practice_scope(practice_id):
                return _record(practice_id, pieces, preset, now)
        except OperationalError as error:
            attempts += 1
            if attempts == _ATTEMPTS or getattr(error.__cause__, "pgcode", None) not in _PASSING:
                raise


def _record(practice_id: UUID, pieces: Sequence[Piece], preset: Preset, now: datetime) -> "Counts | Recorded":
    report = report_of(pieces, preset)
    if not report.appointments:
        return record(practice_id, report, now)  # there a row is a line, and the count of lines is of rows
    report = replace(report, appointments=report.appointments + _absorbed(pieces, report))
    before = _stamps(report)
    record(practice_id, report, now)
    return _compare(pieces, before, _stamps(report))


def _absorbed(pieces: Sequence[Piece], report: Report) -> tuple[ReportedAppointment, ...]:
    """Bookings of an earlier import whose row has since become a service of another: they fall away."""
    heirs = {row_id: piece.appointment for piece in pieces for row_id in piece.absorbed if piece.appointment}
    stale = (
        Appointment.objects.filter(source=report.document, remote_id__in=heirs)
        .exclude(status=AppointmentStatus.CANCELLED)
        .values_list("remote_id", flat=True)
        if heirs
        else ()
    )
    return tuple(
        ReportedAppointment(
            remote_id=row_id, client=heirs[row_id].client, status=AppointmentStatus.CANCELLED.value
        )
        for row_id in stale
    )


_Stamps = dict[str, str]


def _stamps(report: Report) -> tuple[_Stamps, _Stamps]:
    """What is stored of these bookings and lines: key -> a hash of what was said."""
    bookings = Appointment.objects.filter(
        source=report.document, remote_id__in=[told.remote_id for told in report.appointments]
    )
    lines = TreatmentRecord.objects.filter(
        source=report.document, line_key__in=[told.line_key for told in report.treatments]
    )
    return (
        dict(bookings.values_list("remote_id", "content_hash")),
        dict(lines.values_list("line_key", "content_hash")),
    )


def _compare(
    pieces: Iterable[Piece], before: tuple[_Stamps, _Stamps], after: tuple[_Stamps, _Stamps]
) -> Counts:
    """Count the rows of bookings: created with their booking, updated where it or their treatment changed."""
    counts = Counts()
    for piece in pieces:
        if piece.appointment is None:
            continue
        key = piece.appointment.remote_id
        lines = [treatment.line_key for treatment in piece.treatments]
        if key not in before[0]:
            counts.created += len(piece.lines)
        elif before[0][key] != after[0].get(key) or any(before[1].get(k) != after[1].get(k) for k in lines):
            counts.updated += len(piece.lines)
        else:
            counts.unchanged += len(piece.lines)
    return counts
