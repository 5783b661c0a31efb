"""Bob's browser runs no script: does he still find a client, move a reminder, answer a reply, opt her out?"""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Reminder, Reply
from reminders.operations.replies import receive_reply
from tests.builders.browser import CHROMIUM, Windows, shot, sign_in, toast
from tests.builders.story import NOW, Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

JO = "+13125550103"


def test_bob_does_his_work_by_plain_forms(windows: Windows, told: Story, time: Clock) -> None:
    with practice_scope(told.lakeview.pk):
        receive_reply(told.lakeview.pk, Channel.SMS, JO, "Is it safe while nursing?", NOW - timedelta(minutes=9), NOW)
    page = windows.open(java_script_enabled=False)
    page.goto("/p/lakeview/clients/")
    sign_in(page, "bob@example.com")
    page.get_by_role("search", name="Clients").get_by_role("searchbox").fill("0186")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Siobhán O’Connell").click()
    moves_her_reminder(windows, page, told)

    time.now += timedelta(minutes=1)
    page.get_by_role("link", name=re.compile("^Replies")).click()
    page.get_by_role("button", name=re.compile("^Called")).click()
    handled = toast(page, "Jo Whitfield’s reply is handled: called.")
    shot(page, "plain_3_replies")
    handled.get_by_role("button", name="Undo").click()
    toast(page, "The reply is unanswered again.")
    page.get_by_role("link", name=re.compile("^Leave in peace")).click()
    page.get_by_label("Leave in peace until").fill("2026-12-05")
    shot(page, "plain_4_peace")
    page.get_by_role("button", name="Leave in peace").click()
    expect(page.get_by_text("Nothing to answer.")).to_be_visible()
    with practice_scope(told.lakeview.pk):
        assert Reply.objects.get(from_address=JO).handling == Reply.Handling.SNOOZED

    page.goto(f"/p/lakeview/clients/{told.siobhan}/")
    page.get_by_role("button", name="More for Siobhán O’Connell").click()
    page.get_by_role("link", name="Opt out of everything").click()
    page.get_by_label("What the client said").fill("no more, thanks")
    page.get_by_role("button", name="Opt out of everything").click()
    toast(page, "Siobhán O’Connell is opted out.")
    expect(page.locator("li.coming")).to_have_count(0)
    expect(page.get_by_text("Nothing is planned.")).to_be_visible()
    shot(page, "plain_5_opted_out")


def moves_her_reminder(windows: Windows, page: Page, told: Story) -> None:
    """First to an hour at which nothing may leave, then to one at which it may; and back."""
    page.locator("#next").get_by_role("link", name=re.compile("^Move")).click()
    expect(page.get_by_role("heading", name="Move the second Botox reminder", level=1)).to_be_visible()
    page.get_by_label("Day").fill("2026-11-20")
    with windows.said_with(page, 422):
        page.get_by_role("button", name="Move the reminder").click()
    expect(page.get_by_text("That time has passed. Choose a later one.")).to_be_visible()
    shot(page, "plain_1_move")
    page.get_by_label("Day").fill("2026-12-02")
    page.get_by_label("Hour").fill("11:30")
    page.get_by_role("button", name="Move the reminder").click()
    moved = toast(page, "It leaves Wednesday, December 2 at 11:30 am.")
    shot(page, "plain_2_moved")
    with practice_scope(told.lakeview.pk):
        second = Reminder.objects.get(client_id=told.siobhan, step="second", sequence__treatment_type__slug="botox")
    assert second.due_at == datetime.fromisoformat("2026-12-02T17:30:00+00:00")
    moved.get_by_role("button", name="Undo").click()
    expect(page.locator("#next")).to_contain_text("Mon, Nov 30")
