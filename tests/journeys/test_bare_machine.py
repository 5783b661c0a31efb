"""Does a checkout with nothing but Python bring its own PostgreSQL and Redis? [OPS-1]"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings

from medspa import embedded
from medspa.embedded import state
from medspa.embedded.postgres import Postgres

START = "import sys, pathlib; from medspa import embedded; embedded.ensure_running(pathlib.Path(sys.argv[1]))"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A var/ of its own: in a folder that only this user may enter, with a path too long for a socket."""
    deep = tmp_path / ("a-folder-whose-name-is-rather-long-" * 4)
    deep.mkdir(mode=0o700)
    yield deep
    embedded.stop(deep)


@contextmanager
def socket_on(port: int) -> Iterator[None]:
    """Another program that listens there."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((state.LOOPBACK, port))
        listener.listen()
        yield


def ask(url: str, question: str) -> str:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            ((answer,),) = cursor.fetchall()
            return str(answer)
    finally:
        connection.close()


def server_pid(folder: Path) -> int:
    return int((Postgres((folder / "postgres").resolve()).data / "postmaster.pid").read_text().split()[0])


def test_any_command_works_on_the_checkout() -> None:
    without = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}

    finished = subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        env=without,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stderr


def test_the_first_start_makes_the_roles_that_the_walls_need(folder: Path) -> None:
    addresses = embedded.ensure_running(folder)

    assert ask(addresses.database_url, "SELECT current_setting('server_version_num')::int / 10000") == "18"
    assert (
        ask(
            addresses.database_url,
            "SELECT current_user || rolsuper || rolbypassrls FROM pg_roles WHERE rolname = current_user",
        )
        == "medspa_appfalsefalse"
    )
    assert (
        ask(
            addresses.database_owner_url,
            "SELECT current_user || rolsuper FROM pg_roles WHERE rolname = current_user",
        )
        == "medspa_ownerfalse"
    )
    assert ask(addresses.database_url, "SELECT pg_has_role('medspa_system', 'SET')") == "True"
    assert ask(addresses.database_url, "SELECT pg_has_role('medspa_system', 'USAGE')") == "False"
    assert redis.Redis.from_url(addresses.redis_url).config_get("maxmemory-policy") == {
        "maxmemory-policy": "noeviction"
    }


def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", START, str(folder)], cwd=settings.BASE_DIR, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in starts]

    assert [process.returncode for process in starts] == [0, 0, 0, 0], said
    assert sum("Starting the embedded PostgreSQL" in text for text in said) == 1
    assert embedded.is_running(folder)


def test_a_killed_server_comes_back_with_its_data_at_its_address(folder: Path) -> None:
    before = embedded.ensure_running(folder)
    ask(before.database_owner_url, "CREATE TABLE kept AS SELECT 42 AS value; COMMIT; SELECT 1")
    os.kill(server_pid(folder), signal.SIGKILL)
    while embedded.is_running(folder):
        pass

    after = embedded.ensure_running(folder)

    assert after == before
    assert ask(after.database_owner_url, "SELECT value FROM kept") == "42"


def test_a_number_left_by_a_crash_that_is_now_another_program_hinders_nothing(folder: Path) -> None:
    embedded.ensure_running(folder)
    pid_file = Postgres((folder / "postgres").resolve()).data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    embedded.stop(folder)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    embedded.ensure_running(folder)

    assert embedded.is_running(folder)


def test_a_port_taken_meanwhile_is_given_up(folder: Path) -> None:
    embedded.ensure_running(folder)
    known = state.load(folder)
    assert known is not None
    embedded.stop(folder)
    with socket_on(known.postgres_port):
        moved = embedded.ensure_running(folder)

    assert f":{known.postgres_port}/" not in moved.database_url
    assert ask(moved.database_url, "SELECT 1") == "1"


def test_services_in_use_are_left_alone(folder: Path) -> None:
    embedded.ensure_running(folder)
    user = subprocess.Popen(
        [sys.executable, "-c", f"{START}; print('in', flush=True); input()", str(folder)],
        cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert user.stdout is not None
    user.stdout.readline()

    assert embedded.stop_if_unused(folder) is False
    assert embedded.is_running(folder)

    user.communicate(b"\n")
    assert embedded.stop_if_unused(folder) is True
    assert not embedded.is_running(folder)


def test_nobody_else_can_read_the_passwords(folder: Path) -> None:
    embedded.ensure_running(folder)

    assert (folder / "services.json").stat().st_mode & 0o077 == 0
    assert (folder / "postgres").stat().st_mode & 0o077 == 0
    assert (folder / "redis").stat().st_mode & 0o077 == 0
