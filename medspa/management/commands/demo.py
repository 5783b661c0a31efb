"""How does one see medspa at work? Everything at once, in the foreground, until Ctrl-C."""

import errno
import http.client
import os
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

from integrations.messaging.registry import GATEWAYS
from medspa import embedded
from medspa.demo.data import DAYS, Login, seed_demo
from medspa.demo.processes import Processes, Program
from medspa.operator_gateways import URL, variable

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
TO_TRY_WITH_STAND_INS = (
    "4. As Maya: Settings, Carriers: connect Twilio and SendGrid with what the stand-ins' page says, test them, choose",
    "   them; send a reminder now, see it arrive there, and write back STOP.",
)


class Command(BaseCommand):
    """Migrates, makes the demo practice, runs web, worker and beat."""

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """How much history to play, the first time."""
        parser.add_argument("--days", type=int, default=DAYS, help="days to play when the data are made (%(default)s)")
        parser.add_argument(
            "--stand-ins",
            action="store_true",
            help="also run stand-ins of Twilio, SendGrid and Podium, at the next port, and reach the vendors there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Will run until it is told to stop.

        Raises: CommandError when another demo runs here, the port is taken, or a program ends by itself.
        """
        if settings.IS_PRODUCTION:
            raise CommandError("The demo makes up clients; it is not for production. Unset DEPLOYMENT.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with _only_one_demo(f"http://{HOST}:{settings.PORT}/"):
                processes = Processes(settings.BASE_DIR, settings.VAR / "log")
                self._run(processes, max(1, options["days"]), with_stand_ins=options["stand_ins"])
        except KeyboardInterrupt:
            self._tell("Stopped before everything ran")
        finally:
            self._stop_embedded()

    def _run(self, processes: Processes, days: int, *, with_stand_ins: bool) -> None:
        stand_ins = settings.PORT + 1 if with_stand_ins else None
        for port in filter(None, (settings.PORT, stand_ins)):
            _refuse_busy_port(port)
        self._tell("Bringing the tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        self._tell("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
        self._tell("Preparing the demo practice")
        logins = seed_demo(self._tell, days)
        connections.close_all()
        processes.heed_signals()
        try:
            if stand_ins is not None:
                self._tell("Starting the stand-ins of Twilio, SendGrid and Podium")
                processes.start([_stand_ins_at(stand_ins)])
            self._tell("Starting web, worker and beat")
            processes.start(PROGRAMS)
            if _wait_for_web(processes):
                self._welcome(logins, stand_ins)
            ended = processes.wait_for_end()
            if ended is not None:
                raise CommandError(f"{ended.name} ended by itself. The end of {ended.log}:\n{ended.last_words()}")
        finally:
            self._tell("Stopping")
            processes.stop()

    def _welcome(self, logins: list[Login], stand_ins: int | None) -> None:
        lines = [f"medspa runs at http://{HOST}:{settings.PORT}/"]
        if logins:
            width = max(len(login.email) for login in logins)
            lines += ["", "Sign in as"]
            lines += [f"  {login.email:<{width}}  {login.password}  ({login.role})" for login in logins]
            to_try = TO_TRY if stand_ins is None else TO_TRY + TO_TRY_WITH_STAND_INS
            lines += ["", "What to try", *(f"  {line}" for line in to_try)]
        if stand_ins is not None:
            lines += ["", f"What the stand-ins of the vendors got: http://{HOST}:{stand_ins}/"]
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


def _stand_ins_at(port: int) -> Program:
    """The stand-ins, with every program that is started from here on pointed at them instead of the vendors."""
    for kind in GATEWAYS.values():
        if kind.fields:
            vendor = kind.key.partition("_")[0]
            os.environ[variable(kind, URL)] = f"http://{HOST}:{port}/{vendor}"
    return Program("stand-ins", ("integrations.messaging.stand_ins", "--port", str(port)))


def _refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "is not allowed to you" if error.errno == errno.EACCES else "is in use by another program"
            raise CommandError(f"Port {port} {reason}. Choose another: make demo PORT={port % 60_000 + 1}") from error


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
