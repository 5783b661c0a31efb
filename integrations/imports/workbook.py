"""How do the rows of an Excel workbook come out? The first sheet, its values as text."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, load_workbook

from integrations.imports.refusals import FileRefused
from integrations.imports.rows import Row, Table, is_blank

MOST_BYTES: Final = 150 << 20
"""What a workbook may unpack to: it is held in memory whole, unlike a text file."""

type_of_cell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(path: Path) -> Table:
    """Open the first sheet of an `.xlsx`, `.xlsb`, `.xls` or `.ods` file; rows are numbered as Excel does.

    Raises:
        FileRefused: it is protected or damaged, or so large that it must be saved as CSV first.
    """
    _check_size(path)
    try:
        book = load_workbook(path)
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused(f"The workbook cannot be read: {error}.") from error
    numbered = _rows(sheet)
    header = next(numbered, None)
    if header is None:
        raise FileRefused("The first sheet of the workbook is empty.")
    last = max(1, sheet.total_height)
    reached = [header.line]

    def rows() -> Iterator[Row]:
        for row in numbered:
            reached[0] = row.line
            yield row

    return Table(tuple(header.cells), rows(), lambda: min(1.0, reached[0] / last), book.close)


def as_text(value: type_of_cell) -> str:
    """Return a cell's value as the vendor's CSV would have it.

    >>> as_text(20.0), as_text(1.5), as_text(True)
    ('20', '1.5', 'true')
    >>> as_text(datetime(2026, 3, 2, 9, 15)), as_text(datetime(2026, 3, 2))
    ('2026-03-02 09:15', '2026-03-02')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    first = (sheet.start or (0, 0))[0]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [as_text(value) for value in values]
        if number > first and not is_blank(cells):
            yield Row(number, cells)


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        size = path.stat().st_size  # an old .xls, which Excel itself ends at 65,536 rows
    if size > MOST_BYTES:
        raise FileRefused("The workbook is too large to be opened whole. Save it as CSV and import that.")
