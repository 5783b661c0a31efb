"""What has this run already seen of the file? Kept on disk, so that memory stays the same."""

import hashlib
import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from integrations.imports.lines import BookingRow

_AT_ONCE: Final = 500
_SETUP: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA cache_size = -16000;
    BEGIN;
    CREATE TABLE line (key BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID;
    CREATE TABLE booking (key BLOB PRIMARY KEY, rows BLOB) WITHOUT ROWID;
"""


class Memory:
    """Counts repeated lines of a file and keeps the rows of its bookings, for one run."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.executescript(_SETUP)

    def ordinals(self, keys: Sequence[str]) -> list[int]:
        """Return for each key which of its kind in the file so far it is, from 1, and remember it."""
        digests = [_digest(key) for key in keys]
        times = Counter(self._times(set(digests)))
        found = []
        for digest in digests:
            times[digest] += 1
            found.append(times[digest])
        self._database.executemany("INSERT OR REPLACE INTO line VALUES (?, ?)", times.items())
        return found

    def gather(self, groups: Mapping[str, list[BookingRow]]) -> dict[str, list[BookingRow]]:
        """Return the rows of each group with those that earlier batches brought, and remember them all."""
        digests = {_digest(key): key for key in groups}
        whole = {key: list(rows) for key, rows in groups.items()}
        for digest, packed in self._select("SELECT key, rows FROM booking WHERE key IN ({})", digests):
            key = digests[digest]
            # Our own bytes, written minutes ago by this process into a file that nobody else can open.
            whole[key] = pickle.loads(packed) + whole[key]  # noqa: S301
        self._database.executemany(
            "INSERT OR REPLACE INTO booking VALUES (?, ?)",
            ((digest, pickle.dumps(whole[key], pickle.HIGHEST_PROTOCOL)) for digest, key in digests.items()),
        )
        return whole

    def _times(self, digests: Iterable[bytes]) -> dict[bytes, int]:
        found = self._select("SELECT key, times FROM line WHERE key IN ({})", digests)
        return {key: int(times) for key, times in found}

    def _select(self, query: str, digests: Iterable[bytes]) -> Iterator[tuple[bytes, Any]]:
        rest = iter(digests)
        while some := list(islice(rest, _AT_ONCE)):
            yield from self._database.execute(query.format(",".join("?" * len(some))), some)


@contextmanager
def memory() -> Iterator[Memory]:
    """Open an empty memory. SQLite unlinks its nameless file at once: a killed run leaves nothing behind."""
    database = sqlite3.connect("", isolation_level=None)
    try:
        yield Memory(database)
    finally:
        database.close()


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
