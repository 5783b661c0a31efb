"""Jordan looks after clients from a phone, between two treatments: what may an injector see and do?"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from clients.models import Client
from practices.models import Role, StaffMember
from practices.tenancy import practice_scope
from tests.builders import story
from tests.builders.browser import CHROMIUM, PHONE, Windows, shot, toast, too_wide
from tests.builders.practices import member, provider
from tests.builders.reminders import planned
from tests.builders.story import NOW, Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@pytest.fixture
def jordan(told: Story) -> StaffMember:
    """Treats at Lakeview, and is known to the records as Jordan Blake NP; Jo did not come yesterday."""
    practice = told.lakeview
    injector = member(practice, "Jordan Blake", Role.INJECTOR)
    known = provider(practice, "Jordan Blake NP")
    at = NOW - timedelta(days=1, hours=2)
    with practice_scope(practice.pk):
        known.staff_member = injector
        known.save()
        jo = Client.objects.get(pk=told.others[1])
    story.booked(jo, at, at - timedelta(days=9), status="no_show", ended_at=at)
    planned(practice, [jo.pk], NOW)
    return injector


def test_jordan_sees_to_a_client_between_two_treatments(windows: Windows, told: Story, jordan: StaffMember) -> None:
    page = windows.open(jordan.person, PHONE)
    page.goto("/p/lakeview/today/")
    shot(page, "injector_1_today")
    bar = page.get_by_role("navigation", name="Main")
    bar.get_by_role("link", name=re.compile("^Calls")).tap()
    page.get_by_role("link", name="Mine").tap()
    expect(page.locator("#calls")).to_contain_text("Jo Whitfield")
    shot(page, "injector_2_calls")
    page.get_by_role("link", name="Jo Whitfield", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jo Whitfield")

    page.get_by_role("searchbox", name="Find a client").tap()
    page.keyboard.type("siobhan")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Siobhán O’Connell").tap()
    expect(page.locator(".timeline")).to_contain_text("$336")
    expect(page.locator("li.coming").nth(1)).to_be_visible()
    page.get_by_role("button", name="More for Siobhán O’Connell").tap()
    page.get_by_role("button", name="Pause reminders").tap()
    toast(page, "Reminders are paused.")
    expect(page.locator(".head .state")).to_contain_text("Paused")
    assert too_wide(page) == 0
    shot(page, "injector_3_paused")
    page.get_by_role("button", name="Resume reminders").tap()
    toast(page, "Reminders go on.")
    expect(page.locator(".head .state")).to_contain_text("Due")
    shot(page, "injector_4_resumed")

    page.get_by_role("button", name=re.compile("^More$|^More,")).tap()
    page.get_by_role("link", name="Cadences").tap()
    shot(page, "injector_5_cadences")
    page.get_by_role("link", name="Botox", exact=True).tap()
    expect(page.get_by_role("heading", name="Botox", level=1)).to_be_visible()
    expect(page.get_by_role("table", name="Steps of the cadence")).to_be_visible()
    assert too_wide(page) == 0
    shot(page, "injector_6_cadence")


def test_jordan_neither_maps_nor_invites_nor_changes_settings(
    windows: Windows, told: Story, jordan: StaffMember
) -> None:
    page = windows.open(jordan.person, PHONE)
    page.goto("/p/lakeview/today/")
    page.get_by_role("button", name=re.compile("^More$|^More,")).tap()
    rest = page.locator("#menu-rest")
    expect(rest.get_by_role("link", name="Cadences")).to_be_visible()
    shot(page, "injector_7_more")
    for others in ("Services", "Suppression list", "Audit", "Settings", "Team"):
        expect(rest.get_by_role("link", name=others)).to_have_count(0)
    for closed in ("services", "settings", "settings/providers", "team", "audit", "suppressions", "go-live"):
        shown = windows.refused(page, f"/p/lakeview/{closed}/", 403)
        expect(shown).to_contain_text("Your role, injector, may not open this.")
    shot(page, "injector_8_closed")
