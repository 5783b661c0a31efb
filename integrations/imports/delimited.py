"""How do the rows of a CSV file come out, one at a time, however damaged the file is?"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from integrations.imports.refusals import FileRefused
from integrations.imports.rows import Row, Table, is_blank
from integrations.imports.sniffing import Sniffed

_DELIMITERS: Final = ",;\t|"
_LONGEST_LINE: Final = 1 << 18
_NEVER_CLOSED: Final = "A quotation mark is opened and never closed, or a cell is far too long."


def read_delimited(path: Path, sniffed: Sniffed) -> Table:
    """Open a file of separated values; the caller goes through the rows once and closes it.

    The separator (comma, semicolon, tab, bar) is the commonest in the header. A record that runs over
    several lines and does not come out with the header's number of cells was torn open by a stray
    quotation mark: its first line is reported, and the lines after it are read on their own.

    Raises:
        FileRefused: there is no header.
    """
    stream = path.open(encoding=sniffed.encoding, errors="surrogateescape", newline="")
    lines = _Lines(stream)
    first = next(lines, "")
    while first and not first.strip():
        first = next(lines, "")
    if not first:
        stream.close()
        raise FileRefused("The file has no header line.")
    delimiter = max(_DELIMITERS, key=first.count)
    lines.put_back([first])
    try:
        header = next(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        stream.close()
        raise FileRefused(f"The header cannot be read. {_NEVER_CLOSED}") from error
    lines.forget()
    rows = _rows(lines, delimiter, len(header))
    return Table(tuple(header), rows, lambda: _share(stream, sniffed.size), stream.close)


@dataclass(slots=True)
class _Lines(Iterator[str]):
    """The physical lines of a stream, of bounded length, which remembers those of the record at hand."""

    stream: TextIO
    number: int = 0
    is_too_long: bool = False
    is_over: bool = False
    taken: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else self._read()
        self.number += 1
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Have these lines read again; they must be the last that were read."""
        self.waiting.extendleft(reversed(lines))
        self.number -= len(lines)
        self.taken.clear()

    def forget(self) -> None:
        """The record at hand is finished."""
        self.taken.clear()
        self.is_too_long = self.is_over = False

    def _read(self) -> str:
        line = self.stream.readline(_LONGEST_LINE)
        if not line:
            self.is_over = True
            raise StopIteration
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            self.is_too_long = True
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self.stream.readline(_LONGEST_LINE)
        return line


def _rows(lines: _Lines, delimiter: str, width: int) -> Iterator[Row]:
    with lines.stream:
        # Strict: a cell that swallowed rows up to the next quotation mark is an error, not a long cell.
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            start = lines.number + 1
            problem = ""
            cells: list[str] = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = _leniently(lines, delimiter)
                problem = "" if len(cells) == width else _NEVER_CLOSED
            if lines.is_too_long:
                problem = f"The line is longer than {_LONGEST_LINE:,} characters."
            if len(lines.taken) > 1 and (problem or len(cells) != width):
                lines.put_back(lines.taken[1:])
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                problem = problem or _NEVER_CLOSED
            lines.forget()
            if problem or not is_blank(cells):
                yield Row(start, cells, problem)


def _leniently(lines: _Lines, delimiter: str) -> list[str]:
    """The cells of a line like `1,"5" needle"`: wrong, but clear. Empty where it runs on."""
    if len(lines.taken) > 1 or lines.is_over:
        return []
    try:
        return next(csv.reader(lines.taken, delimiter=delimiter))
    except csv.Error:
        return []


def _share(stream: TextIO, size: int) -> float:
    # The text layer's tell() is slow and refused while iterating; the bytes handed to it are near enough.
    return 1.0 if stream.closed else min(1.0, stream.buffer.tell() / size)
