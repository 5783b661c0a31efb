"""What does every test stand on? The real PostgreSQL and Redis, the application's role, and no network."""

import os
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from medspa import embedded
from tests.broker import worker_broker
from tests.database import worker_database

# A slow machine is no failure; a failure prints what repeats it. The gate tries the same examples each time,
# so that it judges the change; everybody else's runs look for new ones.
hypothesis.settings.register_profile(
    "suite", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")), database=None
)
hypothesis.settings.load_profile("suite")


def pytest_configure() -> None:
    # Pages link files as they lie in the checkout; the demo and production serve collected ones.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    _allow_loopback_only()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this xdist worker, or "alone"."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "alone"))


@pytest.fixture(scope="session")
def django_db_setup(worker: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: tests hold the application's role, which may not make tables."""
    with django_db_blocker.unblock(), worker_database(worker):
        yield


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[None]:
    """The Redis of this worker: empty at first, shared with nobody."""
    with worker_broker():
        yield


@pytest.fixture
def process_environment(django_db_setup: None) -> dict[str, str]:
    """The environment that makes a started process (manage.py, a worker, gunicorn) use this test's services.

    What it should see must be committed: use `@pytest.mark.django_db(transaction=True)`.
    """
    name = settings.DATABASES["default"]["NAME"]
    known = settings.ENVIRONMENT
    return {
        **os.environ,
        "DATABASE_URL": _at(known.database_url, name),
        "DATABASE_OWNER_URL": _at(known.database_owner_url or "", name),
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONUNBUFFERED": "1",
    }


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _allow_loopback_only() -> None:
    connect = socket.socket.connect

    def connect_to_loopback(self: socket.socket, address: Any) -> None:
        is_remote = self.family in (socket.AF_INET, socket.AF_INET6)
        if is_remote and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test wanted to reach {address[0]}; only loopback is allowed.")
        connect(self, address)

    socket.socket.connect = connect_to_loopback  # type: ignore[assignment, method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    """A run that had to start the services takes them down again, if nobody else works with them."""
    if not hasattr(config, "workerinput") and embedded.started_here(settings.VAR):
        embedded.stop_if_unused(settings.VAR)
