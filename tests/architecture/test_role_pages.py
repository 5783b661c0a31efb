"""Does a page show a link, a button or a price to whom it is not for? All are walked as each role. (TEN-2)"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import Resolver404, resolve

from dashboard.views.access import NEEDS, Staff
from practices.models import Role
from practices.queries.abilities import ABILITIES, Ability
from tests.architecture.conftest import Town
from tests.builders.everything import routes_of_a_practice

OF_A_KIND = 2
"""So many addresses that differ in ids and values alone are opened; the links of all are read."""
PRICES = re.compile(r"\$|\bUSD\b|\b(?:336|750)(?:\.00)?\b")
"""The sign, and the amounts that clients of the story paid."""
ASKS = ("href", "src", "action", "formaction", "hx-get", "hx-post")
CLIENT = ("dashboard:client",)
ANSWERS = {200, 204, 302, 405}
"""405: a form's address, which takes no questions but what is sent to it."""
FOUND_AT_LEAST = 30


@dataclass
class Read(HTMLParser):
    """What a page offers, and the words that it shows."""

    offered: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            self.offered += [value for name, value in attrs if name in ASKS and value]
        self.words += [value for name, value in attrs if name in ("aria-label", "title", "alt", "value") and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody got it. `found_on`: the page that led there."""

    address: str
    found_on: str
    status: int
    offered: list[str]
    text: str


def walk(browser: Browser, starts: list[str]) -> Iterator[Page]:
    """Open these pages, and everything that they and the pages behind them offer, a few of each kind."""
    waiting, known = [(each, "") for each in starts], set(starts)
    opened = Counter(kind_of(each) for each in starts if kind_of(each) != CLIENT)
    while waiting:
        address, found_on = waiting.pop(0)
        page = get(browser, address, found_on)
        yield page
        for each in page.offered:
            if each not in known and opened[kind_of(each)] < OF_A_KIND:
                opened[kind_of(each)] += 1
                waiting.append((each, address))
            known.add(each)


def get(browser: Browser, address: str, found_on: str) -> Page:
    response = browser.get(address)
    body = b"".join(response) if response.streaming else response.content
    offered = [response["Location"]] if response.status_code == 302 else []
    text = body.decode()
    if response.headers.get("Content-Type", "").startswith("text/html"):
        read = Read()
        read.feed(text)
        offered += read.offered
        text = " ".join(read.words)
    ours = (urljoin(address, each).split("#")[0] for each in offered)
    pages = [each for each in ours if each.startswith("/") and not each.startswith("/static/")]
    return Page(address, found_on, response.status_code, pages, text)


def kind_of(address: str) -> tuple[str, ...]:
    """Addresses of one kind differ in ids and values alone."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return (parts.path,)
    return (found.view_name, *sorted(parse_qs(parts.query)))


def is_shut(address: str, role: Role) -> bool:
    """Whether a link or a form leads nowhere, or to what the role may not: asked of the view behind it."""
    try:
        needs = getattr(resolve(urlsplit(address).path).func, NEEDS, None)
    except Resolver404:
        return True
    return needs is not None and needs not in ABILITIES[role]


def starts_of(town: Town, role: Role) -> list[str]:
    """The clients of the story, and every address that the role may open."""
    people = [town.told.siobhan, *town.told.others, town.mine["client_id"]]
    routes = [each for each in routes_of_a_practice() if getattr(each.view, NEEDS) in ABILITIES[role]]
    return [
        *(f"/p/lakeview/clients/{each}/" for each in people),
        *(each.address("lakeview", town.mine) for each in routes if each.name != "client"),
    ]


@pytest.mark.parametrize("role", list(Role))
def test_everything_a_page_offers_opens_for_who_sees_it(town: Town, role: Role) -> None:
    starts = starts_of(town, role)
    pages = list(walk(town.browser(role), starts))
    shut = {f"{page.address} offers {each}" for page in pages for each in page.offered if is_shut(each, role)}
    dead = [f"{page.found_on} led to {page.address}: {page.status}" for page in pages if page.status not in ANSWERS]
    assert not shut, "\n".join(sorted(shut))
    assert not dead, "\n".join(dead)
    assert len(pages) >= len(starts) + FOUND_AT_LEAST
    priced = {page.address for page in pages if PRICES.search(page.text)}
    if role == Role.FRONT_DESK:
        assert not priced
    else:
        assert f"/p/lakeview/clients/{town.told.siobhan}/" in priced


def test_a_page_that_forgets_to_ask_who_reads_it_would_be_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Staff, "may", frozenset(Ability))
    bob = town.browser(Role.FRONT_DESK)
    page = get(bob, f"/p/lakeview/clients/{town.told.siobhan}/", "")
    assert {each for each in page.offered if is_shut(each, Role.FRONT_DESK)} >= {
        "/p/lakeview/audit/", "/p/lakeview/settings/", "/p/lakeview/team/", "/p/lakeview/services/",
    }  # fmt: skip
    assert set(PRICES.findall(page.text)) == {"$", "336", "750"}
    assert any(is_shut(each, Role.FRONT_DESK) for each in get(bob, "/p/lakeview/suppressions/", "").offered)
