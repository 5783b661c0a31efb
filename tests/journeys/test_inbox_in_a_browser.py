"""Bob answers what clients wrote: one may want no more messages, one asks a question, and then says stop."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from clients.models import Suppression
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.operations.answering import send_answers
from reminders.operations.replies import receive_reply
from tests.builders.browser import CHROMIUM, PHONE, Windows, shot, sign_in, toast, too_wide
from tests.builders.story import Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

SIOBHAN, JO = "+13125550186", "+13125550103"
ANSWER = "Hi Siobhán – yes, it’s fine after two weeks."


def says(told: Story, time: Clock, text: str, sender: str, minutes_ago: int = 0) -> None:
    at = time.now - timedelta(minutes=minutes_ago)
    with practice_scope(told.lakeview.pk):
        receive_reply(told.lakeview.pk, Channel.SMS, sender, text, at, time.now)


def told_siobhan(told: Story) -> list[tuple[str, str]]:
    """What answered her: the words and what became of them."""
    with practice_scope(told.lakeview.pk):
        rows = Delivery.objects.filter(client_id=told.siobhan, message__kind="answer").order_by("attempted_at", "pk")
        return list(rows.values_list("text", "state"))


def test_bob_decides_answers_and_sees_a_stop_heeded(windows: Windows, told: Story, time: Clock) -> None:
    says(told, time, "Can I work out after?", SIOBHAN, minutes_ago=12)
    says(told, time, "not interested", JO, minutes_ago=50)
    page = windows.open()
    page.goto("/p/lakeview/today/")
    sign_in(page, "bob@example.com")
    decides_about_jo(page, told)
    answers_siobhan(page, told)

    time.now += timedelta(minutes=1)
    assert send_answers(time) == 1
    page.reload()
    expect(page.get_by_role("region", name="What was said")).to_contain_text("Sent")
    time.now += timedelta(minutes=3)
    says(told, time, "Great. Please stop texting me now", SIOBHAN)
    says(told, time, "STOP", SIOBHAN)
    assert [state for _, state in told_siobhan(told)] == ["accepted", "ready"]
    send_answers(time)
    assert told_siobhan(told)[1][0].startswith("Lakeview Aesthetics: you have opted out")
    page.get_by_role("link", name="All replies").click()
    unanswered = page.get_by_role("region", name="Unanswered")
    expect(unanswered).to_contain_text("These words opted the client out.")
    expect(page.get_by_role("region", name="Handled")).to_contain_text("Opted out at once")
    shot(page, "inbox_5_stopped")
    unanswered.get_by_role("link", name="See what was said with Siobhán O’Connell").click()
    expect(page.get_by_text("none may be sent to this number. Call instead.")).to_be_visible()
    expect(page.get_by_role("button", name="Send the answer")).to_have_count(0)
    shot(page, "inbox_6_refused")
    with practice_scope(told.lakeview.pk):
        assert Suppression.objects.get(address=SIOBHAN).wording == "Great. Please stop texting me now"


def decides_about_jo(page: Page, told: Story) -> None:
    """What may be an opt-out stands first on Today, and is asked before anything else."""
    row = page.get_by_role("region", name="Replies").get_by_role("listitem").first
    expect(row).to_contain_text("Jo Whitfield")
    shot(page, "inbox_1_today")
    row.get_by_role("link", name="Decide whether Jo Whitfield opted out").click()
    expect(page.get_by_role("heading", name="Is this an opt-out?")).to_be_visible()
    shot(page, "inbox_2_unclear")
    page.get_by_role("button", name="Opt Jo Whitfield out").click()
    toast(page, "Jo Whitfield is opted out.")
    with practice_scope(told.lakeview.pk):
        assert Suppression.objects.get(address=JO).origin == "reply"


def answers_siobhan(page: Page, told: Story) -> None:
    """The text is shown as it would leave while Bob types, and leaves like that."""
    page.get_by_role("link", name="Answer Siobhán O’Connell").click()
    box = page.get_by_label("Answer by text")
    box.click()
    box.press_sequentially(ANSWER)
    preview = page.locator("#answer-preview")
    expect(preview).to_contain_text("Hi Siobhán - yes, it's fine after two weeks.")
    expect(preview).to_contain_text("44 characters, 1 segment: á needs Unicode")
    shot(page, "inbox_3_answer")
    page.get_by_role("button", name="Send the answer").click()
    toast(page, "The answer to Siobhán O’Connell is on its way.")
    assert told_siobhan(told) == [("Hi Siobhán - yes, it's fine after two weeks.", "ready")]
    page.get_by_role("region", name="Handled").get_by_role("link", name="Siobhán O’Connell").first.click()
    expect(page.locator(".timeline")).to_contain_text("Bob answered, by text")
    page.go_back()
    with practice_scope(told.lakeview.pk):
        reply = Reply.objects.get(from_address=SIOBHAN)
    page.goto(f"/p/lakeview/replies/{reply.pk}/")
    expect(page.get_by_role("region", name="What was said")).to_contain_text("About to leave")
    shot(page, "inbox_4_answered")


def test_the_page_of_a_reply_works_on_a_phone_and_without_script(windows: Windows, told: Story, time: Clock) -> None:
    says(told, time, f"Is it safe? {'x' * 90}", SIOBHAN, minutes_ago=12)
    page = windows.open(told.bob.person, PHONE, java_script_enabled=False)
    page.goto("/p/lakeview/replies/")
    page.get_by_role("link", name="Answer Siobhán O’Connell").click()
    page.get_by_label("Answer by text").fill(ANSWER)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#answer-preview")).to_contain_text("44 characters, 1 segment")
    expect(page.get_by_label("Answer by text")).to_have_value(ANSWER)
    shot(page, "inbox_7_phone")
    page.get_by_role("button", name="Send the answer").click()
    toast(page, "The answer to Siobhán O’Connell is on its way.")
    wide = windows.open(told.bob.person, PHONE)
    wide.goto("/p/lakeview/replies/")
    assert too_wide(wide) == 0
    with practice_scope(told.lakeview.pk):
        reply = Reply.objects.get(from_address=SIOBHAN)
    wide.goto(f"/p/lakeview/replies/{reply.pk}/")
    assert too_wide(wide) == 0
