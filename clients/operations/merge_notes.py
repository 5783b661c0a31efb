"""What did a merge move, change and make, and how does each row go back? (R18)"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models import ClientMergedRow
from clients.operations.reported import Report
from practices.operations.rows import array, insert_rows, run

Rows = dict[UUID, dict[str, Any]]
"""A table's rows by id, as JSON."""

_COLUMNS: Final = ("id", "practice_id", "merge_id", "table", "row_id", "before", "after")
_ONCE: Final = "ON CONFLICT DO NOTHING"
_NOTES: Final = "clients_clientmergedrow n WHERE n.merge_id = %(merge)s AND n.\"table\" = '{table}'"

# The names in these statements are of our own tables and columns.
_ROWS: Final = "SELECT id, to_jsonb(t)::text FROM {table} t WHERE practice_id = %s AND {column} = ANY(%s::uuid[])"
_MOVE: Final = """
    WITH moved AS (
        UPDATE {table} t SET client_id = %(kept)s
        WHERE practice_id = %(practice)s AND client_id = %(gone)s AND NOT EXISTS ({conflict}) RETURNING id
    )
    INSERT INTO clients_clientmergedrow (id, practice_id, merge_id, "table", row_id, before)
    SELECT gen_random_uuid(), %(practice)s, %(merge)s, '{table}', id,
        jsonb_build_object('client_id', %(gone)s::uuid)
    FROM moved ON CONFLICT DO NOTHING
"""
_OWN: Final = """
    INSERT INTO clients_clientmergedrow (id, practice_id, merge_id, "table", row_id, before)
    SELECT gen_random_uuid(), %(practice)s, %(merge)s, '{table}', id,
        jsonb_build_object('client_id', %(kept)s::uuid)
    FROM {table} WHERE practice_id = %(practice)s AND client_id = %(kept)s ON CONFLICT DO NOTHING
"""
_REPORTED: Final = """
    INSERT INTO clients_clientmergedrow (id, practice_id, merge_id, "table", row_id, before)
    SELECT gen_random_uuid(), m.practice_id, m.id, '{table}', t.id, jsonb_build_object('client_id', m.gone_id)
    FROM unnest(%s::text[], %s::uuid[]) AS given(key, merge_id)
    JOIN {table} t ON t.practice_id = %s AND t.source = %s AND t.{column} = given.key
    JOIN clients_clientmerge m ON m.id = given.merge_id AND m.undone_at IS NULL
    ON CONFLICT DO NOTHING
"""
_PUT_BACK: Final = """
    UPDATE {table} t SET client_id = %(to)s{others}
    FROM {notes} AND t.id = n.row_id AND t.client_id = %(kept)s
    AND n.before->>'client_id' = %(gone)s::text AND NOT EXISTS ({conflict})
"""
_NOTHING: Final = "SELECT 1 WHERE false"


@dataclass(frozen=True, slots=True)
class MergeNotes:
    """The notes of one merge. Everything runs in the practice's open scope; both clients are held."""

    practice_id: UUID
    merge_id: UUID
    kept_id: UUID
    gone_id: UUID

    def move(self, table: str, conflict: str = _NOTHING) -> None:
        """Will hand the gone client's rows (`t`) to the kept one, but for those in conflict with hers."""
        run(_MOVE.format(table=table, conflict=conflict), self._words())

    def note_own(self, table: str) -> None:
        """Will note the kept client's rows, so that what comes later is told from them."""
        run(_OWN.format(table=table), self._words())

    def rows_of_both(self, table: str, column: str = "client_id") -> Rows:
        """Both clients' rows as they are now."""
        return self._rows(table, column, [self.kept_id, self.gone_id])

    def rows_by_id(self, table: str, row_ids: Iterable[UUID]) -> Rows:
        """These rows as they are now."""
        return self._rows(table, "id", row_ids)

    def note_changes(self, table: str, before: Mapping[UUID, Any], after: Mapping[UUID, Any]) -> None:
        """Will note what the merge changed and made among these rows."""
        differing = [row_id for row_id in after if after[row_id] != before.get(row_id)]
        insert_rows(
            ClientMergedRow,
            _COLUMNS,
            [
                (uuid7(), self.practice_id, self.merge_id, table, row_id, before.get(row_id), after[row_id])
                for row_id in differing
            ],
            on_conflict=_ONCE,
        )

    def put_back(
        self,
        table: str,
        conflict: str = _NOTHING,
        others: Mapping[str, str] | None = None,
        to: UUID | None = None,
    ) -> None:
        """Will hand back what was the gone client's, to her or to the one she is part of (`to`).

        `others` are further columns, with their types, that become as they were.
        """
        restored = "".join(
            f", {column} = COALESCE((n.before->>'{column}')::{kind}, t.{column})"
            for column, kind in (others or {}).items()
        )
        notes = _NOTES.format(table=table)
        sql = _PUT_BACK.format(table=table, others=restored, notes=notes, conflict=conflict)
        run(sql, {**self._words(), "to": to or self.gone_id})

    def untouched(self, table: str) -> tuple[Rows, set[UUID]]:
        """What is still as the merge left it, whoever has it: rows as they were before it, and those it made."""
        notes = _NOTES.format(table=table)
        sql = (
            f"SELECT n.row_id, n.before::text FROM {table} t, {notes} AND t.id = n.row_id "  # noqa: S608
            "AND to_jsonb(t) - 'client_id' = n.after - 'client_id'"
        )
        found = {row_id: json.loads(before) if before else None for row_id, before in run(sql, self._words())}
        changed = {row_id: before for row_id, before in found.items() if before is not None}
        return changed, found.keys() - changed.keys()

    def restore(self, table: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> None:
        """Will set these columns as they were."""
        settings = ", ".join(f"{column} = was.{column}" for column in columns)
        run(
            f"UPDATE {table} t SET {settings} "  # noqa: S608
            f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) was WHERE t.id = was.id",
            [json.dumps(list(rows))],
        )

    def _rows(self, table: str, column: str, ids: Iterable[UUID]) -> Rows:
        found = run(_ROWS.format(table=table, column=column), [self.practice_id, array(ids)])
        return {row_id: json.loads(row) for row_id, row in found}

    def _words(self) -> dict[str, UUID]:
        return {
            "practice": self.practice_id,
            "merge": self.merge_id,
            "kept": self.kept_id,
            "gone": self.gone_id,
        }


def note_reported(practice_id: UUID, report: Report, merges: Mapping[str, UUID]) -> None:
    """Will note the lines and bookings reported under ids that a merge brought over: they go back with them.

    `merges`: the id of the report's source -> the merge.
    """
    lines = {each.line_key: merges.get(each.client.remote_id) for each in report.treatments}
    bookings = {each.remote_id: merges.get(each.client.remote_id) for each in report.appointments}
    for table, column, keys in (
        ("clients_treatmentrecord", "line_key", lines),
        ("clients_appointment", "remote_id", bookings),
    ):
        given = {key: merge_id for key, merge_id in keys.items() if merge_id is not None}
        if given:
            sql = _REPORTED.format(table=table, column=column)
            run(sql, [array(given), array(given.values()), practice_id, report.document])
