"""How does a test look at a page as a person does? In the system's Chromium, signed in, with axe beside it."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from practices.models import OperatorLetter, Person
from tests.builders.practices import PASSWORD

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := Path("/usr/bin", name)).exists()), None)
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = (1280, 800), (375, 812)
PATIENCE_MS = 20_000
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def opened(context: BrowserContext, complaints: list[str]) -> Page:
    """A page whose every complaint (a refused script, a broken address) is kept."""

    def keep(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", keep)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def context_of(
    chromium: Browser,
    url: str,
    person: Person | None = None,
    size: tuple[int, int] = WIDE,
    theme: Theme = "light",
    **more: Any,
) -> BrowserContext:
    """A browser's window in which the person has signed in, without the detour of doing it."""
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme, **more)
    if person is not None:
        django = Client()
        django.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": django.cookies[name].value, "url": url}])
    return context


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice. The context needs `bypass_csp=True`."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {iframes: false, runOnly: rules})", RULES)
    return [
        f"{page.url} {each['id']}: {json.dumps([node['html'][:160] for node in each['nodes']])}"
        for each in found["violations"]
    ]


def too_wide(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


class Windows:
    """The windows of one journey. `complaints`: what any of them said on its console."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self._chromium = chromium
        self._url = url
        self.complaints: list[str] = []

    def open(self, person: Person | None = None, size: tuple[int, int] = WIDE, **more: Any) -> Page:
        """A window; of somebody who has signed in, if one is named. A phone's is touched."""
        more = {"has_touch": True, "is_mobile": True} | more if size == PHONE else more
        context = context_of(self._chromium, self._url, person, size, base_url=self._url, **more)
        context.set_default_timeout(PATIENCE_MS)
        return opened(context, self.complaints)

    def refused(self, page: Page, path: str, status: int) -> Locator:
        """Ask for a page that is not given; returns what the window shows instead."""
        with self.said_with(page, status):
            response = page.goto(path)
        assert response is not None
        assert response.status == status, path
        return page.locator("main")

    @contextmanager
    def said_with(self, page: Page, status: int) -> Iterator[None]:
        """What is done within is answered with this status, of which the console may speak."""
        with page.expect_event("console", lambda message: f"status of {status}" in message.text):
            yield
        assert f"status of {status}" in self.complaints.pop()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the form for signing in, where the page shows it, and send it with the Enter key."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")


def find(page: Page, words: str) -> None:
    """Search from anywhere: one key, the words, Enter. The page's scripts must have come for the key to work."""
    page.wait_for_load_state()
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def posted_link(to: str) -> str:
    """The path behind the link in the newest letter of the operator's outbox to this address."""
    letter = OperatorLetter.objects.filter(to=to).order_by("-written_at", "-pk").first()
    assert letter is not None, "no letter was written"
    found = re.search(r"https?://\S+", letter.text)
    assert found, letter.text
    return urlsplit(found[0]).path


def toast(page: Page, words: str | re.Pattern[str]) -> Locator:
    """What was just done, as the page says it."""
    said = page.locator("#toasts [role=status]").filter(has_text=words)
    expect(said).to_be_visible()
    return said


def figures(page: Page) -> dict[str, int]:
    """The sum that a page shows: its words and numbers."""
    rows = page.locator("dl.sum > div")
    expect(rows).to_have_count(5)
    words = rows.locator("dt").all_inner_texts()
    numbers = rows.locator("dd").all_inner_texts()
    return {word.lower(): int(number.replace(",", "")) for word, number in zip(words, numbers, strict=True)}


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in the folder that SHOTS names, for people to look at."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder, f"{name}.png")), full_page=True)
