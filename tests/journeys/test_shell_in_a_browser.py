"""Do keys, dialogs, toasts and failures behave for whoever cannot see, point or wait? In Chromium."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders.browser import CHROMIUM, PHONE, context_of, opened, too_wide
from tests.builders.story import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, live_server: Any, told: Story, complaints: list[str]) -> Page:
    return opened(context_of(chromium, live_server.url, told.bob.person, base_url=live_server.url), complaints)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


def test_keys_lead_to_pages_but_not_while_somebody_types(page: Page, told: Story, complaints: list[str]) -> None:
    page.goto("/p/lakeview/outbox/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/p/lakeview/clients/")
    page.keyboard.press("/")
    page.keyboard.type("go?/")
    assert page.get_by_role("searchbox", name="Find a client by name, phone or email").first.input_value() == "go?/"
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert complaints == []


def test_single_keys_can_be_switched_off_for_good(page: Page, told: Story) -> None:
    page.goto("/p/lakeview/clients/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    keys.get_by_label("Keys work on their own").uncheck()
    keys.get_by_role("button", name="Close the list").click()
    expect(keys).to_be_hidden()
    page.reload()
    for key in ("?", "g", "o", "/"):
        page.keyboard.press(key)
    expect(keys).to_be_hidden()
    expect(page).to_have_url(re.compile("/clients/$"))
    assert focused(page) != "q"
    page.get_by_role("button", name="Keys").click()
    keys.get_by_label("Keys work on their own").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert focused(page) == "q"


def test_a_question_opens_over_the_page_and_gives_the_focus_back(
    page: Page, told: Story, complaints: list[str]
) -> None:
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    link = page.get_by_role("link", name="Write a note")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("each => each.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == "Write a note"
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.locator("textarea").fill("Asked for Jordan, not Pat.")
    dialog.locator("button[type=submit]").click()
    page.wait_for_url(f"**/clients/{told.siobhan}/**")
    expect(page.locator(".timeline")).to_contain_text("Asked for Jordan, not Pat.")
    assert complaints == []


def test_what_was_done_is_said_and_can_be_undone(page: Page, told: Story) -> None:
    page.clock.install()
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    coming = page.locator("li.coming").count()
    page.locator("#next").get_by_role("button", name=re.compile("^Skip")).click()
    toast = page.get_by_role("status").filter(has_text=re.compile("[Ss]kipped"))
    expect(toast).to_be_visible()
    page.clock.fast_forward(60_000)
    expect(toast).to_be_visible()  # an action that waits for an answer does not run away
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("li.coming")).to_have_count(coming)
    told_so = page.get_by_role("status").filter(has_text=re.compile(r"\S")).first
    if told_so.get_by_role("button", name="Undo").count() == 0:
        page.clock.fast_forward(9_000)
        expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_part_that_does_not_come_says_so_and_is_asked_for_again(page: Page, told: Story) -> None:
    page.goto("/p/lakeview/outbox/")
    page.route("**/outbox/newer/**", lambda route: route.abort())
    alert = page.get_by_role("alert").filter(has_text="could not be loaded")
    expect(alert).to_be_visible(timeout=20_000)
    page.unroute("**/outbox/newer/**")
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_have_count(0)


def test_a_session_that_ended_leads_to_signing_in_and_not_into_a_part_of_the_page(page: Page, told: Story) -> None:
    page.goto("/p/lakeview/outbox/")
    page.context.clear_cookies()
    page.wait_for_url(re.compile("/sign-in/"), timeout=20_000)
    expect(page.locator("#letters")).to_have_count(0)


def test_paper_gets_the_page_without_what_is_pressed(page: Page, told: Story) -> None:
    page.goto("/p/lakeview/calls/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for part in (".side", "#toasts", ".skip-link"):
        expect(page.locator(part)).to_be_hidden()


def test_a_phone_reaches_every_page_through_more(
    chromium: Browser, live_server: Any, told: Story, complaints: list[str]
) -> None:
    context = context_of(chromium, live_server.url, told.alice.person, PHONE, base_url=live_server.url, has_touch=True)
    page = opened(context, complaints)
    page.goto("/p/lakeview/clients/")
    page.get_by_role("button", name=re.compile("^More")).tap()
    page.get_by_role("link", name="Suppression list").tap()
    page.wait_for_url("**/suppressions/")
    assert too_wide(page) == 0
    small = page.evaluate(
        "[...document.querySelectorAll('.menu a, .menu-more, main .button:not(.text), main .input')]"
        ".map(each => [each.textContent || each.name, each.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && Math.min(box.width, box.height) < 24).map(([words]) => words)"
    )
    assert small == []
    assert complaints == []
