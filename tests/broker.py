"""Which Redis does a test run see? A numbered database of its own, beside those of other runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import TextIO
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.core.cache import caches

from medspa.celery import app

NUMBERS = range(1, 16)  # 0 is the demo's


@contextmanager
def worker_broker() -> Iterator[None]:
    """Will take a free number, empty its database, and point Celery and the cache at it."""
    original = settings.REDIS_URL
    number, lock = _take_number()
    url = urlunsplit(urlsplit(original)._replace(path=f"/{number}"))
    with lock:
        _use(url)
        with redis.Redis.from_url(url) as server:
            server.flushdb()
            yield
            server.flushdb()
        _use(original)


def _use(url: str) -> None:
    settings.REDIS_URL = url
    settings.CACHES["default"]["LOCATION"] = url
    app.conf.update(broker_url=url)
    with suppress(AttributeError):  # a cache opened before would stay with the old address
        del caches["default"]


def _take_number() -> tuple[int, TextIO]:
    for number in NUMBERS:
        file = (settings.VAR / f"test-redis-{number}.lock").open("a")
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            file.write(f"{os.getpid()}\n")
            return number, file
    raise RuntimeError("Fifteen test workers run already; wait for one to end.")
