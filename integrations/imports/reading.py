"""Where do a file's rows come from, whatever its format?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integrations.imports.delimited import read_delimited
from integrations.imports.html_table import read_html
from integrations.imports.rows import Table
from integrations.imports.sniffing import Kind, Sniffed
from integrations.imports.workbook import read_workbook


@contextmanager
def open_table(path: Path, sniffed: Sniffed) -> Iterator[Table]:
    """Open a sniffed file as a header and rows, read one at a time; it is closed in the end.

    Raises:
        FileRefused: it has no header or table, or is damaged throughout.
    """
    if sniffed.kind is Kind.WORKBOOK:
        table = read_workbook(path)
    elif sniffed.kind is Kind.HTML:
        table = read_html(path, sniffed)
    else:
        table = read_delimited(path, sniffed)
    try:
        yield table
    finally:
        table.close()
