"""Dana signs up with a practice and asks Erin to join, as people do it: letters, links and forms, in Chromium."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page

from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.operations.outlook import work_out
from tests.builders.browser import CHROMIUM, PHONE, THEMES, WIDE, context_of, opened, too_wide, violations
from tests.builders.story import NOW, Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

LETTER_LINK = re.compile(r"https?://\S+")
PASSWORD = "a garden of quiet stones"


def last_link(letters: list[EmailMessage], server: Any) -> str:
    found = LETTER_LINK.search(str(letters[-1].body))
    assert found
    return f"{server.url}{urlsplit(found[0]).path}"


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder, f"{name}.png")), full_page=True)


def test_from_signing_up_to_a_team_of_two(
    chromium: Browser, live_server: Any, told: Story, mailoutbox: list[EmailMessage]
) -> None:
    complaints: list[str] = []
    url = live_server.url
    dana = opened(context_of(chromium, url), complaints)
    dana.goto(f"{url}/sign-in/")
    dana.get_by_role("link", name="Sign up with your practice").click()
    dana.get_by_label("Your name").fill("Dana Ríos")
    dana.get_by_role("textbox", name="Practice").fill("Río Skin")
    dana.get_by_label("Time zone").select_option(label="Mountain (Denver)")
    dana.get_by_label("Email").fill("dana@example.com")
    dana.get_by_label("Password").fill(PASSWORD)
    dana.get_by_role("button", name="Sign up").click()
    dana.get_by_role("heading", name="Open the letter we sent").wait_for()
    dana.goto(last_link(mailoutbox, live_server))
    dana.get_by_role("button", name="Confirm the address").click()
    dana.get_by_role("heading", name="First steps").wait_for()
    shot(dana, "start")

    dana.get_by_role("link", name="Invite somebody").click()
    dana.get_by_role("textbox", name="Email").fill("erin@example.com")
    dana.get_by_label("Role").select_option(label="Injector")
    dana.get_by_role("button", name="Send the invitation").click()
    dana.get_by_role("heading", name="Asked to join").wait_for()
    shot(dana, "team_asked")

    erin = opened(context_of(chromium, url, size=PHONE), complaints)
    erin.goto(last_link(mailoutbox, live_server))
    erin.get_by_role("heading", name="Join Río Skin").wait_for()
    shot(erin, "join")
    erin.get_by_label("Your name").fill("Erin")
    erin.get_by_label("Password").fill(PASSWORD)
    erin.get_by_role("button", name="Join Río Skin").click()
    erin.wait_for_url("**/p/rio-skin/**")

    dana.reload()
    dana.get_by_role("link", name="Change the access of Erin").click()
    dana.get_by_label("Front desk").check()
    shot(dana, "team_member")
    dana.get_by_role("button", name="Change the role").click()
    dana.get_by_text("Erin is front desk now.").wait_for()
    assert complaints == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_the_pages_are_sound_in_both_themes_and_sizes(
    chromium: Browser, live_server: Any, told: Story, theme: Any, size: tuple[int, int]
) -> None:
    complaints: list[str] = []
    url = live_server.url
    kind = f"{theme}_{size[0]}"
    told.alice.person.is_staff = True
    told.alice.person.save()
    with practice_scope(told.lakeview.pk):
        Practice.objects.update(status=Practice.Status.SETUP)
    work_out(told.lakeview.pk, NOW)
    stranger = opened(context_of(chromium, url, size=size, theme=theme, bypass_csp=True), complaints)
    alice = opened(context_of(chromium, url, told.alice.person, size, theme, bypass_csp=True), complaints)
    pages = [
        (stranger, "/sign-in/"),
        (stranger, "/sign-up/"),
        (stranger, "/confirm-email/"),
        (stranger, "/reset-password/"),
        (stranger, "/reset-password/sent/"),
        (alice, "/practices/"),
        (alice, "/practices/new/"),
        (alice, "/account/"),
        (alice, "/operator/letters/"),
        (alice, "/p/lakeview/start/"),
        (alice, "/p/lakeview/consent/"),
        (alice, "/p/lakeview/go-live/"),
        (alice, "/p/lakeview/team/"),
        (alice, f"/p/lakeview/team/{told.bob.pk}/"),
        (alice, f"/p/lakeview/team/{told.bob.pk}/remove/"),
    ]
    found: list[str] = []
    for page, path in pages:
        page.goto(f"{url}{path}")
        found += violations(page)
        assert too_wide(page) <= 0, path
        shot(page, f"{kind}{path.replace('/', '_')}")
    stranger.goto(f"{url}/sign-up/")
    stranger.get_by_role("button", name="Sign up").click()
    stranger.get_by_text("Enter your name.").wait_for()
    found += violations(stranger)
    shot(stranger, f"{kind}_sign_up_wrong")
    assert found == []
    assert complaints == []
