"""Can every email be read on a phone and a screen, in both themes, with images off, by everybody? (MSG-6)"""

import base64
import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from practices.models import Location, Practice, Provider
from reminders.engine.words import Channel
from reminders.operations.shipped_texts import SHIPPED_TEXTS
from tests.builders.browser import ARGUMENTS, AXE, CHROMIUM, THEMES, Theme, too_wide
from tests.builders.emails import LONG, as_email

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

WIDTHS = (320, 375, 600)
EMAILS = [text for text in SHIPPED_TEXTS if text.channel is Channel.EMAIL]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""What an email must keep by itself; headings and landmarks are its reader's."""
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SMALL = """() => [...document.querySelectorAll('td, p, a, img')].filter(each => {
    const style = getComputedStyle(each);
    return parseFloat(style.fontSize) < 13 && each.innerText;
}).map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, theme: Theme) -> Iterator[Page]:
    context = chromium.new_context(color_scheme=theme)
    yield context.new_page()
    context.close()


def shown(page: Page, html: str, width: int, *, has_images: bool) -> list[str]:
    """Show an email as a mailbox does; returns what it asked the network for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if has_images:
            route.fulfill(body=PICTURE, content_type="image/png")
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.set_viewport_size({"width": width, "height": 700})
    page.set_content(html)
    return asked


def wrong_for_axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", WCAG)
    return [
        f"{each['id']}: {json.dumps([node['html'][:120] for node in each['nodes']])}" for each in found["violations"]
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("detail", Practice.Detail)
def test_every_shipped_email_is_readable_and_fits(page: Page, theme: Theme, detail: Practice.Detail) -> None:
    wrong = []
    for text in EMAILS:
        if text.detail != detail:
            continue
        html = as_email(text).html
        for width in WIDTHS:
            asked = shown(page, html, width, has_images=False)
            name = f"{text.touchpoint} {width} {theme}"
            wrong += [f"{name}: asks for {url}" for url in asked]
            if width == 375:  # contrast and names are the same at every width
                wrong += [f"{name}: {each}" for each in wrong_for_axe(page)]
            wrong += [f"{name}: {wide} px too wide"] if (wide := too_wide(page)) else []
            wrong += [f"{name}: small words in {each}" for each in page.evaluate(SMALL)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("color", ["", "#7a2048", "#ffe680", "#000000", "#777777"])
def test_an_email_in_any_color_with_long_names_and_a_logo_can_be_read(page: Page, theme: Theme, color: str) -> None:
    practice = Practice(
        id=UUID(int=2), name=LONG, color=color, address_line=f"12345 {LONG}, Winchester-on-the-Severn, MD 21401",
        booking_url="https://lakeview.example/book", logo_url="https://lakeview.example/logo.png", phone="+13128096490",
    )  # fmt: skip
    voice = Provider(id=UUID(int=3), display_name="Dr. Maria-Alejandra Wolfeschlegelsteinhausenbergerdorff")
    html = as_email(EMAILS[0], practice, voice, Location(name=LONG)).html
    for width in WIDTHS:
        for has_images in (False, True):
            asked = shown(page, html, width, has_images=has_images)
            assert asked == ["https://lakeview.example/logo.png"]
            assert wrong_for_axe(page) == []
            assert too_wide(page) == 0
            image = page.locator("img")
            assert image.get_attribute("alt") == LONG
            box = image.bounding_box()
            assert box is not None
            assert box["width"] <= width
            assert box["height"] <= 60
            if not has_images:
                assert box["height"] >= 32, "of the name that stands for the picture less than two lines are seen"


@pytest.mark.parametrize("theme", ["light"])
def test_what_a_mailbox_lists_beside_the_subject_is_not_shown_in_the_email(page: Page, theme: Theme) -> None:
    html = as_email(EMAILS[0]).html
    shown(page, html, 375, has_images=False)
    hidden = page.locator("body > div").first
    assert not hidden.is_visible()
    assert (hidden.text_content() or "").startswith("Jordan at Lakeview Aesthetics here.")
    assert page.locator("body").inner_text().count("Jordan at Lakeview Aesthetics here.") == 1


@pytest.mark.parametrize("theme", ["light"])
def test_a_button_is_pressed_with_a_thumb_and_leads_where_the_text_part_does(page: Page, theme: Theme) -> None:
    email = as_email(EMAILS[0])
    shown(page, email.html, 375, has_images=False)
    button = page.get_by_role("link", name="Choose a time")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert str(button.get_attribute("href")) in email.text
    assert str(page.get_by_role("link", name="Unsubscribe").get_attribute("href")) in email.text


@pytest.mark.parametrize("theme", THEMES)
def test_without_its_style_sheet_an_email_keeps_its_type_and_its_button(page: Page, theme: Theme) -> None:
    """Some mailboxes take the sheet in the head away (Gmail for other providers' accounts)."""
    html = as_email(EMAILS[0]).html
    head, _, rest = html.partition("<style>")
    shown(page, head + rest.partition("</style>")[2], 375, has_images=False)
    assert too_wide(page) == 0
    assert wrong_for_axe(page) == []
    size = page.locator("p").first.evaluate("each => getComputedStyle(each).fontSize")
    assert size == "16px"
    assert (
        page.get_by_role("link", name="Choose a time").evaluate("each => getComputedStyle(each).padding") == "12px 20px"
    )
