"""What did medspa say of itself? Read from the standard library's records, through which every event goes."""

from typing import Any

import pytest

_ADDED = frozenset({"event", "level", "logger", "timestamp"})


def logged(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    """What was said with each event of this name, without its name and what every event carries."""
    said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [{name: each[name] for name in each.keys() - _ADDED} for each in said if each.get("event") == event]
