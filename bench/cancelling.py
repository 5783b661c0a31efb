"""How long after a booking's webhook is accepted do the client's reminders still stand? (DESIGN.md 9)"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from math import ceil
from threading import Thread
from time import monotonic, sleep
from typing import Final
from uuid import UUID, uuid4

from standardwebhooks import Webhook
from uuid6 import uuid7

from bench import people
from bench.database import environment, tidy
from bench.line import Line
from bench.webhooks import _server

TARGET: Final = 1.0
SECONDS: Final = 15.0
LINKS: Final = 2
WORKERS: Final = 2
GIVES_UP_AFTER: Final = 60.0
TREATED_DAYS_AGO: Final = 40


def measure(rate: float, seconds: float = SECONDS) -> Line:
    """Post bookings at `rate` a second for so long; say by when 99 of 100 clients' reminders were cancelled.

    The time runs from the answer 202 to the moment at which another connection sees the sequence BOOKED and
    nothing of it planned. Server and workers are the application's own, with its own hints between them.
    """
    from integrations.operations.connections import open_connection
    from practices import clock

    now = clock.now()
    place = people.open_practice()
    opened = open_connection(place.id, now, kind="generic")
    clients = _with_reminders(place, ceil(rate * seconds), now)
    tidy()
    starts_at = now + timedelta(days=10)
    path = f"/webhooks/pms/{opened.id}/"
    with _worker(), _server() as port:
        webhook = Webhook(opened.secret)
        requests = [_booking(path, webhook, clock.now(), number, starts_at) for number in range(len(clients))]
        accepted: dict[UUID, float] = {}
        begins_at = monotonic() + 0.5
        senders = [
            Thread(target=_post, args=(port, requests, clients, index, begins_at, rate, accepted), daemon=True)
            for index in range(LINKS)
        ]
        for sender in senders:
            sender.start()
        cancelled = _watch(place, len(clients), begins_at + seconds + GIVES_UP_AFTER)
        for sender in senders:
            sender.join(GIVES_UP_AFTER)
    if len(accepted) < len(clients):
        raise RuntimeError(f"Only {len(accepted)} of {len(clients)} bookings were accepted.")
    waits = sorted(cancelled.get(client_id, float("inf")) - at for client_id, at in accepted.items())
    late = max(0.0, max(accepted.values()) - begins_at - seconds)
    return Line(
        "webhook in -> cancelled, p99",
        f"{waits[ceil(len(waits) * 0.99) - 1]:.2f} s",
        f"p50 {waits[len(waits) // 2]:.2f} s, {len(clients) / (seconds + late):,.0f}/s",
        waits[ceil(len(waits) * 0.99) - 1],
        TARGET,
        unit="s",
    )


def _with_reminders(place: people.Place, count: int, now: datetime) -> list[UUID]:
    """Clients whom the connection knows as C-0, C-1 and so on, each with refill reminders to come."""
    from clients.models import ClientIdentity
    from integrations.operations.connections import DEFAULT_SOURCE
    from practices.operations.rows import insert_rows
    from practices.tenancy import practice_scope
    from reminders.operations.planning import replan

    treated_on: date = now.date() - timedelta(days=TREATED_DAYS_AGO)
    client_ids = people.admit(place, count)
    people.treat(place, client_ids, "botox", treated_on)
    rows = [
        (uuid7(), place.id, client_id, DEFAULT_SOURCE, f"C-{number}", now)
        for number, client_id in enumerate(client_ids)
    ]
    with practice_scope(place.id):
        insert_rows(
            ClientIdentity, ("id", "practice_id", "client_id", "source", "remote_id", "created_at"), rows
        )
    replan(place.id, client_ids, now)
    return client_ids


def _booking(path: str, webhook: Webhook, at: datetime, number: int, starts_at: datetime) -> bytes:
    webhook_id = f"evt_{uuid4().hex}"
    data = {
        "client": {"id": f"C-{number}", "phone": f"+1312{2_000_000 + number}", "state": "IL"},
        "appointment": {
            "id": f"A-{webhook_id}",
            "services": ["Botox"],
            "starts_at": starts_at.isoformat(),
            "duration_minutes": 30,
        },
        "provider": {"id": "P-1", "name": "Pat Kim RN"},
    }
    body = json.dumps({"type": "appointment.booked", "occurred_at": at.isoformat(), "data": data})
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"webhook-id: {webhook_id}",
        f"webhook-timestamp: {int(at.timestamp())}",
        f"webhook-signature: {webhook.sign(webhook_id, at, body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def _post(
    port: int,
    requests: list[bytes],
    clients: list[UUID],
    index: int,
    begins_at: float,
    rate: float,
    accepted: dict[UUID, float],
) -> None:
    """Post every LINKS-th booking at its time, and note when it was accepted."""
    with socket.create_connection(("127.0.0.1", port), timeout=GIVES_UP_AFTER) as link:
        for number in range(index, len(requests), LINKS):
            sleep(max(0.0, begins_at + number / rate - monotonic()))
            link.sendall(requests[number])
            answer = link.recv(65536)
            while answer and not answer.endswith(b"}"):
                answer += link.recv(65536)
            if not answer.startswith(b"HTTP/1.1 202"):
                raise RuntimeError(answer.decode())
            accepted[clients[number]] = monotonic()


def _watch(place: people.Place, count: int, gives_up_at: float) -> dict[UUID, float]:
    """Look every 20 ms whose refill sequence is booked by now and has nothing planned any more."""
    from django.db.models import Exists, OuterRef

    from practices.tenancy import practice_scope
    from reminders.engine.words import OPEN_STATES
    from reminders.models import Reminder, Sequence

    seen: dict[UUID, float] = {}
    planned = Reminder.objects.filter(sequence=OuterRef("pk"), state__in=[state.value for state in OPEN_STATES])
    while len(seen) < count and monotonic() < gives_up_at:
        with practice_scope(place.id):
            booked = list(
                Sequence.objects.filter(~Exists(planned), practice_id=place.id, kind="refill", state="booked")
                .exclude(client_id__any_of=seen)
                .values_list("client_id", flat=True)
            )
        at = monotonic()
        seen |= dict.fromkeys(booked, at)
        sleep(0.02)
    return seen


@contextmanager
def _worker() -> Iterator[None]:
    """The application's own worker, as docker-compose.yml starts it."""
    flags = ["--concurrency", str(WORKERS), "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    command = [sys.executable, "-m", "celery", "--app", "medspa", "worker", *flags]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
