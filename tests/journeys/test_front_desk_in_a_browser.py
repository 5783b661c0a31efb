"""Bob starts the day at the front desk: calls, a reply, a reminder that should not leave, a note."""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import ClientPlan, Delivery
from reminders.operations.replies import receive_reply
from tests.builders import story
from tests.builders.browser import CHROMIUM, Windows, find, shot, sign_in, toast
from tests.builders.reminders import planned, sent
from tests.builders.story import NOW, Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

SAID = "I’m traveling until the 5th, will book when I’m back"


@pytest.fixture
def morning(told: Story) -> Story:
    """Jo did not come yesterday, Tamika's series stands still, Noor told of a problem; Siobhán wrote back."""
    practice = told.lakeview
    _, jo, *_ = told.others
    at = NOW - timedelta(days=1, hours=2)
    with practice_scope(practice.pk):
        row = Client.objects.get(pk=jo)
    story.booked(row, at, at - timedelta(days=9), status="no_show", ended_at=at)
    tamika = story.client(practice, "Tamika", "Kim", 147)
    story.treated(tamika, "sculptra", date(2026, 10, 10))
    renata = story.client(practice, "Renata", "Oyelaran", 148)
    story.treated(renata, "botox", date(2026, 9, 21))
    planned(practice, [jo, tamika.pk, renata.pk], NOW)
    with practice_scope(practice.pk):
        receive_reply(practice.pk, Channel.SMS, "+13125550186", SAID, NOW - timedelta(minutes=20), NOW)
    return told


def test_bob_works_off_what_needs_a_person(windows: Windows, morning: Story, time: Clock) -> None:
    page = windows.open()
    page.goto("/")
    sign_in(page, "bob@example.com")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("Four things need a person.")
    shot(page, "desk_1_today")
    makes_the_calls(page, time)
    answers_siobhan(page, morning)
    steps_in_for_renata(page, morning, time)
    page.get_by_role("link", name=re.compile("^Today")).click()
    expect(page.locator("#summary")).to_contain_text("One thing needs a person.")
    shot(page, "desk_9_today")
    assert not left_to_siobhan(morning, "2026-11-30")
    assert left_to_siobhan(morning, "2026-12-07")


def left_to_siobhan(morning: Story, day: str) -> bool:
    """Whether a message has left to her by 10 that morning, in Chicago."""
    sent(morning.lakeview, datetime.fromisoformat(f"{day}T16:00:05+00:00"))
    with practice_scope(morning.lakeview.pk):
        return Delivery.objects.filter(client_id=morning.siobhan, attempted_at__gte=NOW).exists()


def makes_the_calls(page: Page, time: Clock) -> None:
    """One after the other, each with another end; who did not answer stays on the list."""
    page.get_by_role("link", name="Start the calls").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Call Jo Whitfield")
    expect(page.get_by_text("Did not come yesterday at 11:42 am, Botox with Jordan.")).to_be_visible()
    shot(page, "desk_2_call")
    page.get_by_label("No answer").check()
    page.get_by_role("button", name="Record and go on").click()
    expect(heading).to_have_text("Call Noor Patel")
    time.now += timedelta(minutes=3)
    page.get_by_role("button", name="Record and go on").click()
    expect(page.get_by_text("Choose how it went.")).to_be_visible()
    page.get_by_label("Settled").check()
    page.get_by_label("What was said").fill("Evened out by itself, she is happy.")
    page.get_by_role("button", name="Record and go on").click()
    expect(heading).to_have_text("Call Tamika Kim")
    time.now += timedelta(minutes=4)
    page.get_by_label("Will book later").check()
    page.get_by_role("button", name="Record and go on").click()
    expect(heading).to_have_text("Calls")
    expect(page.get_by_role("region", name="Tried, no answer yet")).to_contain_text("Jo Whitfield")
    shot(page, "desk_3_calls")
    page.get_by_role("link", name="Done").click()
    expect(page.locator("#calls > li")).to_have_count(2)
    expect(page.locator("#calls > li").first).to_contain_text("Tamika Kim")
    shot(page, "desk_4_done")


def answers_siobhan(page: Page, morning: Story) -> None:
    """She asked to be left alone until she is back: nothing leaves before."""
    page.get_by_role("link", name=re.compile("^Replies")).click()
    expect(page.get_by_text(SAID)).to_be_visible()
    shot(page, "desk_5_replies")
    page.wait_for_load_state()
    page.get_by_role("link", name=re.compile("^Leave in peace")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Leave in peace until").fill("2026-12-05")
    shot(page, "desk_6_peace")
    dialog.get_by_role("button", name="Leave in peace").click()
    expect(toast(page, "Siobhán O’Connell is left in peace until December 5.")).to_be_visible()
    expect(page.get_by_text("Nothing to answer.")).to_be_visible()
    with practice_scope(morning.lakeview.pk):
        assert ClientPlan.objects.get(client_id=morning.siobhan).snoozed_until == date(2026, 12, 5)
    page.get_by_role("link", name="Siobhán O’Connell").click()
    expect(page.locator(".facts")).to_contain_text("no reminder before December 5")
    expect(page.locator("#next")).to_contain_text("The client is left in peace until December 5.")
    expect(page.locator(".timeline")).to_contain_text("Reply: left in peace until December 5, Bob")
    shot(page, "desk_6b_snoozed")


def steps_in_for_renata(page: Page, morning: Story, time: Clock) -> None:
    """Skip the next reminder, take it back, keep a note; no price is shown to the front desk."""
    find(page, "oyel")
    page.get_by_role("link", name="Renata Oyelaran").click()
    page.get_by_role("heading", name="Renata Oyelaran", level=1).wait_for()
    first = page.locator("#next")
    expect(first).to_contain_text("Botox, first reminder")
    page.wait_for_load_state()
    coming = page.locator("li.coming").count()
    first.get_by_role("button", name=re.compile("^Skip")).click()
    skipped = toast(page, "Botox, first reminder is skipped.")
    expect(page.locator(".timeline")).to_contain_text("Bob left it out.")
    expect(first).to_contain_text("Botox, second reminder")
    shot(page, "desk_7_skipped")
    skipped.get_by_role("button", name="Undo").click()
    toast(page, "Botox, first reminder is planned again.")
    expect(first).to_contain_text("Botox, first reminder")
    expect(page.locator("li.coming")).to_have_count(coming)
    time.now += timedelta(minutes=2)
    page.get_by_role("link", name="Write a note").click()
    page.get_by_role("textbox", name="Note").fill("Prefers mornings; ask about the wedding.")
    page.get_by_role("button", name="Keep the note").click()
    toast(page, "The note is kept.")
    expect(page.locator(".timeline")).to_contain_text("Prefers mornings; ask about the wedding.")
    expect(page.locator("main")).not_to_contain_text("$")
    shot(page, "desk_8_note")


def test_bob_neither_sees_nor_opens_what_is_not_his(windows: Windows, told: Story) -> None:
    page = windows.open(told.bob.person)
    page.goto("/p/lakeview/today/")
    menu = page.get_by_role("navigation", name="Main")
    for mine in (
        "Today",
        "Clients",
        "Coming",
        "Calls",
        "Replies",
        "Messages",
        "Ledger",
        "Cadences",
        "Suppression list",
    ):
        expect(menu.get_by_role("link", name=re.compile(f"^{mine}"))).to_have_count(1)
    for others in ("Services", "Audit", "Settings", "Team"):
        expect(menu.get_by_role("link", name=re.compile(f"^{others}"))).to_have_count(0)
    for closed in ("services", "audit", "audit/export", "settings", "settings/sending", "team", "consent", "go-live"):
        shown = windows.refused(page, f"/p/lakeview/{closed}/", 403)
        expect(shown).to_contain_text("Your role, front desk, may not open this.")
    shot(page, "desk_10_closed")
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
