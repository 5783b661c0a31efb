"""Do workers hear of a webhook at once, and does its sender never wait for that?"""

import json
from base64 import b64decode
from threading import Event
from time import monotonic
from typing import Any

import kombu
import pytest
import redis
from django.conf import settings

from integrations.tasks import apply_events
from integrations.webhooks.nudge import TASK, Nudger
from tests.builders.integrations import booked, sender
from tests.builders.practices import lakeview

QUEUE = "medspa"


@pytest.fixture
def queue() -> Any:
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.delete(QUEUE)
        yield server
        server.delete(QUEUE)


def next_hint(queue: Any) -> dict[str, Any]:
    """The next message in the broker, within 10 seconds."""
    found = queue.blpop([QUEUE], timeout=10)
    assert found is not None, "no hint came"
    message: dict[str, Any] = json.loads(found[1])
    assert json.loads(b64decode(message["body"]))[:2] == [[], {}]
    return message


def test_an_accepted_event_reaches_the_broker_as_a_hint_that_expires(queue: Any, db: None) -> None:
    records = sender(lakeview())
    assert records.post(booked()).status_code == 202
    headers = next_hint(queue)["headers"]
    assert headers["task"] == TASK == apply_events.name
    assert headers["expires"] is not None


def test_many_events_in_a_moment_are_few_hints_and_none_is_forgotten(queue: Any) -> None:
    nudger = Nudger()
    begun_at = monotonic()
    for _ in range(2_000):
        nudger.nudge()
    spent = monotonic() - begun_at
    next_hint(queue)
    assert spent < 1
    assert queue.llen(QUEUE) <= 1 + spent / 0.1


def test_a_nudge_during_the_rest_is_sent_after_it(queue: Any) -> None:
    nudger = Nudger()
    nudger.nudge()
    next_hint(queue)
    nudger.nudge()
    next_hint(queue)


def test_a_broker_that_is_away_costs_the_sender_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    was_asked = Event()

    def away(*_: Any, **__: Any) -> None:
        was_asked.set()
        raise kombu.exceptions.OperationalError

    monkeypatch.setattr("celery.current_app.send_task", away)
    nudger = Nudger()
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", nudger.nudge)
    records = sender(lakeview())
    assert records.post(booked()).status_code == 202
    assert len(records.stored()) == 1
    assert was_asked.wait(10)
