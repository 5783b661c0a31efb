"""Bob signs in, watches messages leave, opts a client out: with a keyboard, without script, in Chromium."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders.browser import CHROMIUM, PATIENCE_MS, opened
from tests.builders.practices import PASSWORD
from tests.builders.reminders import planned, sent
from tests.builders.story import Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


def sign_in(page: Page, server: Any, email: str = "bob@example.com") -> None:
    page.goto(f"{server.url}/p/lakeview/outbox/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Messages").wait_for()


def test_bob_watches_a_message_leave_and_stops_the_next(
    chromium: Browser, live_server: Any, told: Story, time: Clock
) -> None:
    complaints: list[str] = []
    page = opened(chromium.new_context(viewport={"width": 1280, "height": 800}), complaints)
    sign_in(page, live_server)
    letters = page.locator("#letters > .letter-row")
    before = letters.count()
    assert letters.first.get_by_role("link").inner_text() == "Siobhán O’Connell"
    frame = page.locator("iframe").first
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("style", re.compile("height"), timeout=PATIENCE_MS)
    letter = page.frame_locator("iframe").first
    expect(letter.get_by_role("link", name="Choose a time")).to_be_visible(timeout=PATIENCE_MS)

    time.now = datetime.fromisoformat("2026-11-30T16:00:05+00:00")
    assert sent(told.lakeview, time.now) >= 1
    expect(letters).not_to_have_count(before, timeout=PATIENCE_MS)
    newest = letters.first
    expect(newest).to_contain_text("second reminder")
    expect(page.locator("#news")).to_contain_text("new message", timeout=PATIENCE_MS)

    page.keyboard.press("/")
    page.keyboard.type("oconn")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Siobhán O’Connell").click()
    page.get_by_role("heading", name="Siobhán O’Connell", level=1).wait_for()
    assert page.locator("#next").count() == 1
    page.locator("details.fold summary").first.click()
    assert page.locator("details[open] .bubble").first.is_visible()
    page.get_by_role("button", name="More for Siobhán O’Connell").click()
    page.get_by_role("link", name="Opt out of everything").click()
    question = page.get_by_role("dialog", name="Opt out Siobhán O’Connell")
    question.get_by_label("What the client said").fill("no more, thanks")
    question.get_by_role("button", name="Opt out of everything").click()
    page.get_by_role("status").filter(has_text="is opted out").wait_for()
    assert page.locator("li.coming").count() == 0
    assert page.locator(".state[data-is=suppressed]", has_text="Opted out").count() >= 1
    time.now += timedelta(days=10)
    planned(told.lakeview, [told.siobhan], time.now)
    sent(told.lakeview, time.now)
    with practice_scope(told.lakeview.pk):
        assert not Delivery.objects.filter(client_id=told.siobhan, attempted_at__gte=time.now).exists()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert complaints == []


def test_everything_works_without_script(chromium: Browser, live_server: Any, told: Story) -> None:
    page = chromium.new_context(viewport={"width": 375, "height": 812}, java_script_enabled=False).new_page()
    sign_in(page, live_server)
    assert page.locator("#letters > .letter-row").count() >= 5
    page.get_by_role("link", name="Texts").click()
    assert page.locator("figure.mail").count() == 0
    page.get_by_role("searchbox").fill("dana")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dana Kowalczyk").click()
    page.get_by_role("heading", name="Dana Kowalczyk", level=1).wait_for()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
