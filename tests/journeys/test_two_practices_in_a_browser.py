"""Nadia works in two practices: she switches, and neither shows what is the other's."""

import re

import pytest
from playwright.sync_api import expect

from practices.models import Role, StaffMember
from practices.tenancy import practice_scope
from reminders.models import Call, Delivery, Reminder
from tests.builders import story
from tests.builders.browser import CHROMIUM, PHONE, Windows, shot, sign_in, toast
from tests.builders.practices import person
from tests.builders.story import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@pytest.fixture
def both(told: Story) -> Story:
    """Nadia manages Lakeview and works the front desk of Hilltop, where Quinn is a client."""
    nadia = person("Nadia Haddad", "nadia@example.com")
    for practice, role in ((told.lakeview, Role.MANAGER), (told.hilltop, Role.FRONT_DESK)):
        with practice_scope(practice.pk):
            StaffMember.objects.create(practice=practice, person=nadia, role=role)
    story.client(told.hilltop, "Quinn", "Adebayo", 777)
    return told


def test_a_person_switches_and_each_practice_shows_its_own(windows: Windows, both: Story) -> None:
    page = windows.open()
    page.goto("/")
    sign_in(page, "nadia@example.com")
    expect(page.get_by_role("heading", name="Your practices")).to_be_visible()
    shot(page, "two_1_choice")
    page.get_by_role("link", name=re.compile("^Lakeview Aesthetics")).click()
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Settings")).to_be_visible()
    page.get_by_role("link", name="Clients", exact=True).click()
    expect(page.get_by_role("link", name="Siobhán O’Connell")).to_be_visible()
    expect(page.get_by_text("Quinn Adebayo")).to_have_count(0)
    page.get_by_role("button", name="Lakeview Aesthetics").click()
    shot(page, "two_2_switcher")
    page.get_by_role("link", name=re.compile("^Hilltop Skin")).click()
    expect(page).to_have_url(re.compile("/p/hilltop/today/$"))
    expect(menu.get_by_role("link", name="Settings")).to_have_count(0)
    page.get_by_role("link", name="Clients", exact=True).click()
    expect(page.get_by_role("link", name="Quinn Adebayo")).to_be_visible()
    expect(page.get_by_text("Siobhán")).to_have_count(0)
    page.get_by_role("searchbox", name="Find a client by name, phone or email").first.fill("siobhan")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody of that name, phone or email.")).to_be_visible()
    shot(page, "two_3_nobody")
    windows.refused(page, f"/p/hilltop/clients/{both.siobhan}/", 404)


def test_a_neighbor_finds_nothing_at_any_address(windows: Windows, both: Story) -> None:
    with practice_scope(both.lakeview.pk):
        reminder = Reminder.objects.filter(state="planned").order_by("pk")[0]
        delivery, call = Delivery.objects.order_by("pk")[0], Call.objects.order_by("pk")[0]
    page = windows.open(both.charlie.person)
    for practice in ("lakeview", "hilltop"):
        for path in (
            f"clients/{both.siobhan}/",
            f"clients/{both.siobhan}/opt-out/",
            f"reminders/{reminder.pk}/move/",
            f"outbox/{delivery.pk}/letter/",
            f"calls/{call.pk}/",
            f"team/{both.bob.pk}/",
        ):
            shown = windows.refused(page, f"/p/{practice}/{path}", 404)
            expect(shown).to_contain_text("Nothing is at this address")
            expect(page.locator("body")).not_to_contain_text("Siobhán")
    shot(page, "two_4_not_found")
    page.get_by_role("link", name="Go to the first page").click()
    expect(page).to_have_url(re.compile("/p/hilltop/today/$"))


def test_ending_another_session_signs_that_browser_out(windows: Windows, told: Story) -> None:
    phone, desk = windows.open(size=PHONE), windows.open()
    for page in (phone, desk):
        page.goto("/")
        sign_in(page, "alice@example.com")
        expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    desk.get_by_role("link", name=re.compile("^Alice")).click()
    sessions = desk.get_by_role("region", name="Where you are signed in")
    expect(sessions.get_by_role("listitem")).to_have_count(2)
    shot(desk, "two_5_sessions")
    sessions.get_by_role("listitem").get_by_role("button").click()
    toast(desk, re.compile("signed out"))
    expect(sessions.get_by_role("listitem")).to_have_count(1)
    phone.get_by_role("link", name="Clients", exact=True).tap()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    desk.goto("/p/lakeview/clients/")
    expect(desk.get_by_role("heading", name="Clients", level=1)).to_be_visible()
