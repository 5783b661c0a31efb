"""Does each due message arrive once while workers are killed, Redis is emptied and PostgreSQL crashes? (CHN-3)

A small storm; `make chaos` plays twenty with 2,000 messages each.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SMALL = ("--rounds", "1", "--messages", "150", "--storm-seconds", "10")
MOST_SECONDS = 600


@pytest.mark.slow
def test_each_message_arrives_exactly_once_in_a_storm() -> None:
    storm = subprocess.Popen(
        [sys.executable, "-m", "tests.load.chaos", *SMALL],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE", "REDIS"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = storm.communicate(timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        storm.terminate()  # it stops what it started; killed, it could not
        said, _ = storm.communicate(timeout=60)
        pytest.fail(f"The storm did not end:\n{said}")
    finally:
        storm.kill()
    assert storm.returncode == 0, said
    assert "150 due" in said
