"""How do web, worker and beat run together, so that they end together?"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 20.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """A program of this environment and what it is started with."""

    name: str
    arguments: tuple[str, ...]


@dataclass
class Running:
    """A started program and where it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        """Will give the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


class Processes:
    """A handful of programs that live and end as one."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self._folder = folder
        self._logs = logs
        self._running: list[Running] = []
        self._is_asked_to_stop = False

    def heed_signals(self) -> None:
        """Will take Ctrl-C and TERM as the wish to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether a signal came."""
        return self._is_asked_to_stop

    def start(self, programs: Sequence[Program]) -> None:
        """Will start the programs, each with a log of its own."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for program in programs:
            log = self._logs / f"{program.name}.log"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", *program.arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=self._folder,
                    # A Ctrl-C reaches this process alone, which then ends the others in good order.
                    start_new_session=True,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no threads yet
                )
            self._running.append(Running(program.name, process, log))

    def dead(self) -> Running | None:
        """Will name a program that ended by itself."""
        return next((one for one in self._running if one.process.poll() is not None), None)

    def wait_for_end(self) -> Running | None:
        """Will wait for the wish to stop, or return the program that ended before it."""
        while not self._is_asked_to_stop:
            dead = self.dead()
            if dead is not None:
                return dead
            time.sleep(0.2)
        return None

    def stop(self) -> None:
        """Will let every program finish what it does, and kill what has not ended after a while."""
        for one in self._running:
            if one.process.poll() is None:
                one.process.terminate()
        give_up = time.monotonic() + GRACE_SECONDS
        for one in self._running:
            try:
                one.process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(one.process.pid, signal.SIGKILL)
                one.process.wait()
        self._running.clear()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked_to_stop = True


def _end_with_parent() -> None:
    """Linux ends the child even if this process is killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
