"""What do the embedded services remember between two starts? Ports and passwords, in var/."""

import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from pathlib import Path

LOOPBACK = "127.0.0.1"
RELEASE_SECONDS = 3.0


@dataclass(frozen=True)
class State:
    """Chosen at the first start and kept: a process that outlives a restart finds its services again."""

    postgres_port: int
    redis_port: int
    superuser_password: str
    owner_password: str
    app_password: str
    redis_password: str


def free_port() -> int:
    """Will name a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Will say whether another program has the port, after giving a dying server a moment to let go of it."""
    give_up = time.monotonic() + RELEASE_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                if time.monotonic() > give_up:
                    return True
            else:
                return False
        time.sleep(0.05)


def load(folder: Path) -> State | None:
    """Will read what an earlier start wrote; None before the first."""
    try:
        return State(**json.loads((folder / "services.json").read_text()))
    except FileNotFoundError:
        return None


def load_or_choose(folder: Path) -> State:
    """Will read the state, or choose and write it. Call it under `exclusive`."""
    known = load(folder)
    if known is not None:
        return known
    chosen = State(free_port(), free_port(), *(secrets.token_urlsafe(24) for _ in range(4)))
    save(folder, chosen)
    return chosen


def with_new_ports(folder: Path, state: State, *, postgres: bool = False, redis: bool = False) -> State:
    """Will move a service away from a port that another program has taken meanwhile."""
    moved = replace(
        state,
        postgres_port=free_port() if postgres else state.postgres_port,
        redis_port=free_port() if redis else state.redis_port,
    )
    save(folder, moved)
    return moved


def save(folder: Path, state: State) -> None:
    """Will write the state so that only this user can read it and no reader sees half of it."""
    draft = folder / "services.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(state)))
    draft.replace(folder / "services.json")


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Will let one process at a time start or stop services; the others wait here."""
    with (folder / "starting.lock").open("a") as file:
        flock(file, LOCK_EX)
        yield


class Presence:
    """A process's sign that it uses the services: a shared lock, which goes however the process ends."""

    def __init__(self, folder: Path) -> None:
        # A bare descriptor: it is meant to stay open until the process ends.
        self._file = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def begin(self) -> None:
        """Will wait while somebody is stopping the services, then hold the sign up."""
        flock(self._file, LOCK_SH)

    def end(self) -> None:
        """Will take the sign down."""
        flock(self._file, LOCK_UN)

    def try_alone(self) -> bool:
        """Will say whether no other process uses the services, and if so keep it that way until `end`."""
        try:
            flock(self._file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True
