"""Over real sockets: whose is an answer to a shared number, and is what a page foresees what arrives? (R28, MSG-3)"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser

from clients.models import Suppression
from integrations.messaging.stand_ins import StandIns
from integrations.operations.accounts import connect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.operations.settings import change_practice
from practices.tenancy import practice_scope
from reminders.models import Reply
from reminders.operations.sweeping import sweep
from tests.builders.accounts import chosen
from tests.builders.due import DUE, TREATED, live_practice
from tests.builders.going_out import (
    OURS,
    SENDS_A_SECOND,
    carried,
    confirmed_by_vendor,
    due,
    got,
    heard,
    running,
    twilio_values,
    write,
)
from tests.builders.reminders import sent
from tests.builders.story import NOW, Story
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

DANAS, OLIVIAS = "+13125550142", "+12195550188"
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
BUBBLE = re.compile(r'<p class="bubble">(.*?)</p>', re.DOTALL)


@pytest.fixture
def stand_ins(live_server: Any, settings: Any, time: Clock) -> Iterator[StandIns]:
    with running(settings, live_server.url, time) as started:
        yield started


@pytest.fixture
def sharing(stand_ins: StandIns, live_server: Any, settings: Any, time: Clock) -> tuple[Practice, Practice]:
    """Two practices with the same two clients, who are due; both send from the operator's number."""
    time.now = DUE
    settings.OPERATOR_GATEWAYS = {"twilio_sms": twilio_values(stand_ins)}
    stand_ins.twilio.account.inbound_url = f"{live_server.url}/webhooks/messaging/twilio_sms/"
    first, second = live_practice("lakeview"), live_practice("hilltop")
    for each in (first, second):
        connect_account(
            each.pk, "twilio_sms", {}, Actor(), TREATED, use_operators=True, sends_per_second=SENDS_A_SECOND
        )
        chosen(each, sms_gateway="twilio_sms")
    chosen(first, name="Lakeview Aesthetics")
    chosen(second, name="Hilltop Skin")
    return first, second


def leave(stand_ins: StandIns, practice: Practice, at: datetime) -> int:
    """What is due at this practice alone leaves, and Twilio tells what became of it."""
    number = sent(practice, at)
    heard(stand_ins, at)
    return number


def stopped(practice: Practice) -> set[tuple[str, str]]:
    with practice_scope(practice.pk):
        return set(Suppression.objects.values_list("address", "wording"))


def answered(practice: Practice) -> list[str]:
    with practice_scope(practice.pk):
        return list(Reply.objects.order_by("received_at", "pk").values_list("text", flat=True))


def test_R28_an_answer_to_a_shared_number_goes_to_whoever_wrote_last(
    sharing: tuple[Practice, Practice], stand_ins: StandIns, time: Clock
) -> None:
    lakeview, hilltop = sharing
    assert leave(stand_ins, lakeview, DUE) == 2
    assert leave(stand_ins, hilltop, DUE + MINUTE) == 2
    assert [each.ours for each in got(stand_ins, DANAS)] == [OURS, OURS], "both write from one number"
    time.now = DUE + 2 * MINUTE
    write(stand_ins, time, DANAS, "Yes, Tuesday works")
    assert (answered(lakeview), answered(hilltop)) == ([], ["Yes, Tuesday works"])
    time.now = DUE + WEEK
    assert leave(stand_ins, lakeview, time.now) == 2
    assert leave(stand_ins, hilltop, time.now) == 1, "Dana's answer waits for a person there; Olivia hears more"
    write(stand_ins, time, DANAS, "Is Friday free?")
    assert (answered(lakeview), answered(hilltop)) == (["Is Friday free?"], ["Yes, Tuesday works"])
    assert (stopped(lakeview), stopped(hilltop)) == (set(), set())


def test_R28_a_stop_to_a_shared_number_stops_both_and_is_confirmed_once(
    sharing: tuple[Practice, Practice], stand_ins: StandIns, time: Clock
) -> None:
    for each in sharing:
        leave(stand_ins, each, DUE)
    write(stand_ins, time, DANAS, "STOP")
    write(stand_ins, time, OLIVIAS, "please stop texting me")
    for each in sharing:
        assert stopped(each) == {(DANAS, "STOP"), (OLIVIAS, "please stop texting me")}
    assert len(confirmed_by_vendor(stand_ins, DANAS)) == 1
    assert len(got(stand_ins, DANAS)) == 2, "Twilio has confirmed it; we say nothing more"
    [_, _, ours] = got(stand_ins, OLIVIAS)
    assert "you have opted out" in ours.text
    assert confirmed_by_vendor(stand_ins, OLIVIAS) == []
    before = len(stand_ins.records.all())
    for weeks in (1, 2):
        time.now = DUE + weeks * WEEK
        sweep(time)
        heard(stand_ins, time.now)
    assert stand_ins.records.all()[before:] == []


@pytest.mark.parametrize("detail", Practice.Detail)
def test_the_page_shows_each_text_as_it_then_arrives(
    told: Story, stand_ins: StandIns, time: Clock, detail: Practice.Detail
) -> None:
    carried(told.lakeview, stand_ins)
    change_practice(told.lakeview.pk, {"sms_detail": detail.value}, Actor(), NOW)
    client = due(told.lakeview, "Siobhán O’Dell", 307)
    browser = Browser()
    browser.force_login(told.alice.person)
    arrived: list[str] = []
    for step in ("first", "second", "last"):
        foreseen = bubbles(browser, client.pk)
        assert foreseen[: len(arrived)] == arrived, "what was sent is shown as it was"
        time.now += timedelta(seconds=10) if step == "first" else WEEK
        sweep(time)
        heard(stand_ins, time.now)
        arrived = [each.text for each in got(stand_ins, client.phone)]
        assert arrived[-1] == foreseen[len(arrived) - 1], step
    assert len(arrived) == 3
    assert all(("Botox" in text) is (detail == Practice.Detail.NAMED) for text in arrived), arrived


def bubbles(browser: Browser, client_id: UUID) -> list[str]:
    """The texts on a client's page, in their order: those that left, then those to come."""
    html = browser.get(f"/p/lakeview/clients/{client_id}/").content.decode()
    return [unescape(re.sub("<[^>]+>", "", each)) for each in BUBBLE.findall(html)]
