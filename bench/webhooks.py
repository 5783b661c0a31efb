"""How fast are webhooks accepted, against a bare Django view that does one INSERT on the same server?"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.pool import Pool
from statistics import median
from time import monotonic, sleep
from typing import Any, Final
from uuid import uuid4

from bench.database import environment
from bench.webhook_sender import post_for

TARGET: Final = 0.75  # DESIGN.md 9
ROUND_SECONDS: Final = 1.0
SENDERS: Final = 2  # processes
BARE: Final = "/webhooks/bare/"


def measure(seconds: float = 12.0) -> dict[str, Any]:
    """Post to both views in turns, for about `seconds` in all; return the rates and their median ratio.

    The bare view stands below /webhooks/ too, so that both take the same way through the middleware. No worker
    runs meanwhile: what is accepted waits in the inbox.
    """
    from integrations.operations.connections import open_connection
    from practices import clock
    from practices.operations.creation import create_practice

    now = clock.now()
    practice = create_practice(f"bench-{uuid4().hex[:8]}", "Bench", "America/Chicago", now)
    opened = open_connection(practice.id, now, kind="generic")
    _make_bare_table()
    inbox = f"/webhooks/pms/{opened.id}/"
    with server() as port, get_context("spawn").Pool(SENDERS) as senders:
        rounds = []
        for number in range(1 + max(3, round(seconds / ROUND_SECONDS / 2))):
            turn = [inbox, BARE] if number % 2 else [BARE, inbox]
            rounds.append({path: _rate(senders, port, path, opened.secret) for path in turn})
    counted = rounds[1:]  # the first warms up
    return {
        "accepted_per_second": round(median(rates[inbox] for rates in counted)),
        "bare_per_second": round(median(rates[BARE] for rates in counted)),
        "ratio": round(median(rates[inbox] / rates[BARE] for rates in counted), 3),
    }


def _rate(senders: Pool, port: int, path: str, secret: str) -> float:
    return sum(senders.starmap(post_for, [(ROUND_SECONDS, port, path, secret)] * SENDERS))


def _make_bare_table() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(
            "CREATE TABLE bench_bare (id uuid PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL)"
        )
        cursor.execute("GRANT INSERT ON bench_bare TO medspa_app")


@contextmanager
def server() -> Iterator[int]:
    """The application's own gunicorn settings, one process, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--config", "python:medspa.web", "bench.webhook_server"]
    own = {**environment(), "PORT": str(port), "WEB_WORKERS": "1"}
    process = subprocess.Popen([*command, "--max-requests", "0"], env=own)
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    gives_up_at = monotonic() + 30
    while process.poll() is None and monotonic() < gives_up_at:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise RuntimeError("The server under measurement did not start.")
