"""What has this run already seen of the file? Kept on disk, so that memory stays the same."""

import hashlib
import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from integrations.imports.lines import Line

_AT_ONCE: Final = 500
_SETUP: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA cache_size = -16000;
    BEGIN;
    CREATE TABLE line (key BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID;
    CREATE TABLE booking (key BLOB PRIMARY KEY, times INTEGER, kept BLOB) WITHOUT ROWID;
"""


Group = Sequence[tuple[int, Line]]
"""The rows of one booking, with their numbers in the file."""


class Memory:
    """Counts repeated lines of a file and gathers the rows of its bookings, for one run."""

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

    def count(self, groups: Sequence[str]) -> None:
        """Remember that each of these bookings has a row more for every time it is named."""
        times = Counter(map(_digest, groups))
        self._database.executemany(
            "INSERT INTO booking (key, times) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET times = times + excluded.times",
            times.items(),
        )

    def complete(self, groups: Mapping[str, Group]) -> list[Group]:
        """Return the groups that have all their counted rows, with those of earlier calls; keep the others."""
        digests = {_digest(key): group for key, group in groups.items()}
        known = {
            digest: (times, kept)
            for digest, times, kept in self._select("SELECT key, times, kept FROM booking WHERE key IN ({})", digests)
        }
        whole: list[Group] = []
        changed: list[tuple[bytes | None, bytes]] = []
        for digest, group in digests.items():
            times, kept = known.get(digest, (0, None))
            # Our own bytes, written minutes ago by this process into a file that nobody else can open.
            gathered = [*pickle.loads(kept), *group] if kept else group  # noqa: S301
            is_whole = len(gathered) >= times
            if is_whole:
                whole.append(gathered)
            if kept or not is_whole:
                changed.append((None if is_whole else pickle.dumps(gathered), digest))
        self._database.executemany("UPDATE booking SET kept = ? WHERE key = ?", changed)
        return whole

    def unfinished(self) -> Iterator[Group]:
        """Return the groups that never had all their rows."""
        for (kept,) in self._database.execute("SELECT kept FROM booking WHERE kept IS NOT NULL"):
            yield pickle.loads(kept)  # noqa: S301 - as above

    def _times(self, digests: Iterable[bytes]) -> dict[bytes, int]:
        found = self._select("SELECT key, times FROM line WHERE key IN ({})", digests)
        return {key: int(times) for key, times in found}

    def _select(self, query: str, digests: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
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
