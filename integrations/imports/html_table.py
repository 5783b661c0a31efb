"""How do the rows of a table in a web page come out? (Aesthetic Record's .xls is one: pms.md 4.4)"""

from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, TextIO

from integrations.imports.refusals import FileRefused
from integrations.imports.rows import MOST_CHARACTERS, Row, Table, is_blank
from integrations.imports.sniffing import Sniffed

_CHUNK: Final = 1 << 16
_LONGEST_TAG: Final = 1 << 22


def read_html(path: Path, sniffed: Sniffed) -> Table:
    """Open the first table of a page; the caller goes through the rows once and closes it.

    Raises:
        FileRefused: there is no table, or the page is not HTML at all.
    """
    stream: TextIO = path.open(encoding=sniffed.encoding, errors="surrogateescape")
    rows = _rows(stream)
    header = next(rows, None)
    if header is None:
        stream.close()
        raise FileRefused("The page holds no table.")
    names = tuple(header.cells)
    return Table(names, rows, lambda: _share(stream, sniffed.size), stream.close)


class _Cells(HTMLParser):
    """Collects the finished rows of the first table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.finished: deque[Row] = deque()
        self.is_over = False
        self._line = 0
        self._cells: list[str] | None = None
        self._parts: list[str] | None = None
        self._length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.is_over:
            return
        if tag == "tr":
            self._end_row()
            self._line, self._cells = self.getpos()[0], []
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
            self._parts, self._length = [], 0
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
            self.is_over = self.is_over or tag == "table"

    def handle_data(self, data: str) -> None:
        # One character more than may be is kept of a cell that is too long, so that its row is refused.
        if self._parts is not None and self._length <= MOST_CHARACTERS:
            self._parts.append(data[: MOST_CHARACTERS + 1])
            self._length += len(data)

    def _end_cell(self) -> None:
        if self._cells is not None and self._parts is not None:
            self._cells.append("".join(self._parts))
        self._parts = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells and not is_blank(self._cells):
            self.finished.append(Row(self._line, self._cells))
        self._cells = None


def _rows(stream: TextIO) -> Iterator[Row]:
    parser = _Cells()
    with stream:
        while not parser.is_over and (chunk := stream.read(_CHUNK)):
            parser.feed(chunk)
            if len(parser.rawdata) > _LONGEST_TAG:
                raise FileRefused(f"The page is damaged after line {parser.getpos()[0]}: a tag never ends.")
            while parser.finished:
                yield parser.finished.popleft()
        parser.close()
        yield from parser.finished


def _share(stream: TextIO, size: int) -> float:
    return 1.0 if stream.closed else min(1.0, stream.buffer.tell() / size)
