"""Alice connects carriers: reminders arrive, a landline gets the email, a refused account is seen and mended."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Response
from practices.models import Person
from tests.builders.accounts import chosen, closed
from tests.builders.browser import CHROMIUM, PHONE, Windows, shot, toast, too_wide, violations
from tests.builders.going_out import carried, due, got, leave, running, sendgrid_values, twilio_values
from tests.builders.story import Story
from tests.builders.vendors import Listener
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

CARRIERS = "/p/lakeview/settings/carriers/"
LABELS = {
    "account_sid": "Account SID",
    "auth_token": "Auth token",
    "from_number": "Number",
    "api_key": "API key",
    "from_email": "Sender’s address",
    "event_key": "Verification key of the event webhook",
    "reply_address": "Address for replies",
    "parse_key": "Verification key of Inbound Parse",
}
AN_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
LINK = re.compile(r"https?://\S+/b/\w+")


@pytest.fixture
def stand_ins(live_server: Any, settings: Any, time: Clock) -> Iterator[StandIns]:
    with running(settings, live_server.url, time) as started:
        yield started


@pytest.fixture
def carriers(told: Story, stand_ins: StandIns) -> StandIns:
    """Lakeview's texts leave by Twilio and its emails by SendGrid."""
    carried(told.lakeview, stand_ins)
    return stand_ins


def without_fault(windows: Windows, person: Person, *paths: str) -> None:
    """Each page has nothing that axe minds, on a desk and on a phone, and fits on both."""
    wrong: list[str] = []
    page = windows.open(person, bypass_csp=True)
    for path in paths:
        page.goto(path)
        wrong += violations(page)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        wrong += [f"{path} is {wide} px too wide"] if (wide := too_wide(page)) else []
        page.set_viewport_size({"width": 1280, "height": 800})
    assert not wrong, "\n".join(wrong)


def test_alice_connects_both_and_a_first_reminder_arrives(
    windows: Windows, told: Story, stand_ins: StandIns, time: Clock
) -> None:
    page, console = windows.open(told.alice.person), windows.open()
    page.goto("/p/lakeview/today/")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Carriers").click()
    connects_twilio(page, stand_ins)
    pasted(page, console, stand_ins, "Twilio", "A message comes in")
    page.get_by_role("button", name="Test the account").click()
    toast(page, "Twilio takes the account.")
    expect(page.locator("h1 .state")).to_have_text("Works")
    shot(page, "carriers_2_works")
    page.get_by_role("button", name="Let Twilio carry texts").click()
    toast(page, "Texts leave through Twilio from now on.")
    page.get_by_role("link", name="Connect SendGrid for emails").click()
    filled(page, sendgrid_values(stand_ins))
    page.get_by_role("button", name="Connect SendGrid").click()
    toast(page, "SendGrid takes the account.")
    pasted(page, console, stand_ins, "SendGrid", "Event webhook", "Inbound Parse")
    page.get_by_role("button", name="Let SendGrid carry emails").click()
    toast(page, "Emails leave through SendGrid from now on.")
    shot(page, "carriers_3_chosen")

    tess = due(told.lakeview, "Tess Gray", 305)
    with Listener() as booking:
        booking.response = Response(200, b"<h1>Choose a time</h1>", {"Content-Type": "text/html"})
        chosen(told.lakeview, booking_url=f"{booking.url}/book")
        leave(stand_ins, time)
        [reminder] = got(stand_ins, tess.phone)
        opens_the_link(windows, reminder.text, f"{booking.url}/book")
    console.goto(f"{stand_ins.url}/with/twilio/%2B13125550305")
    expect(console.locator(".bubble")).to_have_text([reminder.text])
    expect(console.locator(".state")).to_have_text("Delivered")
    page.goto(f"/p/lakeview/clients/{tess.pk}/")
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Botox, first reminder"))
    expect(entry).to_contain_text("through Twilio. Arrived at")
    expect(entry).to_contain_text("Opened the booking link once, today at 1:42 pm.")
    expect(entry.locator(".bubble")).to_have_text(reminder.text)
    shot(page, "carriers_4_arrived")
    without_fault(windows, told.alice.person, CARRIERS, f"{CARRIERS}twilio_sms/", f"{CARRIERS}sendgrid_email/")


def connects_twilio(page: Page, stand_ins: StandIns) -> None:
    """With a token from somewhere else first: the page says what is wrong in plain words, and what to do."""
    page.get_by_role("link", name="Connect Twilio for texts").click()
    filled(page, twilio_values(stand_ins) | {"auth_token": "f" * 32})
    page.get_by_label("Sends a second").fill("100")
    page.get_by_role("button", name="Connect Twilio").click()
    toast(page, "Twilio refuses the account: Twilio does not accept the account SID and token.")
    expect(page.locator("h1 .state")).to_have_text("Refused")
    shot(page, "carriers_1_refused")
    filled(page, {"auth_token": stand_ins.twilio.account.auth_token})
    page.get_by_role("button", name="Save the account at Twilio").click()
    toast(page, "Twilio takes the account, but what clients answer does not arrive yet.")
    expect(page.locator("h1 .state")).to_have_text("Hears no answers")
    expect(page.locator("header.head")).to_contain_text("until medspa’s address is pasted in Twilio’s console")
    expect(page.get_by_label("Auth token")).to_have_value("")
    shot(page, "carriers_1_deaf")


def filled(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.get_by_label(re.compile(f"^{LABELS[name]}")).fill(value)


def pasted(page: Page, console: Page, stand_ins: StandIns, vendor: str, *labels: str) -> None:
    """Copy the address that the page shows into the vendor's console, as a person does."""
    shown = page.get_by_role("region", name="In its console").get_by_text(re.compile("/webhooks/messaging/"))
    address = shown.inner_text().strip()
    console.goto(f"{stand_ins.url}/accounts")
    for label in labels:
        console.get_by_label(label, exact=True).fill(address)
    console.get_by_role("button", name=f"Save {vendor}’s callback addresses").click()
    expect(console.get_by_label(labels[0], exact=True)).to_have_value(address)


def opens_the_link(windows: Windows, text: str, booking_url: str) -> None:
    """On a phone it leads to where the practice's clients book."""
    [link] = LINK.findall(text)
    phone = windows.open(size=PHONE, user_agent=AN_IPHONE)
    phone.goto(link)
    expect(phone.get_by_role("heading", name="Choose a time")).to_be_visible()
    assert phone.url == booking_url


def test_a_landline_gets_the_email_and_the_timeline_says_why(
    windows: Windows, told: Story, carriers: StandIns, time: Clock
) -> None:
    lana = due(told.lakeview, "Lana Line", 306, phone="+13129900001")
    leave(carriers, time)
    leave(carriers, time)
    assert [(each.vendor, each.status) for each in (*got(carriers, lana.phone), *got(carriers, lana.email))] == [
        ("twilio", "undelivered"),
        ("sendgrid", "delivered"),
    ]
    page = windows.open(told.bob.person)
    page.goto(f"/p/lakeview/clients/{lana.pk}/")
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text("Not delivered: not a mobile number; the email went instead.")
    expect(timeline).to_contain_text("through SendGrid. Arrived at")
    about = page.get_by_label("About Lana Line")
    expect(about).to_contain_text("Not by text: the number takes no texts; the carrier said so.")
    expect(about).to_contain_text("Twilio said so on November 24.")
    shot(page, "carriers_9_landline")
    without_fault(windows, told.alice.person, f"/p/lakeview/clients/{lana.pk}/")


def test_a_refused_account_is_shown_and_what_waited_leaves_once_it_is_mended(
    windows: Windows, told: Story, carriers: StandIns, time: Clock
) -> None:
    client = due(told.lakeview, "Tess Gray", 305, has_email=False)
    closed(carriers)
    leave(carriers, time)
    leave(carriers, time)
    assert got(carriers, client.phone) == []
    page = windows.open(told.alice.person)
    page.goto("/p/lakeview/today/")
    alarm = page.get_by_role("region", name="Needs attention now")
    expect(alarm).to_contain_text(re.compile("has refused the account since 1:42 pm. One message waits for it."))
    shot(page, "carriers_10_refused")
    without_fault(windows, told.alice.person, "/p/lakeview/today/", f"{CARRIERS}twilio_sms/")
    alarm.get_by_role("link", name="Open the carriers").click()
    page.get_by_role("link", name="Twilio").click()
    page.get_by_role("button", name="Test the account").click()
    toast(page, "Twilio refuses the account")
    closed(carriers, is_open=True)
    page.get_by_role("button", name="Test the account").click()
    toast(page, "Twilio takes the account.")
    leave(carriers, time)
    assert [each.status for each in got(carriers, client.phone)] == ["delivered"]
    page.goto("/p/lakeview/today/")
    expect(page.locator("h1")).to_have_text("Today")
    expect(alarm).to_have_count(0)
