"""Is what is kept of an email what its carrier could carry: where that is plain text, the text alone? (MSG-6)"""

from typing import Any

import pytest

from clients.models import Client
from integrations.messaging.base import Accepted, Outgoing
from integrations.messaging.podium import Podium
from integrations.operations.accounts import connect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery
from reminders.operations.answering import queue_answer
from reminders.operations.sending_answers import send_answers
from reminders.operations.sweeping import sweep
from tests.builders.accounts import SENDGRID
from tests.builders.due import DUE, TREATED, live_practice, still
from tests.contracts.gateways.vendors import PODIUM

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "<https://lakeview.example/u/1>"}


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    """What Podium was given."""
    given: list[Outgoing] = []

    def send(_: Any, outgoing: Outgoing, attempt_id: str) -> Accepted:
        given.append(outgoing)
        return Accepted(attempt_id)

    monkeypatch.setattr(Podium, "send", send)
    return given


@pytest.fixture
def lakeview() -> Practice:
    """One client, who prefers emails; both of its carriers are connected, and Podium takes the emails."""
    practice = live_practice(clients=1)
    for gateway, values in (("podium", PODIUM), ("sendgrid_email", SENDGRID)):
        connect_account(practice.pk, gateway, values, Actor(), TREATED)
    with practice_scope(practice.pk):
        Practice.objects.update(email_gateway="podium")
        Client.objects.update(preferred_channel="email")
    return practice


def kept(practice: Practice) -> list[tuple[str, Any, bool]]:
    with practice_scope(practice.pk):
        return [(each.html, each.headers, "://" in each.text) for each in Delivery.objects.all()]


def test_a_reminder_by_a_carrier_of_plain_text_is_kept_as_its_text(lakeview: Practice, left: list[Outgoing]) -> None:
    sweep(still(DUE))
    assert kept(lakeview) == [("", {}, True)]
    (outgoing,) = left
    assert (outgoing.channel, outgoing.html, outgoing.headers) == ("email", "", {})
    assert "Unsubscribe: " in outgoing.text, "its text says how to stop all the same"


def test_an_answer_that_was_foreseen_for_another_carrier_is_kept_as_it_left(
    lakeview: Practice, left: list[Outgoing]
) -> None:
    with practice_scope(lakeview.pk):
        Practice.objects.update(email_gateway="sendgrid_email")
        client = Client.objects.get()
        queue_answer(
            lakeview.pk,
            client.pk,
            Channel.EMAIL,
            client.email,
            "See you at https://lakeview.example",
            DUE,
            touchpoint=Touchpoint.STAFF_ANSWER,
            subject="Re: Tuesday",
            html="<p>See you</p>",
            headers=ONE_CLICK,
        )
        Practice.objects.update(email_gateway="podium")
    send_answers(still(DUE))
    assert kept(lakeview) == [("", {}, True)]
    assert [(each.html, each.headers) for each in left] == [("", {})]
