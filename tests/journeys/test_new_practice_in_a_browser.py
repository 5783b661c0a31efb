"""Mara signs up, brings her records in, goes live, and steps in for one client: at a desk, then on a phone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from practices.operations.founding import found_practice
from practices.queries.directory import practice_by_slug
from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders.browser import CHROMIUM, PHONE, Windows, figures, find, posted_link, shot, toast, too_wide
from tests.builders.practices import person
from tests.builders.reminders import sent
from tests.builders.story import NOW
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("operator_outbox"),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

PASSWORD = "a garden of quiet stones"
WORDING = "I agree to get appointment reminders and offers by text."
EXPORT = """\
Client ID,First,Last,Cell,E-mail,Date of service,Service,Qty,Unit,Injector,Location,Paid
R1,Renée,O’Hara-Núñez,(312) 555-0142,renee@example.com,2026-09-23,Tox Tuesday,40,unit,Pat Kim RN,Main,480.00
R2,Dana,Kowalczyk,(312) 555-0143,dana@example.com,2026-09-16,Botox,24,unit,Pat Kim RN,Main,312.00
R3,Noor,Patel,(312) 555-0144,noor@example.com,2026-09-16,Dysport,60,unit,Jordan Blake NP,Main,300.00
R4,Tamika,Kim,,,2026-09-16,Botox,20,unit,Jordan Blake NP,Main,260.00
R5,Yuki,Sanchez,(312) 555-0146,yuki@example.com,2026-10-02,Lip Filler,1,syringe,Pat Kim RN,Main,750.00
R6,Aisha,Moore,(312) 555-0147,aisha@example.com,2026-03-02,Xeomin,20,unit,Pat Kim RN,Main,220.00
"""
RENEE = "Renée O’Hara-Núñez"
FIRST_DUE = datetime.fromisoformat("2026-11-25T16:00:05+00:00")
AFTER_THE_MOVE = datetime.fromisoformat("2026-12-04T17:30:05+00:00")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "treatments.csv"
    file.write_text(EXPORT, encoding="utf-8")
    return file


def test_from_signing_up_to_a_ledger_that_adds_up(
    windows: Windows, worker_turn: Callable[[], None], time: Clock, export: Path
) -> None:
    page = windows.open()
    page.goto("/")
    page.get_by_role("link", name="Sign up with your practice").click()
    page.get_by_label("Your name").fill("Mara Ríos")
    page.get_by_role("textbox", name="Practice").fill("Río Skin")
    page.get_by_label("Time zone").select_option(label="Central (Chicago)")
    page.get_by_label("Email").fill("mara@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("heading", name="Open the letter we sent").wait_for()
    page.goto(posted_link("mara@example.com"))
    page.get_by_role("button", name="Confirm the address").click()

    page.get_by_role("heading", name="First steps", level=1).wait_for()
    shot(page, "new_1_first_steps")
    expect(page.get_by_text("import_export FILE --practice rio-skin")).to_be_visible()
    page.get_by_role("link", name="Clients", exact=True).click()
    expect(page.get_by_text("No clients yet.")).to_be_visible()
    shot(page, "new_2_no_clients")
    call_command("import_export", str(export), "--practice", "rio-skin")

    page.goto("/")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    shot(page, "new_3_today_before_live")
    page.get_by_role("link", name="See what is left to do").click()
    page.get_by_role("link", name="Map the services").click()
    page.get_by_label("What Tox Tuesday is").select_option(label="Botox")
    shot(page, "new_4_services")
    page.get_by_role("button", name="See what it does: Tox Tuesday").click()
    shot(page, "new_5_service")
    page.get_by_role("button", name=re.compile("Map")).click()
    shot(page, "new_6_mapped")
    page.goto("/p/rio-skin/start/")
    page.get_by_role("link", name="Vouch for consent").click()
    page.get_by_label("What clients agreed to").fill(WORDING)
    page.get_by_label("Every client in the records signed this").check()
    page.get_by_role("button", name="Vouch for consent").click()
    shot(page, "new_7_consent")
    toast(page, "The practice vouches for consent to text messages.")
    shot(page, "new_7_consent")

    page.goto("/p/rio-skin/start/")
    page.get_by_role("link", name="See what would leave").click()
    page.get_by_role("button", name="See what would leave").click()
    expect(page.get_by_role("status")).to_contain_text("Working out what would leave.")
    shot(page, "new_8_working_out")
    worker_turn()
    page.get_by_role("heading", name="Leaves in the next 30 days").wait_for()
    shot(page, "new_9_would_leave")
    page.get_by_role("button", name="Let messages leave from now on").click()
    expect(page.get_by_role("status")).to_contain_text("Going live")
    worker_turn()
    page.get_by_role("heading", name="Río Skin is live").wait_for()
    shot(page, "new_10_live")

    first_messages_leave(time)
    page.goto("/")
    shot(page, "new_11_today")
    assert adds_up(figures(page)) == 4
    find(page, "312 555 0142")
    steps_in_for_renee(page, time, "wide")


def test_the_same_client_is_seen_to_on_a_phone(windows: Windows, time: Clock, export: Path) -> None:
    mara = person("Mara Ríos")
    found_practice(mara, "Río Skin", "America/Chicago", NOW)
    call_command("import_export", str(export), "--practice", "rio-skin")
    call_command("map_service", "Tox Tuesday", "botox", "--practice", "rio-skin")
    call_command("attest_consent", "rio-skin", "--channel", "sms", "--wording", WORDING)
    call_command("go_live", "rio-skin")
    first_messages_leave(time)

    page = windows.open(mara, PHONE)
    page.goto("/p/rio-skin/today/")
    shot(page, "new_phone_18_today")
    page.get_by_role("searchbox", name="Find a client").tap()
    page.keyboard.type("0142")
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_contain_text("1")
    shot(page, "new_phone_19_found")
    page.get_by_role("link", name=RENEE).tap()
    steps_in_for_renee(page, time, "phone")


def first_messages_leave(time: Clock) -> None:
    """Two reminders, and one to her who lapsed; Tamika has neither phone nor email, so hers waits."""
    time.now = FIRST_DUE
    assert sent(practice_by_slug("rio-skin"), time.now) == 3


def steps_in_for_renee(page: Page, time: Clock, size: str) -> None:
    """Read why her next message goes, move it, opt her out; nothing is lost and nothing leaves."""
    page.get_by_role("heading", name=RENEE, level=1).wait_for()
    shot(page, f"new_{size}_20_client")
    expect(page.locator(".timeline > li").first).to_contain_text("Botox, 40 units")
    following = page.locator("#next")
    expect(following).to_contain_text("Wed, Dec 2")
    expect(following.locator(".why")).to_have_text("Week 10 after September 23, at 10 am in Chicago.")
    expect(following.locator(".bubble")).to_contain_text("Hi Renée, it's Pat at Río Skin.")
    time.now += timedelta(minutes=1)
    press(following.get_by_role("link", name=re.compile("^Move")))
    page.get_by_label("Day").fill("2026-12-04")
    page.get_by_label("Hour").fill("11:30")
    shot(page, f"new_{size}_21_move")
    press(page.get_by_role("button", name="Move the reminder"))
    toast(page, "It leaves Friday, December 4 at 11:30 am.")
    expect(following).to_contain_text("Fri, Dec 4")
    expect(following.locator(".why")).to_have_text("Moved here by Mara Ríos on November 25, at 11:30 am in Chicago.")
    shot(page, f"new_{size}_22_moved")

    time.now += timedelta(minutes=1)
    press(page.get_by_role("button", name=f"More for {RENEE}"))
    press(page.get_by_role("link", name="Opt out of everything"))
    page.get_by_label("What the client said").fill("no more, thanks")
    shot(page, f"new_{size}_23_opt_out")
    press(page.get_by_role("button", name="Opt out of everything"))
    toast(page, f"{RENEE} is opted out.")
    expect(page.locator("li.coming")).to_have_count(0)
    expect(page.get_by_text("Nothing is planned.")).to_be_visible()
    assert too_wide(page) == 0
    shot(page, f"new_{size}_24_opted_out")

    time.now = AFTER_THE_MOVE
    practice = practice_by_slug("rio-skin")
    sent(practice, time.now)
    with practice_scope(practice.pk):
        assert not Delivery.objects.filter(to_address__in=["+13125550142", "renee@example.com"]).exists()
    if size == "phone":
        press(page.get_by_role("button", name="More", exact=True))
    press(page.get_by_role("link", name="Ledger"))
    page.get_by_role("heading", name="Ledger", level=1).wait_for()
    assert adds_up(figures(page)) >= 7
    shot(page, f"new_{size}_25_ledger")


def press(what: Locator) -> None:
    """With a finger, where the window is a phone's."""
    if what.page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}:
        what.tap()
    else:
        what.click()


def adds_up(sums: dict[str, int]) -> int:
    """What was due, all of which is in exactly one place."""
    due = next(number for word, number in sums.items() if word.startswith("due"))
    assert due == sums["sent"] + sums["waiting"] + sums["suppressed"] + sums["failed"], sums
    return due
