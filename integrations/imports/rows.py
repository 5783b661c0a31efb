"""What is one row of any file, and how are a file's columns told apart?"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from integrations.imports.refusals import BadRow

MOST_CHARACTERS: Final = 10_000
"""The longest cell that is taken for data; notes are shorter, and nothing that is kept is near it."""

_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header. `line` counts as a text editor does, the header being line 1."""

    line: int
    cells: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An open file. `rows` can be gone through once; `share_read` is 0 to 1, for a progress display."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    share_read: Callable[[], float]
    close: Callable[[], None]


class Cells:
    """The cells of one row by the normalized names of their columns."""

    __slots__ = ("_at", "_values")

    def __init__(self, at: dict[str, int], values: Sequence[str]) -> None:
        self._at = at
        self._values = [value.strip() for value in values]

    def text(self, column: str, *others: str) -> str:
        """Return the trimmed cell of the first of these columns that the file has, or an empty text."""
        position = self._at.get(column)
        if position is not None:
            return self._values[position]
        return self.text(*others) if others else ""

    def required(self, column: str, *, at_most: int) -> str:
        """Return a cell that must be filled.

        Raises:
            BadRow: it is empty, or longer than `at_most` characters.
        """
        value = self.text(column)
        if not value:
            raise BadRow(f"The column “{column}” is empty.")
        if len(value) > at_most:
            raise _too_long(column, at_most)
        return value

    def optional(self, column: str, *others: str, at_most: int) -> str | None:
        """Return a cell, or None where it is empty or the file has no such column.

        Raises:
            BadRow: it is longer than `at_most` characters.
        """
        value = self.text(column, *others)
        if len(value) > at_most:
            raise _too_long(column, at_most)
        return value or None


def normalized(name: str) -> str:
    r"""Return a column's name as presets know it: without BOM, quotes, case and surplus spaces (pms.md 6.2).

    >>> normalized('\ufeff"Sales  Collected (Exc.Tax)" ')
    'sales collected (exc.tax)'
    """
    return _SPACES.sub(" ", name.strip("\ufeff\"' \t\r\n")).lower()


def positions(header: Sequence[str]) -> dict[str, int]:
    """Return where each normalized column is; of two of one name the first counts."""
    at: dict[str, int] = {}
    for position, name in enumerate(header):
        at.setdefault(normalized(name), position)
    return at


def checked(row: Row, width: int) -> str:
    """Return why these cells cannot be data at all, or an empty text."""
    if row.problem:
        return row.problem
    if len(row.cells) != width:
        return f"The row has {len(row.cells)} cells, and the header has {width}."
    joined = "\x1f".join(row.cells)
    if len(joined) > MOST_CHARACTERS and any(len(cell) > MOST_CHARACTERS for cell in row.cells):
        return f"A cell is longer than {MOST_CHARACTERS:,} characters."
    if not joined.isascii() or "\0" in joined:
        strange = _UNWRITABLE.search(joined)
        if strange:
            what = "a NUL byte" if strange.group() == "\0" else "bytes that are no letters in its encoding"
            return f"The row holds {what}."
    return ""


def is_blank(cells: Sequence[str]) -> bool:
    """Whether nothing is written in any cell."""
    return not "".join(cells).strip()


def _too_long(column: str, at_most: int) -> BadRow:
    return BadRow(f"The column “{column}” holds more than {at_most} characters.")
