"""Bob signs in, watches messages leave, opts a client out: with a keyboard, on a phone, in both themes, in Chromium."""

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from practices import clock
from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders import story
from tests.builders.practices import PASSWORD
from tests.builders.reminders import planned, sent
from tests.builders.story import Story

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := Path("/usr/bin", name)).exists()), None)
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = ((1280, 800), (375, 812))
PATIENCE_MS = 20_000
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


class Clock:
    """The time of the story; a test moves it on."""

    def __init__(self) -> None:
        self.now = story.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving)
    return moving


@pytest.fixture
def told(transactional_db: None, time: Clock) -> Story:
    return story.tell()


@pytest.fixture
def chromium(told: Story, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would refuse the test's queries beside it.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


def opened(context: BrowserContext, complaints: list[str]) -> Page:
    """A page whose every complaint (a refused script, a broken address) is kept."""

    def keep(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", keep)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def sign_in(page: Page, server: Any, email: str = "bob@example.com") -> None:
    page.goto(f"{server.url}/p/lakeview/outbox/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Outbox").wait_for()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("rules => axe.run(document, {iframes: false, runOnly: rules})", RULES)
    return [
        f"{page.url} {each['id']}: {json.dumps([node['html'][:160] for node in each['nodes']])}"
        for each in found["violations"]
    ]


def test_bob_watches_a_message_leave_and_stops_the_next(
    chromium: Browser, live_server: Any, told: Story, time: Clock
) -> None:
    complaints: list[str] = []
    page = opened(chromium.new_context(viewport={"width": 1280, "height": 800}), complaints)
    sign_in(page, live_server)
    letters = page.locator("#letters > li")
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
    page.get_by_role("link", name="Opt out of everything").click()
    page.get_by_label("What the client said").fill("no more, thanks")
    page.get_by_role("button", name="Opt out of everything").click()
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
    assert page.locator("#letters > li").count() >= 5
    page.get_by_role("link", name="Texts").click()
    assert page.locator("figure.mail").count() == 0
    page.get_by_role("searchbox").fill("dana")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dana Kowalczyk").click()
    page.get_by_role("heading", name="Dana Kowalczyk", level=1).wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_every_page_is_accessible_and_fits_in_both_themes_and_sizes(
    chromium: Browser, live_server: Any, told: Story
) -> None:
    noor, _, dana, olivia = told.others
    addresses = [
        "/p/lakeview/outbox/",
        *(f"/p/lakeview/clients/{client_id}/" for client_id in (told.siobhan, noor, dana, olivia)),
        f"/p/lakeview/clients/{told.siobhan}/opt-out/",
        "/p/lakeview/clients/?q=o",
        "/p/lakeview/clients/?q=nobody",
        "/practices/",
        "/p/nowhere/",
    ]
    found: list[str] = []
    for theme in THEMES:
        for width, height in SIZES:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                bypass_csp=True,
            )
            page = context.new_page()
            page.goto(f"{live_server.url}/sign-in/")
            found += violations(page)
            sign_in(page, live_server)
            for address in addresses:
                page.goto(f"{live_server.url}{address}")
                for fold in page.locator("details.fold > summary").all():
                    fold.click()
                found += [f"{theme} {width}: {each}" for each in violations(page)]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide == 0, f"{address} is {wide} px too wide at {width}"
            context.close()
    assert found == []
