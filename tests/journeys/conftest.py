"""What does a journey in a browser start from? The story of Lakeview, a clock that a test moves, and Chromium."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from queue import Empty
from typing import Any

import pytest
import redis
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright

from medspa.celery import app
from practices import clock
from tests.builders import story
from tests.builders.browser import ARGUMENTS, CHROMIUM, PATIENCE_MS, Windows
from tests.builders.story import Story


class Clock:
    """The time of the story; a test moves it on."""

    def __init__(self) -> None:
        self.now = story.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving)
    return moving


@pytest.fixture
def told(transactional_db: None, time: Clock) -> Story:
    return story.tell()


@pytest.fixture
def chromium(transactional_db: None, time: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would refuse the test's queries beside it.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.flushdb()  # nobody has tried to sign in yet
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def windows(chromium: Browser, live_server: Any) -> Iterator[Windows]:
    """Windows of people; in the end none may have complained of anything but what the test asked for in vain."""
    opened = Windows(chromium, live_server.url)
    yield opened
    assert opened.complaints == []


@pytest.fixture
def operator_outbox(settings: Any) -> None:
    """The service's own emails stay where operators see them, as they do without a mail server."""
    settings.EMAIL_BACKEND = "medspa.operator_mail.OperatorOutbox"


@pytest.fixture
def worker_turn() -> Callable[[], None]:
    """What a worker does with the work that pages handed over: all of it, in its order."""

    def work_off() -> None:
        with app.connection_for_read() as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
            while True:
                try:
                    message = queue.get(block=False)
                except Empty:
                    return
                message.ack()
                given, named, _ = message.payload
                app.tasks[message.headers["task"]](*given, **named)

    return work_off
