"""How does one see medspa at work? Everything at once, in the foreground, until Ctrl-C."""

import errno
import http.client
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from medspa import embedded
from medspa.demo.data import DAYS, Login, seed_demo
from medspa.demo.processes import Processes, Program

HOST = "127.0.0.1"
START_SECONDS = 30.0
PROGRAMS = (
    Program("web", ("gunicorn", "--config", "python:medspa.web", "medspa.wsgi")),
    Program(
        "worker",
        ("celery", "--app", "medspa", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"),
    ),
    Program("beat", ("celery", "--app", "medspa", "beat")),
)
TO_TRY = (
    "1. As Bob: start the calls, answer a reply, press / and find a client; move, skip, opt out; the ledger adds up.",
    "2. As Maya: see what mapping the unknown service would wake, then map it; narrow the hours; switch practices.",
    "3. Post a booking (docs/webhooks.md): her reminders end within seconds. Charlie, next door, sees nothing of it.",
)


class Command(BaseCommand):
    """Migrates, makes the demo practice, runs web, worker and beat."""

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """How much history to play, the first time."""
        parser.add_argument("--days", type=int, default=DAYS, help="days to play when the data are made (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Will run until it is told to stop.

        Raises: CommandError when another demo runs here, the port is taken, or a program ends by itself.
        """
        if settings.IS_PRODUCTION:
            raise CommandError("The demo makes up clients; it is not for production. Unset DEPLOYMENT.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with _only_one_demo(f"http://{HOST}:{settings.PORT}/"):
                self._run(Processes(settings.BASE_DIR, settings.VAR / "log"), max(1, options["days"]))
        except KeyboardInterrupt:
            self._tell("Stopped before everything ran")
        finally:
            self._stop_embedded()

    def _run(self, processes: Processes, days: int) -> None:
        _refuse_busy_port()
        self._tell("Bringing the tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        self._tell("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
        self._tell("Preparing the demo practice")
        logins = seed_demo(self._tell, days)
        connections.close_all()
        self._tell("Starting web, worker and beat")
        processes.heed_signals()
        try:
            processes.start(PROGRAMS)
            if _wait_for_web(processes):
                self._welcome(logins)
            ended = processes.wait_for_end()
            if ended is not None:
                raise CommandError(f"{ended.name} ended by itself. The end of {ended.log}:\n{ended.last_words()}")
        finally:
            self._tell("Stopping")
            processes.stop()

    def _welcome(self, logins: list[Login]) -> None:
        lines = [f"medspa runs at http://{HOST}:{settings.PORT}/"]
        if logins:
            width = max(len(login.email) for login in logins)
            lines += ["", "Sign in as"]
            lines += [f"  {login.email:<{width}}  {login.password}  ({login.role})" for login in logins]
            lines += ["", "What to try", *(f"  {line}" for line in TO_TRY)]
        lines += ["", "Logs are in var/log. Ctrl-C stops everything; the data stay."]
        self.stdout.write("\n" + "\n".join(lines) + "\n")
        self.stdout.flush()

    def _stop_embedded(self) -> None:
        """Nothing of the demo is left behind, unless somebody else works with the services."""
        connections.close_all()
        if embedded.is_running(settings.VAR) and not embedded.stop_if_unused(settings.VAR):
            self._tell("PostgreSQL and Redis go on: another process uses them. `make stop` ends them.")

    def _tell(self, line: str) -> None:
        self.stdout.write(f"==> {line}")
        self.stdout.flush()


@contextmanager
def _only_one_demo(address: str) -> Iterator[None]:
    path = settings.VAR / "demo.lock"
    with path.open("a+") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(f"The demo runs already, at {file.read().strip()}") from None
        file.truncate(0)
        file.write(address)
        file.flush()
        yield


def _refuse_busy_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.PORT))
        except OSError as error:
            reason = "is not allowed to you" if error.errno == errno.EACCES else "is in use by another program"
            raise CommandError(
                f"Port {settings.PORT} {reason}. Choose another: make demo PORT={settings.PORT % 60_000 + 1}"
            ) from error


def _wait_for_web(processes: Processes) -> bool:
    give_up = time.monotonic() + START_SECONDS
    while not processes.is_asked_to_stop and processes.dead() is None and time.monotonic() < give_up:
        try:
            connection = http.client.HTTPConnection(HOST, settings.PORT, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
