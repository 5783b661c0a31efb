"""Mona manages Lakeview: she maps a name, narrows the hours, invites Ines, reads the trail, imports a list."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from clients.models import Client
from practices.models import Role, StaffMember
from practices.tenancy import practice_scope
from reminders.models import Reminder
from tests.builders.browser import CHROMIUM, PHONE, Windows, posted_link, shot, toast
from tests.builders.day import people, unknown_service
from tests.builders.practices import member
from tests.builders.reminders import sent
from tests.builders.story import NOW, Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("operator_outbox"),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

PASSWORD = "a garden of quiet stones"


@pytest.fixture
def mona(told: Story) -> StaffMember:
    return member(told.lakeview, "Mona Lindqvist", Role.MANAGER)


def test_mona_maps_a_name_and_its_reminders_appear(windows: Windows, told: Story, mona: StaffMember) -> None:
    [ruth] = people(told.lakeview, 1, "Ruth Amsel")
    unknown_service(told.lakeview, ruth, "Jeuveau promo 20u", 1, datetime(2026, 10, 1, 15, tzinfo=UTC))
    page = windows.open(mona.person)
    page.goto(f"/p/lakeview/clients/{ruth.pk}/")
    expect(page.get_by_role("heading", name="Ruth Amsel", level=1)).to_be_visible()
    expect(page.locator("li.coming")).to_have_count(0)
    shot(page, "manager_1_unmapped_client")
    page.get_by_role("link", name=re.compile("^Services")).click()
    page.get_by_label("What Jeuveau promo 20u is").select_option(label="Jeuveau")
    page.get_by_role("button", name="See what it does: Jeuveau promo 20u").click()
    effect = page.get_by_role("region", name="What it does")
    expect(effect).to_contain_text("One treatment would count, of one client.")
    expect(effect).to_contain_text("Three reminders would be planned;")
    effect_of_dysport = effect.get_by_role("heading", name="If it is Dysport")
    page.get_by_label("What it is").select_option(label="Dysport")
    expect(effect_of_dysport).to_be_visible()
    page.get_by_label("What it is").select_option(label="Jeuveau")
    expect(effect_of_dysport).to_have_count(0)
    shot(page, "manager_2_preview")
    with practice_scope(told.lakeview.pk):
        assert not Reminder.objects.filter(client_id=ruth.pk).exists(), "reading changes nothing"
    page.get_by_role("button", name="Map to Jeuveau").click()
    toast(page, "Jeuveau promo 20u is Jeuveau now. One treatment woke;")
    expect(page.get_by_role("row", name=re.compile("Jeuveau promo 20u"))).to_contain_text("by Mona Lindqvist")
    page.goto(f"/p/lakeview/clients/{ruth.pk}/")
    expect(page.locator("#next")).to_contain_text("Jeuveau, first reminder")
    expect(page.locator("li.coming").nth(2)).to_be_visible()
    shot(page, "manager_3_woken")


def test_mona_narrows_the_hours_and_what_is_planned_follows(windows: Windows, told: Story, mona: StaffMember) -> None:
    page = windows.open(mona.person)
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    expect(page.locator("#next .why").first).to_have_text("Week 11 after September 14, at 10 am in Chicago.")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Sending").click()
    shot(page, "manager_4_sending")
    page.get_by_label("Reminders leave from").fill("13:00")
    page.get_by_label("Reminders leave until").fill("12:00")
    page.get_by_role("button", name="Save the rules").click()
    expect(page.locator(".wrong").first).to_be_visible()
    shot(page, "manager_5_wrong_hours")
    page.get_by_label("Reminders leave until").fill("17:00")
    page.get_by_role("button", name="Save the rules").click()
    toast(page, re.compile("^Changed: "))
    sent(told.lakeview, NOW)  # the next tick of the clock plans everybody anew
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    expect(page.locator("#next .why").first).to_contain_text("1 pm")
    expect(page.get_by_label("About Siobhán O’Connell")).to_contain_text("1 pm to 5 pm, not Sundays")
    shot(page, "manager_6_moved")


def test_mona_invites_ines_who_joins_by_her_letter(windows: Windows, told: Story, mona: StaffMember) -> None:
    page = windows.open(mona.person)
    page.goto("/p/lakeview/team/")
    expect(page.get_by_label("Role").locator("option", has_text="Owner")).to_have_count(0)
    page.get_by_role("textbox", name="Email").fill("ines@example.com")
    page.get_by_label("Role").select_option(label="Injector")
    page.get_by_label("Injector in the records").select_option(label="Jordan Blake NP")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("region", name="Asked to join")).to_contain_text("ines@example.com")
    shot(page, "manager_7_asked")

    link = posted_link("ines@example.com")
    ines = windows.open(size=PHONE)
    ines.goto(link)
    expect(ines.get_by_role("heading", name="Join Lakeview Aesthetics")).to_be_visible()
    shot(ines, "manager_8_join")
    ines.get_by_label("Your name").fill("Ines Duarte")
    ines.get_by_label("Password").fill(PASSWORD)
    ines.get_by_role("button", name="Join Lakeview Aesthetics").tap()
    expect(ines.get_by_role("heading", name="Today", level=1)).to_be_visible()
    ines.get_by_role("button", name=re.compile("^More")).tap()
    rest = ines.locator("#menu-rest")
    expect(rest.get_by_role("link", name="Cadences")).to_be_visible()
    expect(rest.get_by_role("link", name="Team")).to_have_count(0)
    shot(ines, "manager_9_ines")
    again = windows.open()
    windows.refused(again, link, 404)
    expect(again.locator("h1")).not_to_contain_text("Join")
    shot(again, "manager_10_link_again")
    page.reload()
    expect(page.get_by_role("region", name="Members")).to_contain_text("Ines Duarte")


def test_mona_reads_the_trail_and_takes_it_with_her(
    windows: Windows, told: Story, mona: StaffMember, time: Clock
) -> None:
    page = windows.open(mona.person, accept_downloads=True)
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    page.locator("#next").get_by_role("button", name=re.compile("^Skip")).click()
    toast(page, "is skipped.")
    time.now += timedelta(minutes=1)
    page.get_by_role("link", name="Audit").click()
    rows = page.locator("main tbody tr")
    expect(rows.first).to_contain_text("Mona Lindqvist")
    expect(page.locator("main table")).to_contain_text("Siobhán O’Connell")
    shot(page, "manager_11_audit")
    page.get_by_label("About the client").fill("siob")
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_text("is the only client shown.")).to_be_visible()
    shot(page, "manager_12_audit_of_one")
    page.wait_for_load_state()
    number = rows.count()
    with page.expect_download() as awaited:
        page.get_by_role("link", name="Export as CSV").click()
    lines = list(csv.reader(Path(awaited.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(lines) == number + 1
    assert awaited.value.suggested_filename.endswith(".csv")


def test_mona_imports_a_suppression_list(windows: Windows, told: Story, mona: StaffMember) -> None:
    listed = "phone,email\n(312) 555-0186,\n,somebody@example.com\nnot a number,\n"
    page = windows.open(mona.person)
    page.goto("/p/lakeview/suppressions/")
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("List").set_input_files({"name": "stops.csv", "mimeType": "text/csv", "buffer": listed.encode()})
    page.get_by_label("Where it comes from").fill("Opt-outs of the old texting service")
    shot(page, "manager_13_import")
    page.get_by_role("button", name="Import the list").click()
    expect(page.get_by_role("heading", name="The list is in")).to_be_visible()
    expect(page.get_by_role("table", name="Lines and reasons").locator("tbody tr")).to_have_count(1)
    shot(page, "manager_14_imported")
    page.get_by_role("link", name="See the list").click()
    expect(page.locator("main")).to_contain_text("(312) 555-0186")
    shot(page, "manager_15_list")
    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    expect(page.locator(".head .state")).to_contain_text("Opted out")
    expect(page.locator("li.coming")).to_have_count(0)
    with practice_scope(told.lakeview.pk):
        assert Client.objects.get(pk=told.siobhan).phone == "+13125550186"
