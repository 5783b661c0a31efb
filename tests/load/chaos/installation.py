"""What runs in a storm, and how is it broken and brought back?"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event

import redis

from medspa import embedded
from medspa.embedded import state
from medspa.embedded.postgres import Postgres, answers

ROOT = Path(__file__).resolve().parents[3]
WORKER = ("celery", "--app", "medspa", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = ("celery", "--app", "medspa", "beat")
WEB = ("gunicorn", "--config", "python:medspa.web", "medspa.wsgi")
STAND_INS = "integrations.messaging.stand_ins"


@dataclass
class Program:
    """One program of the installation: it is started again after each death."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    logs: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0

    def start(self) -> None:
        """Start it, its log going on where it ended."""
        with (self.logs / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def keep_alive(self) -> None:
        """Start it again if it ended by itself: a service it needs may have been away."""
        if self.process is not None and self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """Kill the whole family at once with SIGKILL, and start anew."""
        self.end(signal.SIGKILL)
        self.deaths += 1
        self.start()

    def kill_child(self, random: Random) -> bool:
        """Kill one of its children: a pool process in the middle of its task."""
        if self.process is None:
            return False
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        children = [int(pid) for pid in found.stdout.split()]
        if not children:
            return False
        try:
            os.kill(random.choice(children), signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.deaths += 1
        return True

    def end(self, with_signal: signal.Signals) -> None:
        """Send the family a signal and wait until it is gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, with_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)


@dataclass
class Installation:
    """PostgreSQL, Redis, stand-ins, web, worker and beat in one folder, shared with nobody."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    restarts: int = 0
    flushes: int = 0

    @property
    def stand_ins_url(self) -> str:
        """Where the vendors' stand-ins listen."""
        return f"http://127.0.0.1:{self.stand_ins_port}"

    def __post_init__(self) -> None:
        self.web_port, self.stand_ins_port = state.free_port(), state.free_port()

    def raise_services(self) -> None:
        """Start PostgreSQL and Redis, and migrate; this process is pointed at them too."""
        addresses = embedded.ensure_running(self.folder)
        self.environment = {
            **os.environ,
            "DATABASE_URL": addresses.database_url,
            "DATABASE_OWNER_URL": addresses.database_owner_url,
            "REDIS_URL": addresses.redis_url,
            "PORT": str(self.web_port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.web_port}",
            "TWILIO_SMS_URL": f"{self.stand_ins_url}/twilio",
            "SENDGRID_EMAIL_URL": f"{self.stand_ins_url}/sendgrid",
            "PODIUM_URL": f"{self.stand_ins_url}/podium",
            "WEB_WORKERS": "1",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }
        os.environ.update(self.environment)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        """Start every program."""
        stand_ins = (STAND_INS, "--port", str(self.stand_ins_port))
        for name, arguments in (("stand_ins", stand_ins), ("web", WEB), ("worker", WORKER), ("beat", BEAT)):
            self.programs[name] = Program(name, arguments, self.environment, self.folder)
            self.programs[name].start()
        for port in (self.stand_ins_port, self.web_port):
            wait_for_port(port)

    def stop(self) -> None:
        """End every program in good order, then the services."""
        for program in reversed(self.programs.values()):
            program.end(signal.SIGTERM)
        embedded.stop(self.folder)

    def empty_redis(self) -> None:
        """Forget every task, hint and cached value."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as server:
            server.flushall()
        self.flushes += 1

    def restart_postgres(self, rest: float) -> None:
        """Have the server crash without a checkpoint, stay away for a moment, and recover from its log."""
        known = state.load(self.folder)
        if known is None:
            raise RuntimeError("The services of this folder were never started.")
        server = Postgres((self.folder / "postgres").resolve())
        server._pg("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", "--timeout=30")
        Event().wait(rest)
        if not server.start(known):
            raise RuntimeError(f"PostgreSQL did not come back:\n{server.last_words()}")
        self.restarts += 1

    def keep_alive(self) -> None:
        """Bring back what ended by itself."""
        for program in self.programs.values():
            program.keep_alive()


def wait_for_port(port: int, seconds: float = 40.0) -> None:
    """Wait until somebody listens there."""
    for _ in range(int(seconds / 0.1)):
        if answers(port):
            return
        Event().wait(0.1)
    raise RuntimeError(f"Nobody listens on port {port} after {seconds:.0f} seconds.")
