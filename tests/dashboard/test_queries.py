"""Does every page of a practice ask the database no more often with a thousand rows than with a few?"""

import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from tests.architecture.test_outsiders import routes
from tests.builders import crowd, story
from tests.builders.story import Story

FEW, MANY = 10, 1000
PAGES = [route for route in routes() if route.startswith("p/<slug:slug>/")]
"""Of a practice; those that only take a form answer 405 and ask nothing."""


def address(route: str, ids: Mapping[str, object]) -> str:
    """The route with the practice's own ids; what it has no id for leads to an unknown one."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(ids.get(match[1], uuid7())), route)


def asked(browser: Browser, url: str) -> tuple[int, list[str]]:
    """The status of a page, and what it asks once everything that is kept in memory is kept."""
    browser.get(url)
    with CaptureQueriesContext(connection) as caught:
        response = browser.get(url)
        if response.streaming:
            list(response)
    return response.status_code, [each["sql"] for each in caught]


@pytest.fixture
def browser(told: Story) -> Browser:
    signed_in = Browser()
    signed_in.force_login(told.alice.person)
    return signed_in


def test_no_page_asks_more_often_with_a_thousand_rows_than_with_a_few(told: Story, browser: Browser) -> None:
    ids = {
        "slug": "lakeview",
        "type_slug": "botox",
        "gateway_key": "twilio_sms",
        **crowd.gather(told.lakeview, FEW, story.NOW),
    }
    before = {route: asked(browser, address(route, ids)) for route in PAGES}
    crowd.gather(told.lakeview, MANY, story.NOW, FEW)
    more = []
    for route, (status, queries) in before.items():
        then, later = asked(browser, address(route, ids))
        if then != status or len(later) > len(queries):
            extra = "\n  ".join(each[:160] for each in later if each not in queries)
            more.append(f"{route}: {status} with {len(queries)} queries, then {then} with {len(later)}:\n  {extra}")
    assert not more, "\n".join(more)
    shown = [route for route, (status, _) in before.items() if status == 200]
    assert "p/<slug:slug>/clients/" in shown
    assert len(shown) >= 15
