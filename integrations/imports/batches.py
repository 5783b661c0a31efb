"""How do rows become a report that can be recorded at once?"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final

from clients.operations.reported import Report, ReportedAppointment, ReportedClient, ReportedTreatment
from integrations.imports.bookings import joined
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.refusals import BadRow
from integrations.imports.remembering import Memory
from integrations.imports.rows import Cells, Row, Table, checked, positions

_LONGEST_KEY: Final = 200


@dataclass(slots=True)
class Piece:
    """What stands or falls together: one row, or the rows of one booking. `lines`: their numbers."""

    lines: list[int]
    client: ReportedClient | None = None
    treatments: list[ReportedTreatment] = field(default_factory=list)
    appointment: ReportedAppointment | None = None
    absorbed: list[str] = field(default_factory=list)
    """Ids of rows that are services of this booking and may once have been bookings of their own."""


@dataclass(slots=True)
class Batch:
    """Some rows of a file, understood."""

    pieces: list[Piece] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    skipped: int = 0

    @property
    def rows(self) -> int:
        """How many rows speak of clients, the bad ones included."""
        return sum(len(piece.lines) for piece in self.pieces) + len(self.bad)


def batches(table: Table, preset: Preset, memory: Memory, now: datetime, size: int) -> Iterator[Batch]:
    """Go through a table `size` rows at a time.

    Where rows may be services of one booking, `count_bookings` must have gone through the file before: a
    booking is then in one batch, that of its last row, with all its rows, however far apart they lie.
    """
    understanding = _Understanding(preset, table.header, now)
    while some := list(islice(table.rows, size)):
        batch = Batch()
        lines = list(understanding.lines(some, batch))
        _number_repeats(lines, preset, memory)
        batch.pieces = _pieces(lines, memory, now)
        yield batch
    for group in memory.unfinished():  # only where the file changed since it was counted
        yield Batch([_booking_piece(group, now)])


def count_bookings(table: Table, preset: Preset, memory: Memory, now: datetime, size: int) -> Iterator[None]:
    """Go through a table and remember how many rows each booking has; pause after every `size` rows."""
    understanding = _Understanding(preset, table.header, now)
    while some := list(islice(table.rows, size)):
        lines = understanding.lines(some, Batch())
        memory.count([line.booking.group for _, line in lines if line.booking])
        yield


def report_of(pieces: Sequence[Piece], preset: Preset) -> Report:
    """Put pieces into the words of `clients.operations.record`. A file's word has no time of its own."""
    return Report(
        identity_source=preset.identity_source,
        document=preset.name,
        reported_at=None,
        clients=tuple(piece.client for piece in pieces if piece.client),
        treatments=tuple(treatment for piece in pieces for treatment in piece.treatments),
        appointments=tuple(piece.appointment for piece in pieces if piece.appointment),
    )


class _Understanding:
    """What turns the rows of one file into lines."""

    def __init__(self, preset: Preset, header: Sequence[str], now: datetime) -> None:
        self._translate = preset.translate
        self._at = positions(header)
        self._width = len(header)
        self._last_year = now.year + 1

    def lines(self, rows: Iterable[Row], batch: Batch) -> Iterator[tuple[int, Line]]:
        """The lines of the rows that can be understood; the others, and those left out, are noted in the batch."""
        for row in rows:
            problem = checked(row, self._width)
            if not problem:
                try:
                    line = self._translate(Cells(self._at, row.cells))
                    self._check_year(line)
                except BadRow as error:
                    problem = str(error)
                else:
                    if line is None:
                        batch.skipped += 1
                    else:
                        yield row.line, line
                    continue
            batch.bad.append((row.line, problem[:300]))

    def _check_year(self, line: Line | None) -> None:
        """A year further than the next is a slip of the pen, whatever the clocks of the two systems."""
        for day in (
            line and line.treatment and (line.treatment.performed_local or line.treatment.performed_at),
            line and line.booking and line.booking.starts,
        ):
            if day and day.year > self._last_year:
                raise BadRow(f"The year {day.year} is too far ahead.")


def _number_repeats(lines: list[tuple[int, Line]], preset: Preset, memory: Memory) -> None:
    """Tell equal lines of a file apart by their number; the first keeps its key as it is."""
    keyed = [(index, line.treatment) for index, (_, line) in enumerate(lines) if line.treatment]
    ordinals = memory.ordinals([told.line_key for _, told in keyed]) if preset.has_repeats else [1] * len(keyed)
    for (index, told), ordinal in zip(keyed, ordinals, strict=True):
        if ordinal > 1 or len(told.line_key) > _LONGEST_KEY:
            number, line = lines[index]
            told = replace(told, line_key=_fitting(told.line_key, ordinal))  # noqa: PLW2901
            lines[index] = number, replace(line, treatment=told)


def _pieces(lines: Iterable[tuple[int, Line]], memory: Memory, now: datetime) -> list[Piece]:
    pieces: list[Piece] = []
    groups: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, line in lines:
        if line.booking is None:
            pieces.append(Piece([number], line.client, [line.treatment] if line.treatment else []))
        else:
            groups[line.booking.group].append((number, line))
    if groups:
        pieces += [_booking_piece(group, now) for group in memory.complete(groups)]
    return pieces


def _booking_piece(group: Sequence[tuple[int, Line]], now: datetime) -> Piece:
    rows = [line.booking for _, line in group if line.booking]
    appointment = joined(rows, now)
    return Piece(
        lines=[number for number, _ in group],
        treatments=[line.treatment for _, line in group if line.treatment],
        appointment=appointment,
        absorbed=sorted({row.remote_id for row in rows} - {appointment.remote_id}),
    )


def _fitting(key: str, ordinal: int) -> str:
    numbered = f"{key}#{ordinal}" if ordinal > 1 else key
    if len(numbered) <= _LONGEST_KEY:
        return numbered
    return f"{numbered[:160]}|{hashlib.blake2b(numbered.encode(), digest_size=16).hexdigest()}"
