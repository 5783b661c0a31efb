"""Does one command start everything, and one signal end it? [OPS-1]"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from medspa import embedded
from medspa.embedded.state import free_port, is_taken

LOCAL = (
    ".git",
    ".venv",
    "var",
    "node_modules",
    "staticfiles",
    ".env",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
)
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE")


class Demo:
    """`manage.py demo` in a checkout, and what it has printed."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.port = port
        self.checkout = checkout
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--days", "1"],
            cwd=checkout,
            env={name: value for name, value in os.environ.items() if name not in OWN} | {"PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_it_says(self, words: str) -> str:
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"The demo ended with {self.process.wait()}:\n{said}")

    def wait_until_it_ends(self) -> str:
        said, _ = self.process.communicate(timeout=90)
        return said

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of the checkout without anything it has made for itself."""
    copy = tmp_path / "medspa"
    shutil.copytree(settings.BASE_DIR, copy, ignore=shutil.ignore_patterns(*LOCAL))
    (copy / "node_modules").symlink_to(settings.BASE_DIR / "node_modules")
    yield copy
    embedded.stop(copy / "var")


@pytest.fixture
def start_demo(checkout: Path) -> Iterator[Callable[[int], Demo]]:
    """Starts demos in the checkout; none outlives the test."""
    with ExitStack() as stack:

        def start(port: int) -> Demo:
            demo = Demo(checkout, port)
            stack.callback(demo.process.communicate, timeout=60)
            stack.callback(demo.process.terminate)
            return demo

        yield start


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "Ctrl-C"])
def test_the_demo_serves_until_it_is_told_to_stop_and_leaves_nothing_behind(
    checkout: Path, start_demo: Callable[[int], Demo], number: int
) -> None:
    demo = start_demo(free_port())
    said = demo.wait_until_it_says("Ctrl-C stops everything")

    assert f"medspa runs at http://127.0.0.1:{demo.port}/" in said
    assert demo.status() < 500

    second = start_demo(free_port())
    assert f"The demo runs already, at http://127.0.0.1:{demo.port}/" in second.wait_until_it_ends()
    assert second.process.returncode == 1

    code, last = demo.end(number)

    assert code == 0, last
    assert not is_taken(demo.port)
    assert not embedded.is_running(checkout / "var")


@pytest.mark.slow
def test_a_taken_port_is_named_with_the_way_out(start_demo: Callable[[int], Demo]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        demo = start_demo(other.getsockname()[1])
        said = demo.wait_until_it_ends()

    assert f"Port {demo.port} is in use by another program" in said
    assert "make demo PORT=" in said
    assert demo.process.returncode == 1


@pytest.mark.slow
def test_a_program_that_dies_ends_the_demo_with_its_last_words(
    checkout: Path, start_demo: Callable[[int], Demo]
) -> None:
    (checkout / "medspa" / "web.py").write_text("raise RuntimeError('no web today')\n")
    demo = start_demo(free_port())
    said = demo.wait_until_it_ends()

    assert "web ended by itself" in said
    assert "no web today" in said
    assert demo.process.returncode == 1
    assert not embedded.is_running(checkout / "var")
