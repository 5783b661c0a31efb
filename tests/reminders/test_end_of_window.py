"""Does a text that is taken just before the window closes never leave after it? (SEQ-7, messaging.md 1.1)"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.messaging.stand_ins import StandIns
from integrations.operations.accounts import connect_account
from integrations.operations.applying_callbacks import apply_callbacks
from integrations.queries.callback_routes import forget_callback_routes
from integrations.webhooks import gateways
from practices import clock
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Reminder
from reminders.operations.sweeping import sweep
from tests.builders.accounts import TWILIO
from tests.builders.due import DUE, TREATED, live_practice, states, still, waits

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
"""Eight in the evening in Chicago, of the day on which the reminders are due."""
NEXT_MORNING = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)


@pytest.fixture
def stand_ins(settings: Any) -> Iterator[StandIns]:
    with StandIns() as started:
        settings.GATEWAY_URLS = {"twilio_sms": started.url_of("twilio")}
        yield started


@pytest.fixture
def lakeview(stand_ins: StandIns) -> Practice:
    """One client is due, and Twilio carries the texts."""
    practice = live_practice(clients=1)
    connect_account(practice.pk, "twilio_sms", TWILIO, Actor(), TREATED, sends_per_second=20.0)
    with practice_scope(practice.pk):
        Practice.objects.update(sms_gateway="twilio_sms")
    return practice


def validity(stand_ins: StandIns) -> list[int]:
    """For how many seconds Twilio may hold each text that it was given."""
    asked = [request.form for request, _ in stand_ins.records.exchanged("twilio") if request.method == "POST"]
    return [int(form["ValidityPeriod"]) for form in asked]


def test_seq7_twilio_holds_a_text_no_longer_than_the_window_is_open(lakeview: Practice, stand_ins: StandIns) -> None:
    sweep(still(CLOSES - timedelta(seconds=30)))
    (seconds,) = validity(stand_ins)
    assert 5 < seconds <= 30


def test_seq7_earlier_in_the_day_it_may_hold_it_an_hour(lakeview: Practice, stand_ins: StandIns) -> None:
    sweep(still(DUE))
    assert validity(stand_ins) == [3600]


@pytest.mark.parametrize("seconds", [9, 1])
def test_seq7_with_less_left_than_a_text_needs_nothing_is_claimed(
    lakeview: Practice, stand_ins: StandIns, seconds: int
) -> None:
    sweep(still(CLOSES - timedelta(seconds=seconds)))
    assert validity(stand_ins) == []
    assert waits(lakeview) == {("waiting", "WINDOW", NEXT_MORNING)}
    sweep(still(NEXT_MORNING + timedelta(seconds=1)))
    assert validity(stand_ins) == [3600]
    assert states(lakeview) == ["sent"]


@pytest.mark.django_db(transaction=True)
def test_what_twilio_dropped_because_the_window_had_closed_leaves_the_next_morning(
    lakeview: Practice, stand_ins: StandIns, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL = live_server.url
    forget_callback_routes()
    monkeypatch.setattr(clock, "now", still(CLOSES))
    monkeypatch.setattr(gateways, "nudge", lambda: None)
    stand_ins.twilio.change({"queue_seconds": 600})
    sweep(still(CLOSES - timedelta(seconds=30)))
    assert stand_ins.settle()
    apply_callbacks(CLOSES + timedelta(seconds=1))
    (text,) = stand_ins.twilio.accepted
    assert (text.status, text.code) == ("failed", "30036"), "it never left Twilio"
    with practice_scope(lakeview.pk):
        row = Reminder.objects.get(step="first")
    assert (row.state, row.due_at > CLOSES) == ("waiting", True), "a while later it is tried once more (R4)"
    stand_ins.twilio.change({"queue_seconds": 0})
    sweep(still(row.due_at))
    assert waits(lakeview) == {("waiting", "WINDOW", NEXT_MORNING)}, "by then the window is closed"
    sweep(still(NEXT_MORNING + timedelta(seconds=1)))
    assert stand_ins.settle()
    assert [each.status for each in stand_ins.twilio.accepted] == ["failed", "delivered"]
