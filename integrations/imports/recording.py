"""How is a batch recorded, and which of its rows were new, changed or known already?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import DataError, OperationalError

from clients.models.appointment import Appointment, AppointmentStatus
from clients.operations.record import record
from clients.operations.reported import Outcome, Recorded, Report, ReportedAppointment
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

    def add(self, other: "Counts") -> None:
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


def _record_patiently(practice_id: UUID, pieces: Sequence[Piece], preset: Preset, now: datetime) -> Counts:
    attempts = 0
    while True:
        try:
            with practice_scope(practice_id):
                return _record(practice_id, pieces, preset, now)
        except OperationalError as error:
            attempts += 1
            if attempts == _ATTEMPTS or getattr(error.__cause__, "pgcode", None) not in _PASSING:
                raise


def _record(practice_id: UUID, pieces: Sequence[Piece], preset: Preset, now: datetime) -> Counts:
    report = report_of(pieces, preset)
    absorbed = _absorbed(pieces, report)
    if absorbed:
        report = replace(report, appointments=report.appointments + absorbed)
    return _counted(pieces, record(practice_id, report, now))


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
        ReportedAppointment(remote_id=row_id, client=heirs[row_id].client, status=AppointmentStatus.CANCELLED.value)
        for row_id in stale
    )


def _counted(pieces: Iterable[Piece], recorded: Recorded) -> Counts:
    """Count rows by what became of what they say; a booking's rows share its fate and its treatments'."""
    clients, treatments, appointments = map(iter, (recorded.clients, recorded.treatments, recorded.appointments))
    rows: Counter[Outcome] = Counter()
    for piece in pieces:
        outcomes = list(islice(treatments, len(piece.treatments)))
        if piece.client:
            outcomes.append(next(clients))
        if piece.appointment:
            booking = next(appointments)
            is_same = booking is Outcome.UNCHANGED and set(outcomes) <= {Outcome.UNCHANGED}
            outcomes = [booking if is_same or booking is not Outcome.UNCHANGED else Outcome.UPDATED]
        rows[outcomes[0]] += len(piece.lines)
    return Counts(*(rows[outcome] for outcome in Outcome))
