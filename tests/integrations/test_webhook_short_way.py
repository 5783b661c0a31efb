"""Do webhooks pass by what only browsers need, and nothing else with them?"""

from typing import Any

import pytest

from tests.builders.integrations import booked, sender, silence
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db
SHORT_WAY = "integrations.webhooks.short_way.ShortWay"


@pytest.fixture(autouse=True)
def _short_way(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)
    others = [name for name in settings.MIDDLEWARE if name != SHORT_WAY]
    place = others.index("django.middleware.security.SecurityMiddleware") + 1
    settings.MIDDLEWARE = [*others[:place], SHORT_WAY, *others[place:]]


def test_a_webhook_is_answered_without_cookies_or_policies() -> None:
    records = sender(lakeview())
    answer = records.post(booked())
    assert answer.status_code == 202
    assert int(answer["Content-Length"]) == len(answer.content)
    assert not answer.cookies
    assert not answer.has_header("Content-Security-Policy")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert records.browser.post(records.path).status_code == 401


def test_addresses_that_are_none_go_the_long_way(client: Any) -> None:
    for path in ("/webhooks/", "/webhooks/elsewhere/", "/nowhere/"):
        answer = client.post(path)
        assert answer.status_code == 404
        assert answer.has_header("Content-Security-Policy")
