"""Is every page accessible, quiet, still, and as wide as the window? Each that the resolver knows, in both themes."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.architecture.test_outsiders import routes
from tests.builders.addresses import fill_up, filled, ids_of
from tests.builders.browser import CHROMIUM, PHONE, THEMES, WIDE, Theme, context_of, opened, too_wide, violations
from tests.builders.story import Story

MOST_SHIFT = 0.05
SHIFTED = """() => new Promise(answer => {
    let shifted = 0;
    new PerformanceObserver(list => {
        for (const each of list.getEntries()) if (!each.hadRecentInput) shifted += each.value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => answer(shifted)));
})"""
# Not a page of ours: an email by itself, shown in a frame; and what a token in a link opens (their own tests).
LEFT_OUT = re.compile(
    r"/letter/$|^[bu]/|^webhooks/|^health/|^metrics/|^admin/|^confirm-email/<|reset-password/\(|^join/"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@dataclass(frozen=True)
class Found:
    """One page: the route it came from, an address that opens it, and whether one must have signed in."""

    route: str
    address: str
    is_open: bool


def pages(told: Story, ids: dict[str, list[Any]]) -> list[Found]:
    """Every whole page that Alice can open by its address, and those that are open to everybody."""
    stranger, alice = Client(), Client()
    alice.force_login(told.alice.person)
    found, shut = [], []
    for route in routes():
        if LEFT_OUT.search(route):
            continue
        statuses = set()
        for address in filled(route, ids):
            is_open = is_page(stranger, address) == 200
            status = 200 if is_open else is_page(alice, address)
            statuses.add(status)
            if status == 200:
                found.append(Found(route, address, is_open))
                break
        else:
            if route.startswith("p/") and not statuses & {204, 302, 405, -1}:
                shut.append(f"{route}: {statuses}")
    assert not shut, f"No row of the story opens {shut}: add what they are about to fill_up() or ids_of()."
    return found


def is_page(browser: Client, address: str) -> int:
    """The status; -1 for what is no whole page: a part of one, a file."""
    response = browser.get(address)
    if response.status_code != 200:
        return int(response.status_code)
    if response.streaming or "attachment" in response.headers.get("Content-Disposition", ""):
        return -1
    return 200 if b"<html" in response.content else -1


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_is_accessible_quiet_still_and_fits(
    chromium: Browser, live_server: Any, told: Story, theme: Theme
) -> None:
    fill_up(told)
    everything = pages(told, ids_of(told))
    assert len(everything) >= 20
    # Axe looks at each theme in one size; that it fits is looked at in both.
    sizes = (WIDE, PHONE) if theme == "light" else (PHONE, WIDE)
    complaints: list[str] = []
    wrong: list[str] = []
    tabs: dict[bool, Page] = {}
    for is_open in (True, False):
        person = None if is_open else told.alice.person
        context = context_of(chromium, live_server.url, person, sizes[0], theme, bypass_csp=True)
        tabs[is_open] = opened(context, complaints)
    for each in everything:
        page = tabs[each.is_open]
        page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        page.goto(f"{live_server.url}{each.address}")
        page.evaluate("document.fonts.ready")
        wrong += look_at(page, each)
        wrong += violations(page)
        page.set_viewport_size({"width": sizes[1][0], "height": sizes[1][1]})
        if wide := too_wide(page):
            wrong.append(f"{each.address} is {wide} px too wide at {sizes[1][0]}")
        wrong += [f"{each.address} complains: {words}" for words in complaints]
        complaints.clear()
    assert not wrong, "\n".join(wrong)


def look_at(page: Page, each: Found) -> list[str]:
    """What does not need axe: one heading, nothing moves, nothing sticks out."""
    wrong = []
    if (heads := page.locator("h1:not(.specimen h1)").count()) != 1:
        wrong.append(f"{each.address} has {heads} first headings")
    if wide := too_wide(page):
        wrong.append(f"{each.address} is {wide} px too wide")
    if (shifted := page.evaluate(SHIFTED)) > MOST_SHIFT:
        wrong.append(f"{each.address} moved by {shifted:.3f} while it came")
    return wrong
