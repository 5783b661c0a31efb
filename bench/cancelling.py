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
from uuid import UUID

from standardwebhooks import Webhook
from uuid6 import uuid7

from bench import people
from bench.database import environment, tidy
from bench.line import Line
from bench.webhooks import server

TARGET: Final = 1.0
SECONDS: Final = 15.0
LINKS: Final = 8
WORKERS: Final = 2
GIVES_UP_AFTER: Final = 120.0
TREATED_DAYS_AGO: Final = 40


def measure(rate: float, seconds: float = SECONDS) -> Line:
    """Post bookings at `rate` a second for so long; say by when 99 of 100 clients' reminders were cancelled.

    The time runs from the answer 202 to the moment at which another connection sees that the event is applied,
    which is one transaction with what it cancels. Server and workers are the application's own, with its own
    hints between them.
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
    with _worker(), server() as port:
        webhook = Webhook(opened.secret)
        requests = [_booking(path, webhook, clock.now(), number, starts_at) for number in range(len(clients))]
        accepted: dict[int, float] = {}
        begins_at = monotonic() + 0.5
        senders = [
            Thread(target=_post, args=(port, requests, index, begins_at, rate, accepted), daemon=True)
            for index in range(LINKS)
        ]
        for sender in senders:
            sender.start()
        applied = _watch(place, len(clients), accepted, begins_at + seconds + GIVES_UP_AFTER)
        for sender in senders:
            sender.join(GIVES_UP_AFTER)
    left = _still_planned(place)
    if len(applied) < len(clients) or left:
        raise RuntimeError(f"{len(accepted)} accepted, {len(applied)} applied, {left} with reminders left.")
    waits = sorted(applied[number] - at for number, at in accepted.items())
    lasted = max(accepted.values()) - begins_at
    p99 = waits[ceil(len(waits) * 0.99) - 1]
    return Line(
        "webhook in -> cancelled, p99",
        f"{p99:.2f} s",
        f"p50 {waits[len(waits) // 2]:.2f} s, {len(clients) / lasted:,.0f}/s",
        p99,
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
        insert_rows(ClientIdentity, ("id", "practice_id", "client_id", "source", "remote_id", "created_at"), rows)
    replan(place.id, client_ids, now)
    return client_ids


def _booking(path: str, webhook: Webhook, at: datetime, number: int, starts_at: datetime) -> bytes:
    webhook_id = str(number)
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
    index: int,
    begins_at: float,
    rate: float,
    accepted: dict[int, float],
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
            accepted[number] = monotonic()


def _watch(place: people.Place, count: int, accepted: dict[int, float], gives_up_at: float) -> dict[int, float]:
    """Look every 20 ms which of the accepted bookings do not wait any more; return when each was first seen so."""
    from integrations.models import InboundEvent
    from integrations.queries.waiting import WAITING
    from practices.tenancy import practice_scope

    seen: dict[int, float] = {}
    while len(seen) < count and monotonic() < gives_up_at:
        known = [number for number in list(accepted) if number not in seen]
        with practice_scope(place.id):
            waiting = InboundEvent.objects.filter(practice_id=place.id, state__in=WAITING)
            pending = {int(each) for each in waiting.values_list("webhook_id", flat=True)}
        at = monotonic()
        seen |= {number: at for number in known if number not in pending}
        sleep(0.02)
    return seen


def _still_planned(place: people.Place) -> int:
    """How many refill sequences are not booked, or have reminders that may still leave."""
    from django.db.models import Exists, OuterRef, Q

    from practices.tenancy import practice_scope
    from reminders.engine.words import OPEN_STATES
    from reminders.models import Reminder, Sequence

    planned = Reminder.objects.filter(sequence=OuterRef("pk"), state__in=[state.value for state in OPEN_STATES])
    with practice_scope(place.id):
        refills = Sequence.objects.filter(practice_id=place.id, kind="refill")
        return refills.filter(~Q(state="booked") | Exists(planned)).count()


@contextmanager
def _worker() -> Iterator[None]:
    """The application's own worker, as docker-compose.yml starts it, ready for work.

    A hint that no worker takes within seconds is forgotten, and no beat ticks here: so it is waited for.
    """
    flags = ["--concurrency", str(WORKERS), "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    command = [sys.executable, "-m", "celery", "--app", "medspa", "worker", *flags]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdout=quiet, stderr=quiet)
    try:
        _wait_for(process)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    from django.conf import settings

    from medspa.celery import app

    app.conf.update(broker_url=settings.REDIS_URL)
    gives_up_at = monotonic() + GIVES_UP_AFTER
    while not app.control.ping(timeout=0.5):
        if process.poll() is not None or monotonic() > gives_up_at:
            raise RuntimeError("The worker did not start.")
