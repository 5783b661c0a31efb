"""Carriers call back over a real socket, twice and out of order: does what follows suit the client? (CHN-2, OPT-1)"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clients.models import AddressMark, Client, Suppression
from integrations.messaging.stand_ins import StandIns
from integrations.models import GatewayEvent, GatewayRoute
from integrations.operations.accounts import connect_account
from integrations.operations.applying_callbacks import apply_callbacks
from integrations.queries.accounts import callback_url
from integrations.queries.callback_routes import forget_callback_routes
from integrations.webhooks import gateways
from practices import clock
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder, Reply
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, live_practice, still
from tests.builders.practices import MADE_AT

OURS = "+13125550100"
TOLD = DUE + timedelta(minutes=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stand_ins() -> Iterator[StandIns]:
    with StandIns() as running:
        for vendor in running.vendors.values():
            vendor.callbacks.plan(duplicate=0.5, reorder=0.5, seed=7)
        yield running


@pytest.fixture
def practice(stand_ins: StandIns, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """Lakeview, live, with Dana and Olivia due; its texts leave by Twilio, its emails by SendGrid."""
    settings.PUBLIC_URL = live_server.url
    settings.GATEWAY_URLS = {
        "twilio_sms": stand_ins.url_of("twilio"),
        "sendgrid_email": stand_ins.url_of("sendgrid"),
    }
    monkeypatch.setattr(gateways, "nudge", lambda: None)
    monkeypatch.setattr(clock, "now", still(TOLD))
    forget_callback_routes()
    lakeview = live_practice()
    twilio, sendgrid = stand_ins.twilio.account, stand_ins.sendgrid.account
    twilio.inbound_url = _connect(
        lakeview, "twilio_sms", account_sid=twilio.sid, auth_token=twilio.auth_token, from_number=OURS
    )
    sendgrid.event_url = _connect(
        lakeview,
        "sendgrid_email",
        api_key=sendgrid.api_key,
        from_email="hello@lakeview.example",
        event_key=sendgrid.event_public_key,
    )
    with practice_scope(lakeview.pk):
        Practice.objects.filter(pk=lakeview.pk).update(sms_gateway="twilio_sms", email_gateway="sendgrid_email")
    return lakeview


def _connect(practice: Practice, gateway: str, **values: str) -> str:
    account_id = connect_account(practice.pk, gateway, values, Actor(), MADE_AT, sends_per_second=100)
    return callback_url(GatewayRoute.objects.get(account_id=account_id).pk)


def dana(practice: Practice) -> UUID:
    with practice_scope(practice.pk):
        return Client.objects.values_list("pk", flat=True).get(first_name="Dana")


def heard(practice: Practice, stand_ins: StandIns) -> set[str]:
    """Carriers have called back, and workers have applied it; the states of the rows that came in."""
    assert stand_ins.settle()
    apply_callbacks(TOLD)
    with practice_scope(practice.pk):
        return set(GatewayEvent.objects.values_list("state", flat=True))


def tries(practice: Practice, client_id: UUID) -> list[tuple[str, str, str]]:
    with practice_scope(practice.pk):
        rows = Delivery.objects.filter(client_id=client_id).order_by("attempted_at", "pk")
        return list(rows.values_list("channel", "state", "error_code"))


def test_a_landline_gets_the_email_and_no_text_again(practice: Practice, stand_ins: StandIns) -> None:
    client_id = dana(practice)
    stand_ins.twilio.doom("+13125550142", 30006)
    assert sweep(still(DUE)) == 2
    assert heard(practice, stand_ins) == {"applied"}
    with practice_scope(practice.pk):
        assert AddressMark.objects.get().problem == "not_mobile"
    sweep(still(TOLD + timedelta(seconds=10)))
    heard(practice, stand_ins)
    assert tries(practice, client_id) == [("sms", "undelivered", "30006"), ("email", "delivered", "")]
    with practice_scope(practice.pk):
        assert Reminder.objects.get(client_id=client_id, step="first").state == "delivered"
    assert [kept.address for kept in stand_ins.sendgrid.accepted] == ["dana.whitfield@example.com"]
    assert sorted(kept.address for kept in stand_ins.twilio.accepted) == ["+12195550188", "+13125550142"]


def test_a_mailbox_that_is_gone_gets_a_text_instead(practice: Practice, stand_ins: StandIns) -> None:
    client_id = dana(practice)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=client_id).update(preferred_channel="email", email="bounce@example.com")
    sweep(still(DUE))
    heard(practice, stand_ins)
    sweep(still(TOLD + timedelta(seconds=10)))
    heard(practice, stand_ins)
    assert [(channel, state) for channel, state, _ in tries(practice, client_id)] == [
        ("email", "undelivered"),
        ("sms", "delivered"),
    ]
    with practice_scope(practice.pk):
        mark = AddressMark.objects.get()
        assert (mark.subject, mark.address, mark.problem) == ("email", "bounce@example.com", "no_such")


def test_a_stop_is_heard_once_and_ends_it(practice: Practice, stand_ins: StandIns) -> None:
    stand_ins.twilio.write_back("+13125550142", OURS, "STOP")
    assert heard(practice, stand_ins) == {"applied"}
    with practice_scope(practice.pk):
        assert Suppression.objects.get(address="+13125550142").origin == "reply"
        assert Reply.objects.count() == 1
    sweep(still(DUE))
    assert [kept.address for kept in stand_ins.twilio.accepted] == ["+12195550188"]
