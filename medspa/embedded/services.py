"""How do many processes share one embedded PostgreSQL and Redis, started by whoever needs them first?"""

import sys
from dataclasses import dataclass
from pathlib import Path

from medspa.embedded import postgres, state
from medspa.embedded.postgres import Postgres
from medspa.embedded.redis import Redis
from medspa.embedded.state import LOOPBACK, State


class EmbeddedFailed(Exception):
    """An embedded service did not start or stop; the text says why and what to do."""


@dataclass(frozen=True)
class Addresses:
    """Where the embedded services listen, as the settings of the same names want it."""

    database_url: str
    database_owner_url: str
    redis_url: str


_presences: dict[Path, state.Presence] = {}
_started_here: set[Path] = set()


def ensure_running(folder: Path) -> Addresses:
    """Will join the services of this folder, starting what does not run, and return their addresses.

    Joining takes a few milliseconds. What is started outlives this process: `make stop` ends it.
    Raises: EmbeddedFailed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder not in _presences:
            _presences[folder] = state.Presence(folder)
        _presences[folder].begin()
        known = state.load(folder)
        if known is None or not _all_run(folder, known):
            with state.exclusive(folder):
                known = _start_missing(folder, state.load_or_choose(folder))
    except PermissionError as error:
        raise EmbeddedFailed(
            f"{error.filename} belongs to another user. Work as that user, or remove var/ as that user."
        ) from error
    except OSError as error:
        raise EmbeddedFailed(str(error)) from error
    return _addresses(known)


def started_here(folder: Path) -> bool:
    """Will say whether this very process started any of the services."""
    return folder in _started_here


def is_running(folder: Path) -> bool:
    """Will say whether both services run."""
    known = state.load(folder)
    return known is not None and _all_run(folder, known)


def stop(folder: Path) -> bool:
    """Will stop whatever runs, whoever uses it; False if nothing ran.

    Raises: EmbeddedFailed.
    """
    known = state.load(folder)
    if known is None:
        return False
    with state.exclusive(folder):
        return _stop_running(folder, known)


def stop_if_unused(folder: Path) -> bool:
    """Will stop the services unless another process uses them; False if they were left alone.

    Raises: EmbeddedFailed.
    """
    known = state.load(folder)
    presence = _presences.get(folder)
    if known is None or presence is None:
        return False
    with state.exclusive(folder):
        if not presence.try_alone():
            return False
        try:
            return _stop_running(folder, known)
        finally:
            presence.end()


def _all_run(folder: Path, known: State) -> bool:
    return _postgres(folder).is_running(known.postgres_port) and _redis(folder).is_running(known)


def _start_missing(folder: Path, known: State) -> State:
    database, broker = _postgres(folder), _redis(folder)
    if not database.is_running(known.postgres_port):
        _tell("Starting the embedded PostgreSQL")
        if state.is_taken(known.postgres_port):
            known = state.with_new_ports(folder, known, postgres=True)
        if not database.start(known):
            raise EmbeddedFailed(f"PostgreSQL did not start. The end of {database.log}:\n{database.last_words()}")
        _started_here.add(folder)
    database.prepare(known)
    if not broker.is_running(known):
        _tell("Starting the embedded Redis")
        if state.is_taken(known.redis_port):
            known = state.with_new_ports(folder, known, redis=True)
        if not broker.start(known):
            raise EmbeddedFailed(f"Redis did not start. The end of {broker.log}:\n{broker.last_words()}")
        _started_here.add(folder)
    return known


def _stop_running(folder: Path, known: State) -> bool:
    database, broker = _postgres(folder), _redis(folder)
    has_database, has_broker = database.is_running(known.postgres_port), broker.is_running(known)
    if has_broker and not broker.stop(known):
        raise EmbeddedFailed(f"Redis does not stop. Its log is {broker.log}.")
    if has_database and not database.stop():
        raise EmbeddedFailed(f"PostgreSQL does not stop. The end of {database.log}:\n{database.last_words()}")
    _started_here.discard(folder)
    return has_database or has_broker


def _addresses(known: State) -> Addresses:
    place = f"{LOOPBACK}:{known.postgres_port}/{postgres.DATABASE}"
    return Addresses(
        database_url=f"postgres://medspa_app:{known.app_password}@{place}",
        database_owner_url=f"postgres://medspa_owner:{known.owner_password}@{place}",
        redis_url=f"redis://:{known.redis_password}@{LOOPBACK}:{known.redis_port}/0",
    )


def _postgres(folder: Path) -> Postgres:
    return Postgres((folder / "postgres").resolve())


def _redis(folder: Path) -> Redis:
    return Redis((folder / "redis").resolve())


def _tell(line: str) -> None:
    # Not standard output: that may be a command's JSON.
    print(f"==> {line}", file=sys.stderr, flush=True)
