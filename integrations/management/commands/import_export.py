"""How does an operator import a practice's export? `manage.py import_export FILE --practice SLUG` (INT-4)."""

import json
import sys
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.imports.importing import Choice, Imported, import_file
from integrations.imports.refusals import FileRefused
from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug

_SECONDS_APART: Final = 5.0
_SECONDS_APART_ON_A_TERMINAL: Final = 0.5


class Command(BaseCommand):
    """Imports one file and prints what became of its rows; importing it again changes nothing."""

    help = "Imports an export of a records system (CSV, Excel, or a web page's table); detects what it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--practice", required=True, metavar="SLUG")
        parser.add_argument("--preset", default="", metavar="NAME", help="a preset, or a mapping saved before")
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="JSONFILE",
            help='our field -> the file\'s column: {"service": "What"}',
        )
        parser.add_argument("--save-as", default="", metavar="NAME", help="keep the mapping for files of this header")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file; progress goes to stderr.

        Raises:
            CommandError: there is no such practice, or the file cannot be read.
        """
        try:
            imported = import_file(
                practice_by_slug(options["practice"]).pk,
                options["file"],
                clock.now(),
                Choice(options["preset"], _mapping(options["mapping"]), options["save_as"]),
                on_progress=_Progress(self.stderr.write),
            )
        except (PracticeNotFound, FileRefused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(imported), ensure_ascii=False))
        else:
            self.stdout.write(_as_text(imported))


class _Progress:
    """Says now and then how far the import is and how fast."""

    def __init__(self, write: Any) -> None:
        self._write = write
        self._begun = self._said = monotonic()
        self._apart = _SECONDS_APART_ON_A_TERMINAL if sys.stderr.isatty() else _SECONDS_APART

    def __call__(self, rows: int, share: float) -> None:
        present = monotonic()
        if present - self._said >= self._apart:
            self._said = present
            speed = rows / max(present - self._begun, 0.001)
            self._write(f"{rows:,} rows, {share:.0%} of the file, {speed:,.0f} rows/s")


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"The mapping cannot be read: {error}") from error
    if not isinstance(mapping, dict) or not all(isinstance(column, str) for column in mapping.values()):
        raise CommandError('A mapping is a JSON object of texts, such as {"service": "What was done"}.')
    return mapping


def _as_json(imported: Imported) -> dict[str, Any]:
    counts = imported.counts
    told: dict[str, Any] = {
        "preset": imported.preset,
        "rows": imported.rows,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "waiting": counts.waiting,
        "skipped": imported.skipped,
        "bad": [{"line": line, "reason": reason} for line, reason in imported.bad],
    }
    if imported.bad_rows > len(imported.bad):
        told["bad_not_listed"] = imported.bad_rows - len(imported.bad)
    return told


def _as_text(imported: Imported) -> str:
    counts = imported.counts
    lines = [
        f"{imported.preset}: {imported.rows:,} rows",
        f"  {counts.created:,} created, {counts.updated:,} updated, {counts.unchanged:,} unchanged",
        f"  {counts.waiting:,} waiting for review, {imported.bad_rows:,} bad",
    ]
    if imported.skipped:
        lines.append(f"{imported.skipped:,} more rows are about no client (breaks, products) and were left out.")
    lines += [f"  line {line}: {reason}" for line, reason in imported.bad[:50]]
    if imported.bad_rows > 50:
        lines.append(f"  … and {imported.bad_rows - 50:,} more; --json lists them.")
    return "\n".join(lines)
