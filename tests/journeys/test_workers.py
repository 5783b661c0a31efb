"""Do worker and beat, as processes of their own, do what other stories call by hand? [OPS-1]"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings

from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders.integrations import booked, sender
from tests.builders.practices import lakeview
from tests.builders.reminders import live

POLLS = 600
EVERY_SECONDS = 0.1
WORKER = ("worker", "--concurrency", "1", "--without-gossip", "--without-mingle")


@contextmanager
def celery(environment: dict[str, str], *arguments: str) -> Iterator[None]:
    """A Celery program of this checkout, ended in good order."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "--app", "medspa", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        assert process.poll() is None, f"celery {arguments[0]} ended by itself with {process.returncode}"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def first_delivery(practice: Practice) -> Delivery:
    """Wait for it as somebody at the outbox would."""
    for _ in range(POLLS):
        with practice_scope(practice.pk):
            found = Delivery.objects.filter(state=Delivery.State.ACCEPTED).first()
        if found is not None:
            return found
        Event().wait(EVERY_SECONDS)
    raise AssertionError("Nothing reached the outbox within a minute.")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_booking_that_is_posted_is_confirmed_by_worker_and_beat_alone(process_environment: dict[str, str]) -> None:
    now = clock.now()
    practice = lakeview(now)
    live(practice, now)
    records = sender(practice)
    with ExitStack() as running:
        running.enter_context(celery(process_environment, *WORKER))
        running.enter_context(celery(process_environment, "beat"))
        starts_at = (now + timedelta(days=9)).isoformat()
        event = booked(starts_at=starts_at, booked_at=now.isoformat(), occurred_at=now.isoformat())
        assert records.post(event).status_code == 202
        delivery = first_delivery(practice)
    assert (delivery.channel, delivery.to_address) == ("sms", "+13125550142")
    assert "Dana" in delivery.text
