"""Does each message reach the vendors exactly once through their real SDKs and over sockets that break? (CHN-3)"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from clients.models import Client
from integrations.messaging.stand_ins import StandIns
from integrations.operations.accounts import connect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder
from reminders.operations.recovering import recover
from reminders.operations.sweeping import sweep
from tests.builders.accounts import SENDGRID, SENDGRID_KEY, TWILIO
from tests.builders.due import DUE, TREATED, live_practice, states, tries

CLIENTS = 40
ROUNDS = 30
FAULTS = {
    "rate_limited": 0.08,
    "error_before": 0.08,
    "error_after": 0.08,
    "cut_before": 0.08,
    "cut_after": 0.08,
    "cut_midway": 0.05,
    "garbage": 0.05,
}


class Clock:
    """Our clock and the vendors'."""

    now = DUE

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_ins(clock: Clock, settings: Any) -> Iterator[StandIns]:
    with StandIns(now=clock) as started:
        settings.GATEWAY_URLS = {
            "twilio_sms": started.url_of("twilio"),
            "sendgrid_email": started.url_of("sendgrid"),
        }
        for vendor in (started.twilio, started.sendgrid):
            vendor.callbacks.hold()
        yield started


def lakeview(**of_sendgrid: str) -> Practice:
    """Half of its clients want texts, half emails; Twilio and SendGrid carry them."""
    practice = live_practice(clients=CLIENTS)
    for gateway, values in (("twilio_sms", TWILIO), ("sendgrid_email", {**SENDGRID, **of_sendgrid})):
        connect_account(practice.pk, gateway, values, Actor(), TREATED, sends_per_second=20.0)
    with practice_scope(practice.pk):
        Practice.objects.update(sms_gateway="twilio_sms", email_gateway="sendgrid_email")
        half = list(Client.objects.order_by("pk").values_list("pk", flat=True)[::2])
        Client.objects.filter(pk__in=half).update(preferred_channel="email")
        Client.objects.exclude(pk__in=half).update(preferred_channel="sms")
    return practice


@pytest.mark.django_db
def test_with_the_paid_log_an_email_that_sendgrid_took_is_found_and_no_other_claimed(
    stand_ins: StandIns, clock: Clock
) -> None:
    practice = lakeview(activity_log="yes")
    stand_ins.sendgrid.change({"api_key": SENDGRID_KEY, "has_activity_log": True})
    stand_ins.sendgrid.faults.chance({"cut_before": 0.2, "cut_after": 0.4}, seed=3)
    sweep(clock)
    stand_ins.sendgrid.faults.clear()
    clock.now += timedelta(minutes=2)
    recover(clock)
    mails = {each.address for each in stand_ins.sendgrid.accepted if each.direction == "outbound"}
    with practice_scope(practice.pk):
        by_email = Delivery.objects.filter(channel="email")
        known = set(by_email.filter(state="accepted").values_list("to_address", flat=True))
        in_doubt = by_email.filter(state="unknown")
        assert known == mails
        assert in_doubt.exists()
        assert not in_doubt.filter(next_at=None).exists(), "the log comes late: it is asked again"
    assert len(mails) == len([each for each in stand_ins.sendgrid.accepted if each.direction == "outbound"])


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [7, 2026])
def test_whatever_breaks_each_text_is_accepted_once_and_no_email_twice(
    stand_ins: StandIns, clock: Clock, seed: int
) -> None:
    practice = lakeview()
    stand_ins.sendgrid.change({"api_key": SENDGRID_KEY})
    stand_ins.twilio.faults.chance(FAULTS, seed=seed, retry_after=1)
    stand_ins.sendgrid.faults.chance(FAULTS, seed=seed + 1, retry_after=1)
    pauses = Random(seed)
    for number in range(ROUNDS):
        if number == ROUNDS - 8:
            stand_ins.twilio.faults.clear()
            stand_ins.sendgrid.faults.clear()
        sweep(clock)
        recover(clock)
        clock.now += timedelta(seconds=pauses.choice((5, 30, 120, 400)))
    with practice_scope(practice.pk):
        phones = set(Client.objects.filter(preferred_channel="sms").values_list("phone", flat=True))
        emails = set(Client.objects.filter(preferred_channel="email").values_list("email", flat=True))
        unknown = Delivery.objects.filter(state="unknown")
        in_doubt = set(unknown.values_list("to_address", flat=True))
        assert set(unknown.values_list("channel", flat=True)) <= {"email"}
        assert not unknown.exclude(next_at=None).exists()
        sent = Reminder.objects.filter(step="first", state="sent").count()
    texts = [each.address for each in stand_ins.twilio.accepted if each.direction == "outbound"]
    mails = [each.address for each in stand_ins.sendgrid.accepted if each.direction == "outbound"]
    assert sorted(texts) == sorted(phones)
    assert len(mails) == len(set(mails))
    assert emails - in_doubt <= set(mails) <= emails
    assert sent + len(in_doubt) == CLIENTS
    assert states(practice).count("unknown") == len(in_doubt)
    assert tries(practice)["refused"] >= 3  # it did break
