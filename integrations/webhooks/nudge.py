"""How do workers hear at once that there is something to do, without whoever brought it waiting for that?"""

import os
from threading import Event, Thread
from typing import Final

import structlog
from celery import current_app

log = structlog.get_logger(__name__)

TASK: Final = "integrations.tasks.apply_events"
LEAST_SECONDS_APART: Final = 0.1
# Where no worker is free, the next tick of beat does as well: hints do not pile up.
HINT_EXPIRES_SECONDS: Final = 5


class Nudger:
    """Hints at the workers from a thread of its own, at most ten times a second a process.

    A hint that is lost costs nothing but time: PostgreSQL holds what is to do, and beat ticks (DESIGN.md 1.3).
    """

    def __init__(self, task: str = TASK) -> None:
        """`task`: the name of the one that looks for what waits."""
        self._task = task
        self._is_wanted = Event()
        self._pid = 0

    def nudge(self) -> None:
        """Will have the workers look for what waits within a moment. Costs its caller microseconds."""
        if self._pid != os.getpid():  # the first in this process, or a fork of one that had a thread
            self._pid = os.getpid()
            self._is_wanted = Event()
            Thread(target=self._send_hints, args=(self._task, self._is_wanted), name="nudger", daemon=True).start()
        self._is_wanted.set()

    @staticmethod
    def _send_hints(task: str, is_wanted: Event) -> None:
        rest = Event()
        while True:
            is_wanted.wait()
            is_wanted.clear()
            try:
                current_app.send_task(task, expires=HINT_EXPIRES_SECONDS, retry=False)
            except Exception as error:  # noqa: BLE001 - beat ticks, whatever became of the broker
                log.warning("nudge_failed", error=type(error).__name__)
            rest.wait(LEAST_SECONDS_APART)


nudge = Nudger().nudge
