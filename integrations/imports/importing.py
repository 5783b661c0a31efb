"""How is a whole file imported into a practice?"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import DatabaseError, reset_queries

from integrations.imports import columns, detecting, run_log
from integrations.imports.batches import batches, count_bookings
from integrations.imports.mappings import mapping_for, mapping_named, save_mapping
from integrations.imports.preset import Preset
from integrations.imports.reading import open_table
from integrations.imports.recording import Counts, record_batch
from integrations.imports.refusals import FileRefused
from integrations.imports.remembering import Memory, memory
from integrations.imports.rows import Table
from integrations.imports.sniffing import Sniffed, sniff
from practices import clock

OnProgress = Callable[[int, float], None]

BATCH_ROWS: Final = 2_000
"""Rows of one transaction: more are no faster, and hold memory and the clients' rows for longer."""
MOST_LISTED: Final = 10_000
"""How many bad rows a result lists; all of them are kept with the run."""


@dataclass(slots=True)
class Imported:
    """What became of a file. rows = created + updated + unchanged + waiting + bad, always.

    `rows` counts rows about clients: blank rows, and those that a preset leaves out (breaks, products,
    open invoices), are counted in `skipped` only. `waiting`: rows that name nobody medspa can tell.
    """

    run_id: UUID
    preset: str
    rows: int = 0
    counts: Counts = field(default_factory=Counts)
    skipped: int = 0
    bad_rows: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """How the caller wants the file to be read; all empty: it is detected."""

    preset: str = ""
    mapping: Mapping[str, str] | None = None
    save_as: str = ""


def import_file(
    practice_id: UUID,
    path: Path,
    now: datetime,
    choice: Choice = Choice(),
    *,
    on_progress: OnProgress = lambda _rows, _share: None,
    batch_rows: int = BATCH_ROWS,
) -> Imported:
    """Import a file: each bad row is listed with its reason, the rest is recorded (INT-4).

    Memory stays the same whatever the length. Each batch is a transaction of its own, so that a run
    that was killed is finished by running it again: what is known already is unchanged, never doubled.
    `now` is the moment of the whole run. `on_progress` is told the rows done and the share of the file.

    Raises:
        FileRefused: the file cannot be read at all, or nobody can tell what its columns mean.
    """
    sniffed = sniff(path)
    with open_table(path, sniffed) as table:
        preset = _chosen(practice_id, table.header, choice, now)
        run_id = run_log.begin(practice_id, path.name, sniffed.sha256, preset.name, now)
        imported = Imported(run_id, preset.name)
        is_done = False
        try:
            with memory() as seen:
                if preset.has_bookings:
                    _count_bookings(path, sniffed, preset, seen, now, on_progress, batch_rows)
                _go_through(practice_id, table, preset, seen, now, imported, on_progress, batch_rows)
            is_done = True
        finally:
            # Where the database itself is gone nothing can be closed; the first error is the one to see.
            with suppress(DatabaseError):
                run_log.end(practice_id, run_id, is_done=is_done, now=clock.now())
    return imported


def _count_bookings(
    path: Path, sniffed: Sniffed, preset: Preset, seen: Memory, now: datetime, on_progress: OnProgress, batch_rows: int
) -> None:
    with open_table(path, sniffed) as table:
        for _ in count_bookings(table, preset, seen, now, batch_rows):
            on_progress(0, 0.0)


def _go_through(
    practice_id: UUID,
    table: Table,
    preset: Preset,
    seen: Memory,
    now: datetime,
    imported: Imported,
    on_progress: OnProgress,
    batch_rows: int,
) -> None:
    for batch in batches(table, preset, seen, now, batch_rows):
        rows = batch.rows
        counts = record_batch(practice_id, batch, preset, now)
        run_log.note(practice_id, imported.run_id, rows, counts, sorted(batch.bad))
        imported.rows += rows
        imported.counts.add(counts)
        imported.skipped += batch.skipped
        imported.bad_rows += len(batch.bad)
        imported.bad += sorted(batch.bad)[: MOST_LISTED - len(imported.bad)]
        reset_queries()  # in development Django would keep them all
        on_progress(imported.rows, table.share_read())


def _chosen(practice_id: UUID, header: Sequence[str], choice: Choice, now: datetime) -> Preset:
    """A mapping that is given, else what is named, else one saved for this header, else what is detected."""
    if choice.mapping is not None or choice.save_as:
        mapping = columns.recognized(header) if choice.mapping is None else choice.mapping
        preset = detecting.plain(header, mapping, choice.save_as)
        if choice.save_as:
            save_mapping(practice_id, choice.save_as, mapping, header, now)
        return preset
    if choice.preset:
        preset_named = detecting.named(choice.preset, header)
        saved = None if preset_named else mapping_named(practice_id, choice.preset)
        if preset_named is None and saved is None:
            known = ", ".join([*detecting.PRESETS, *sorted(detecting.PLAIN)])
            raise FileRefused(f"There is no preset and no saved mapping called {choice.preset}. Presets: {known}.")
        return preset_named or detecting.plain(header, saved.columns if saved else {}, choice.preset)
    saved = mapping_for(practice_id, header)
    return detecting.plain(header, saved.columns, saved.name) if saved else detecting.detect(header)
