"""How fast are due reminders decided, rendered, delivered and recorded, against no-op Celery tasks? (DESIGN.md 9)"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from statistics import median
from time import monotonic, sleep
from typing import Final
from uuid import uuid4

import redis

from bench import people
from bench.database import environment, tidy
from bench.line import Line

TARGET: Final = 2.0
REMINDERS: Final = 10_000
PRACTICES: Final = 3
WORKERS: Final = 2
ROUNDS: Final = 3
READY: Final = b"ready"


def measure(reminders: int = REMINDERS, rounds: int = ROUNDS) -> Line:
    """Deliver so many due reminders of as many clients, then run as many no-op tasks; so many times in turns.

    Both have two worker processes on the same machine, PostgreSQL and Redis. The tasks count from the first
    call of `delay` to the last execution, since calling it is what they cost instead of a row.
    """
    ours: list[float] = []
    theirs: list[float] = []
    places = [people.open_practice() for _ in range(PRACTICES)]
    with _celery_worker() as no_ops:
        no_ops(max(200, reminders // 10))  # warms up
        for number in range(rounds):
            theirs.append(no_ops(reminders))
            ours.append(_deliver(places, reminders, number))
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    return Line(
        "due reminders delivered",
        f"{median(ours):,.0f}/s",
        f"{median(theirs):,.0f} no-op tasks/s",
        ratio,
        TARGET,
        at_least=True,
    )


def prepare(places: list[people.Place], reminders: int, number: int) -> datetime:
    """Treat as many clients and plan them; return the moment at which the first step of each is due."""
    from reminders.operations.planning import replan

    day = people.DAY_ZERO + timedelta(days=number)
    share = -(-reminders // len(places))
    for index, place in enumerate(places):
        count = min(share, reminders - index * share)
        client_ids = people.admit(place, count, first_number=number * reminders)
        people.treat(place, client_ids, "botox", day)
        replan(place.id, client_ids, people.LIVE_SINCE + timedelta(days=45))
    tidy()
    return people.TUESDAY + timedelta(days=number)


def _deliver(places: list[people.Place], reminders: int, number: int) -> float:
    """Sweep in worker processes until nothing is due; return the reminders delivered a second."""
    at = prepare(places, reminders, number)
    before = _delivered(places)
    command = [sys.executable, "-m", "bench.delivering", at.isoformat()]
    with ExitStack() as ends:
        workers = [
            ends.enter_context(
                subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            for _ in range(WORKERS)
        ]
        for worker in workers:
            _hear(worker)
        begun_at = monotonic()
        for worker in workers:
            _tell(worker)
        for worker in workers:
            worker.wait()
        seconds = monotonic() - begun_at
    if any(worker.returncode for worker in workers):
        raise RuntimeError("A sweeping process failed.")
    delivered = _delivered(places) - before
    if delivered != reminders:
        raise RuntimeError(f"{delivered} of {reminders} reminders were delivered.")
    return reminders / seconds


def _hear(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdout is None or worker.stdout.readline().strip() != READY:
        raise RuntimeError("A sweeping process did not start.")


def _tell(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin is not None:
        worker.stdin.close()


def _delivered(places: list[people.Place]) -> int:
    from practices.tenancy import practice_scope
    from reminders.models import Reminder

    count = 0
    for place in places:
        with practice_scope(place.id):
            count += Reminder.objects.filter(
                practice_id=place.id, state="sent", message__deliveries__state="accepted"
            ).count()
    return count


def _sweep_from(at: datetime) -> None:
    """What one worker does with its ticks, at a moment of the measurement instead of the machine's."""
    from medspa.celery import collect_garbage_seldom
    from practices import clock
    from reminders.operations import sweeping

    collect_garbage_seldom()
    sweeping.sweep(lambda: people.LIVE_SINCE)  # imports and connects; nothing is due then
    print(READY.decode(), flush=True)
    sys.stdin.read()
    ahead = at - clock.now()
    while sweeping.sweep(lambda: clock.now() + ahead):
        pass


@contextmanager
def _celery_worker() -> Iterator[Callable[[int], float]]:
    """Start Celery's own worker on the same Redis, with Celery's defaults; yield what runs no-ops there."""
    from django.conf import settings

    from bench.no_op import app, done, no_op

    app.conf.update(broker_url=settings.REDIS_URL)
    command = [sys.executable, "-m", "celery", "-A", "bench.no_op", "worker", "-c", str(WORKERS), "-l", "ERROR"]
    log = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdout=log, stderr=log)
    server = redis.Redis.from_url(settings.REDIS_URL)

    def run(count: int) -> float:
        key = f"bench:{uuid4().hex}"
        begun_at = monotonic()
        for _ in range(count):
            no_op.delay()
        done.delay(key)
        while not server.exists(key):
            if process.poll() is not None:
                raise RuntimeError("The Celery worker ended.")
            sleep(0.005)
        return count / (monotonic() - begun_at)

    try:
        yield run
    finally:
        process.terminate()
        process.wait(30)
        server.close()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    django.setup()
    _sweep_from(datetime.fromisoformat(sys.argv[1]))
