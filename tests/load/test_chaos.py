"""Does each due message arrive once while workers are killed, Redis is emptied and PostgreSQL crashes? (CHN-3)

A small storm; `make chaos` plays twenty with 2,000 messages each.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SMALL = ("--rounds", "1", "--messages", "150", "--storm-seconds", "10")


@pytest.mark.slow
def test_each_message_arrives_exactly_once_in_a_storm() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.load.chaos", *SMALL],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE", "REDIS"))},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "150 due" in ended.stdout
