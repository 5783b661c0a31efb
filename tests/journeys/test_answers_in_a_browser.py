"""Clients answer what they got: three ways to stop and a mailbox's button are heeded, a yes is answered."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client
from integrations.messaging.stand_ins import StandIns
from reminders.operations.answering import send_answers
from tests.builders.browser import CHROMIUM, PHONE, Windows, shot, toast, too_wide
from tests.builders.going_out import A_MOMENT, carried, confirmed_by_vendor, due, got, heard, leave, running, write
from tests.builders.story import Story
from tests.journeys.conftest import Clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]

ANSWER = "See you Tuesday at ten, Tess."
CONFIRMED = "Lakeview Aesthetics: you have opted out, and no more texts will come. Reply START to get them again."


@pytest.fixture
def stand_ins(live_server: Any, settings: Any, time: Clock) -> Iterator[StandIns]:
    with running(settings, live_server.url, time) as started:
        yield started


@pytest.fixture
def carriers(told: Story, stand_ins: StandIns) -> StandIns:
    """Lakeview's texts leave by Twilio and its emails by SendGrid."""
    carried(told.lakeview, stand_ins)
    return stand_ins


def test_each_way_to_stop_is_heeded_logged_and_confirmed_once(
    windows: Windows, told: Story, carriers: StandIns, time: Clock
) -> None:
    said = {"STOP": 301, "please stop texting me": 302, "ALTO": 303}
    texted = {words: due(told.lakeview, f"Rae {words.split()[0].title()}", at) for words, at in said.items()}
    ida = due(told.lakeview, "Ida Frost", 304, preferred_channel="email")
    quiet = due(told.lakeview, "Uma Quill", 308)
    leave(carriers, time)
    for words, client in texted.items():
        write(carriers, time, client.phone, words)
        write(carriers, time, client.phone, words)
    exact, free, spanish = (each.phone for each in texted.values())
    assert [len(confirmed_by_vendor(carriers, each)) for each in (exact, free, spanish)] == [1, 0, 0]
    assert [[kept.text for kept in got(carriers, each)[1:]] for each in (exact, free, spanish)] == [
        [],
        [CONFIRMED],
        [CONFIRMED],
    ]
    presses_unsubscribe(windows, carriers, ida)

    page = windows.open(told.alice.person)
    for words, client in texted.items():
        page.goto(f"/p/lakeview/clients/{client.pk}/")
        expect(page.locator(".head .state")).to_contain_text("Opted out")
        stopped = page.locator("li.key").filter(has=page.get_by_role("heading", name="Opted out"))
        expect(stopped).to_contain_text("By a reply.")
        expect(stopped.locator(".quote")).to_have_text(words)
        expect(page.locator("li.coming")).to_have_count(0)
    shot(page, "carriers_5_stopped")
    page.goto("/p/lakeview/suppressions/")
    for words, client in texted.items():
        row = (
            page.get_by_role("row").filter(has_text=client.last_name).filter(has_text=f"(312) 555-{client.phone[-4:]}")
        )
        expect(row).to_contain_text("By a reply")
        expect(row.locator(".quote")).to_have_text(words)
        expect(row.locator("time").first).to_have_attribute("datetime", re.compile("^2026-11-24T"))
    expect(page.get_by_role("row").filter(has_text="Ida Frost")).to_contain_text("unsubscribe")
    shot(page, "carriers_6_suppressions")
    before = len(carriers.records.all())
    time.now += timedelta(days=7)
    leave(carriers, time)
    later = {each.address for each in carriers.records.all()[before:]}
    assert quiet.phone in later, "whoever said nothing hears more"
    assert later.isdisjoint({exact, free, spanish, ida.phone, ida.email, *(each.email for each in texted.values())})


def presses_unsubscribe(windows: Windows, carriers: StandIns, ida: Client) -> None:
    """Her mailbox has a button beside the sender's name."""
    mailbox = windows.open()
    mailbox.goto(f"{carriers.url}/with/sendgrid/{ida.email}")
    mailbox.get_by_role("button", name="Press Unsubscribe in the mailbox").press("Enter")
    expect(mailbox.get_by_role("status")).to_contain_text("the mailbox takes the client for unsubscribed")
    shot(mailbox, "carriers_7_mailbox")


def test_bob_answers_a_yes_from_his_phone(windows: Windows, told: Story, carriers: StandIns, time: Clock) -> None:
    tess = due(told.lakeview, "Tess Gray", 305)
    leave(carriers, time)
    write(carriers, time, tess.phone, "yes, Tuesday works")
    page = windows.open(told.bob.person, PHONE)
    page.goto("/p/lakeview/replies/")
    expect(page.get_by_role("region", name="Unanswered")).to_contain_text("yes, Tuesday works")
    page.get_by_role("link", name="Answer Tess Gray").tap()
    assert_hours_stand_apart(page)
    page.get_by_label("Answer by text").fill(ANSWER)
    expect(page.locator("#answer-preview .bubble")).to_have_text(ANSWER)
    shot(page, "carriers_8_answering")
    page.get_by_role("button", name="Send the answer").tap()
    toast(page, "The answer to Tess Gray is on its way.")
    time.now += A_MOMENT
    assert send_answers(time) == 1
    heard(carriers, time.now)
    assert [each.text for each in got(carriers, tess.phone)[1:]] == [ANSWER]
    page.goto(f"/p/lakeview/clients/{tess.pk}/")
    expect(page.locator(".timeline")).to_contain_text("Bob answered, by text")
    expect(page.locator(".head .state")).not_to_contain_text("Opted out")
    assert too_wide(page) == 0


def assert_hours_stand_apart(page: Page) -> None:
    """No hour of what was said lies on the words beside it."""
    lines = page.get_by_role("region", name="What was said").get_by_role("listitem")
    expect(lines).to_have_count(2)
    for line in lines.all():
        hour, words = line.locator(".when").bounding_box(), line.locator(".event").bounding_box()
        assert hour is not None
        assert words is not None
        assert hour["y"] + hour["height"] <= words["y"] + 1
