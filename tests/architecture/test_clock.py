"""Does only practices/clock.py ask what time it is? ruff finds most of it, this finds the rest."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

PARTS = (
    "medspa",
    "dashboard",
    "portal",
    "api",
    "analytics",
    "reminders",
    "integrations",
    "clients",
    "cadences",
    "practices",
    "bench",
    "tests",
)
CLOCK = Path("practices/clock.py")
# What follows the dot, and what may stand before it: `datetime.now`, `datetime.datetime.now`, `timezone.now`.
BANNED = {
    "now": {"datetime", "timezone"},
    "utcnow": {"datetime"},
    "today": {"datetime", "date"},
    "localtime": {"time", "timezone"},
    "localdate": {"timezone"},
    "gmtime": {"time"},
    "time": {"time"},
    "time_ns": {"time"},
}
MODULES = {"time", "django.utils.timezone"}


def clock_uses(source: str) -> Iterator[int]:
    """Yield the line of each place that asks the machine's clock."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name, value=ast.Name(id=owner) | ast.Attribute(attr=owner)):
                if owner in BANNED.get(name, ()):
                    yield node.lineno
            case ast.ImportFrom(module=module, names=names) if module in MODULES:
                if any(alias.name in BANNED for alias in names):
                    yield node.lineno
            case ast.Attribute(attr="Now", value=ast.Name(id="functions")):
                yield node.lineno
            case ast.ImportFrom(module="django.db.models.functions", names=names):
                if any(alias.name == "Now" for alias in names):
                    yield node.lineno


def test_only_the_clock_asks_the_time() -> None:
    found = [
        f"{file.relative_to(settings.BASE_DIR)}:{line}"
        for part in PARTS
        for file in sorted((settings.BASE_DIR / part).rglob("*.py"))
        if file.relative_to(settings.BASE_DIR) != CLOCK
        for line in clock_uses(file.read_text())
    ]

    assert found == [], "take `now` as an argument, or call practices.clock.now at the edge"


def test_the_clock_itself_is_found() -> None:
    assert list(clock_uses((settings.BASE_DIR / CLOCK).read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as d\nd.date.today()",
        "import time\ntime.time()",
        "from time import time\ntime()",
        "from django.utils import timezone\ntimezone.now()",
        "from django.utils.timezone import now\nnow()",
        "from django.utils.timezone import localtime as there\nthere()",
        "from django.db.models.functions import Now",
        "created_at = DateTimeField(default=timezone.now)",
    ],
)
def test_every_way_to_ask_the_time_is_found(source: str) -> None:
    assert list(clock_uses(source))


@pytest.mark.parametrize(
    "source", ["clock.now()", "time.monotonic()", "time(9, 0)", "from datetime import time", "x.now"]
)
def test_what_asks_no_clock_is_allowed(source: str) -> None:
    assert not list(clock_uses(source))
