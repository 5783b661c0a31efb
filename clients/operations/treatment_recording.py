"""What becomes of the practice's treatments when a source reports lines? (REC-3, R13, R16, R17)"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from clients.models import TreatmentRecord
from clients.operations.directory import Directory
from clients.operations.reported import Outcome, Report, ReportedTreatment
from clients.operations.stamps import Stamp, hear
from clients.operations.treatment_lines import (
    COLUMNS,
    Line,
    lines_by_key,
    new_line,
)
from clients.operations.treatment_words import hash_of, words_of
from clients.operations.treatments import derive
from practices.operations.rows import insert_rows, update_rows

Rows = list[tuple[UUID | None, ReportedTreatment]]
"""Reported lines, each with its client; without one it waits."""


class TreatmentLines:
    """One batch's lines on their way from words to rows."""

    def __init__(self, practice_id: UUID, report: Report, directory: Directory, now: datetime) -> None:
        self.practice_id, self.report, self.directory, self.now = practice_id, report, directory, now
        self.changed_clients: set[UUID] = set()
        self._created: list[Line] = []
        self._changed: list[Line] = []
        self._restamped: list[Line] = []

    def record(self, rows: Rows, hold: Callable[[set[UUID]], bool]) -> list[Outcome]:
        """Will record the lines and make the treatments follow; returns what became of each line.

        Of equal keys in one batch the last counts. `hold` holds further clients' rows, and says whether it had
        to: then what was read is read again.

        Raises:
            ValueError: a treatment done without its service or day.
        """
        last = {line.line_key: (client_id, line) for client_id, line in rows}
        known = lines_by_key(self.practice_id, self.report.document, last) if last else {}
        if hold({line.client_id for line in known.values()}):
            known = lines_by_key(self.practice_id, self.report.document, last)
        outcomes = {key: self._hear(known.get(key), client_id, line) for key, (client_id, line) in last.items()}
        self._store()
        return [outcomes[line.line_key] if last[line.line_key][1] is line else Outcome.UNCHANGED for _, line in rows]

    def _hear(self, known: Line | None, client_id: UUID | None, reported: ReportedTreatment) -> Outcome:
        if known is not None and not reported.client.remote_id:
            client_id = known.client_id  # found before, when fewer had that name
        if client_id is None:
            return Outcome.WAITING
        content_hash = hash_of(reported)
        if known is not None and self.report.reported_at is None and known.content_hash == content_hash:
            return Outcome.UNCHANGED
        stamp = Stamp(reported.client.said_at or self.report.reported_at or self.now)
        line = known or new_line(client_id, self.report.document, reported.line_key, self.now)
        old_client = line.client_id
        changed = hear(line, words_of(reported, client_id, self.directory), stamp)
        if line.performed_at is not None and changed & {"performed", "location_id"}:
            line.performed_on = self.directory.day_of(line.performed_at, line.location_id)
        if line.reported_at == stamp.at:
            line.content_hash = content_hash
        if known is None:
            self._created.append(line)
        elif changed:
            self._changed.append(line)
        else:
            self._restamped.append(line)
            return Outcome.UNCHANGED
        self.changed_clients |= {old_client, line.client_id}
        return Outcome.CREATED if known is None else Outcome.UPDATED

    def _store(self) -> None:
        fresh = [*self._created, *self._changed]
        if fresh:
            derive(self.practice_id, fresh, self.directory.types, self.now)
        insert_rows(
            TreatmentRecord,
            (*COLUMNS, "practice_id"),
            [(*line.as_row(), self.practice_id) for line in self._created],
        )
        rewritten = [*self._changed, *self._restamped]
        update_rows(TreatmentRecord, COLUMNS, [line.as_row() for line in rewritten])
