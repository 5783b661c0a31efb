"""In which database does a measurement work, and how do processes that it starts find it?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def scratch(name: str) -> Iterator[str]:
    """Make a migrated, empty database and a Redis of its own, point the application at them, drop them in the end.

    Yields the database's name. Within one process scratches may be nested; the inner one is then in use.
    """
    from django.conf import settings

    from tests.database import worker_database

    with worker_database(name):
        yield settings.DATABASES["default"]["NAME"]


def work_in(name: str) -> None:
    """Point the application of this process at another scratch that is open."""
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def environment() -> dict[str, str]:
    """Return the environment that makes a started process use the scratch in use and its Redis."""
    from django.conf import settings

    known = settings.ENVIRONMENT
    name = settings.DATABASES["default"]["NAME"]
    return {
        **os.environ,
        "DATABASE_URL": _at(known.database_url, name),
        "DATABASE_OWNER_URL": _at(known.database_owner_url or "", name),
        "REDIS_URL": settings.REDIS_URL,
    }


def tidy() -> None:
    """Leave nothing to be vacuumed, analyzed or, where the owner may ask for that, written for what follows."""
    from django.db import DatabaseError, connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        try:
            cursor.execute("CHECKPOINT")
        except DatabaseError:
            connections["owner"].close()


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
