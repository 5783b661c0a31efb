"""How long does COPY need for rows that stand in tables already, with their indexes, keys and walls?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from bench.database import tidy


def copy_again(tables: Sequence[str]) -> tuple[float, int]:
    """COPY the rows of the scratch's tables out, empty them, COPY the rows in; return its seconds and their number.

    COPY is refused where a wall binds who copies. So the tables' owner does it, who for that time is not
    bound; the application pays for the walls and for what the database notes with each change, COPY does not.
    Tables come after those that they refer to.
    """
    with TemporaryDirectory(prefix="medspa-bench-") as folder:
        with _unbound_owner(tables) as cursor:
            for table in tables:
                with Path(folder, table).open("wb") as file:
                    cursor.copy_expert(f"COPY {table} TO STDOUT", file)
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        tidy()
        rows = 0
        with _unbound_owner(tables) as cursor:
            begun_at = monotonic()
            cursor.execute("BEGIN")
            for table in tables:
                with Path(folder, table).open("rb") as file:
                    cursor.copy_expert(f"COPY {table} FROM STDIN", file)
                    rows += cursor.rowcount
            cursor.execute("COMMIT")
            return monotonic() - begun_at, rows


@contextmanager
def _unbound_owner(tables: Sequence[str]) -> Iterator[Any]:
    from django.db import connections

    connection = connections["owner"]
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield cursor
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
