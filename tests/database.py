"""Which database does a test run in? A copy of a migrated template, as the application's role."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2.sql import SQL, Composable, Identifier, Literal

from medspa.database import GRANTS, ROLES

TEMPLATE = "medspa_template_"
COPY = "medspa_test_"
LOCKS = ["requirements/base.txt"]  # the tables of the packages change only with their versions


@contextmanager
def worker_database(worker: str) -> Iterator[None]:
    """Will point both aliases at a fresh copy of the migrated database, and drop it in the end.

    The template is made once for each state of the migrations and kept for the next run.
    """
    original = settings.DATABASES["default"]["NAME"]
    template = TEMPLATE + _fingerprint()
    copy = f"{COPY}{os.getpid()}_{worker}"
    with _one_at_a_time():
        _drop_leftovers(keep=template)
        if template not in _names():
            _make_template(template)
        _as_owner(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(copy), Identifier(template)))
    try:
        _point_at(copy)
        yield
    finally:
        _point_at(original)
        _drop(copy)


def _make_template(name: str) -> None:
    draft = f"{COPY}{os.getpid()}_draft"
    original = settings.DATABASES["default"]["NAME"]
    _as_owner(SQL("CREATE DATABASE {}").format(Identifier(draft)))
    try:
        _point_at(draft)
        call_command("migrate", verbosity=0)
        with connections["owner"].cursor() as cursor:
            # A transactional test empties the tables behind itself; the application itself never may.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO medspa_app")
    finally:
        _point_at(original)
    _as_owner(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(draft), Identifier(name)))


def _fingerprint() -> str:
    files = [ROLES, GRANTS, *(settings.BASE_DIR / lock for lock in LOCKS)]
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(settings.BASE_DIR):
            files += Path(app.path).glob("**/migrations/*.py")
    files += (settings.BASE_DIR / "practices" / "tenancy").glob("*.py")
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        digest.update(str(file.relative_to(settings.BASE_DIR)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _drop_leftovers(keep: str) -> None:
    """Copies whose process was killed, and templates of older migrations that nobody is copying."""
    for name in _names():
        pid = name.removeprefix(COPY).split("_")[0]
        is_orphan = name.startswith(COPY) and not Path("/proc", pid).exists()
        is_outdated = name.startswith(TEMPLATE) and name != keep
        if is_orphan or is_outdated:
            _drop(name)


def _drop(name: str) -> None:
    """A live server's threads may still be connected; only their own role may end their sessions.

    A plain DROP then sends an autovacuum of the superuser's away, which FORCE may not.
    """
    ended = SQL("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = {} AND usename = user")
    for alias in ("default", "owner"):
        _outside(alias, ended.format(Literal(name)))
    _as_owner(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))


def _names() -> list[str]:
    rows = _as_owner(SQL("SELECT datname FROM pg_database"))
    return [name for (name,) in rows if name.startswith((TEMPLATE, COPY))]


def _as_owner(statement: Composable) -> list[tuple[Any, ...]]:
    """Databases are made and dropped outside any transaction, from the one that stays."""
    return _outside("owner", statement)


def _outside(alias: str, statement: Composable) -> list[tuple[Any, ...]]:
    role = settings.DATABASES[alias]
    connection = psycopg2.connect(
        dbname=settings.ENVIRONMENT.database_name,
        user=role["USER"],
        password=role["PASSWORD"],
        host=role["HOST"],
        port=role["PORT"],
    )
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    settings.VAR.mkdir(exist_ok=True)
    with (settings.VAR / "test-template.lock").open("a") as file:
        flock(file, LOCK_EX)
        yield
