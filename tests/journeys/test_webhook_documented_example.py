"""Does what docs/webhooks.md tells a stranger to run really work, against a real server?"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from integrations.models import InboundEvent
from tests.builders.integrations import Sender, sender
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(settings.BASE_DIR, "docs", "webhooks.md").read_text()


def example(language: str) -> str:
    [block] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


@pytest.fixture
def records() -> Sender:
    return sender(lakeview())


@pytest.fixture
def environment(records: Sender, live_server: Any) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "MEDSPA_URL": f"{live_server.url}{records.path}",
        "MEDSPA_SECRET": records.opened.secret,
    }


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_posts_a_booking(records: Sender, environment: dict[str, str]) -> None:
    printed = run([sys.executable, "-c", example("python")], environment)
    [kept] = records.stored()
    assert printed == f"202 {{'id': '{kept.webhook_id}', 'status': 'accepted'}}\n"
    assert (kept.type, kept.state) == ("appointment.booked", InboundEvent.State.RECEIVED)


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl") and shutil.which("bash")),
    reason="This machine has no curl, openssl or bash to run the example with.",
)
def test_the_shell_example_posts_a_cancellation(records: Sender, environment: dict[str, str]) -> None:
    printed = run(["bash", "-euo", "pipefail", "-c", example("bash")], environment)
    [kept] = records.stored()
    assert f'"id": "{kept.webhook_id}"' in printed
    assert (kept.type, kept.state) == ("appointment.cancelled", InboundEvent.State.RECEIVED)


def test_the_page_names_every_type_and_the_limit() -> None:
    from integrations.pms.generic import READERS
    from integrations.webhooks.inbox import MOST_BYTES

    assert all(f"`{kind}`" in PAGE for kind in READERS)
    assert f"{MOST_BYTES:,}" in PAGE
