"""What does a page's test start from? The story of Lakeview, told once for each test that asks."""

from collections.abc import Callable

import pytest
import redis
from django.conf import settings
from django.test import Client as Browser

from practices import clock
from practices.models import StaffMember
from tests.builders import story
from tests.builders.story import Story

SignIn = Callable[[StaffMember], Browser]


@pytest.fixture
def told(db: None, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Lakeview on November 24, 2026, 1:42 pm."""
    lakeview_told = story.tell()
    monkeypatch.setattr(clock, "now", lambda: story.NOW)
    return lakeview_told


@pytest.fixture
def signed_in() -> SignIn:
    """A browser in which this member has signed in."""

    def sign_in(member: StaffMember) -> Browser:
        browser = Browser()
        browser.force_login(member.person)
        return browser

    return sign_in


@pytest.fixture(autouse=True)
def no_attempts() -> None:
    """Nobody has tried to sign in yet."""
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.flushdb()
