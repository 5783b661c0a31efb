"""What may a word do here that was said to a neighbor on the same number? (R28, OPT-3)"""

from datetime import timedelta

import pytest

from clients.models import Client, Consent, Suppression
from clients.operations.stopping import opt_out
from integrations.events import MessageReceived, message_received
from integrations.messaging.base import Inbound
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.models import Reply
from tests.builders.due import DUE, live_practice

DANA, DANAS = "+13125550142", "dana.whitfield@example.com"
MINUTE = timedelta(minutes=1)
Origin = Suppression.Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def hilltop() -> Practice:
    return live_practice("hilltop")


def hears(practice: Practice, text: str, *, is_copy: bool = True) -> None:
    said = Inbound(
        f"SM:{text}", "sms", DANA, "+13128096490", text, f"SM:{text}", DUE, is_answered_by_vendor=True, is_copy=is_copy
    )
    with practice_scope(practice.pk):
        message_received.send(sender=Practice, event=MessageReceived(practice.pk, "twilio_sms", said, DUE))


def stopped(practice: Practice, origin: Origin, **whom: str) -> None:
    with practice_scope(practice.pk):
        opt_out(practice.pk, DUE - MINUTE, origin=origin, wording="never again", **whom)  # type: ignore[arg-type]


def left(practice: Practice) -> tuple[int, int, int]:
    """Opt-outs that stand whole, words in the ledger of consents, replies."""
    with practice_scope(practice.pk):
        whole = Suppression.objects.filter(lifted_at=None, narrowed_at=None).count()
        return whole, Consent.objects.filter(source="reply START").count(), Reply.objects.count()


@pytest.mark.parametrize("origin", [Origin.REPLY, Origin.GATEWAY])
def test_a_copied_start_takes_back_what_was_said_to_that_number(hilltop: Practice, origin: Origin) -> None:
    stopped(hilltop, origin, phone=DANA)
    hears(hilltop, "START")
    assert left(hilltop) == (0, 1, 1)
    with practice_scope(hilltop.pk):
        assert Reply.objects.get().handling == "answered"


@pytest.mark.parametrize(
    "origin", [Origin.STAFF, Origin.NOTE, Origin.SURVEY, Origin.WEBHOOK, Origin.IMPORT, Origin.LINK, Origin.ONE_CLICK]
)
def test_a_copied_start_leaves_what_was_said_here_otherwise_and_nobody_has_to_look(
    hilltop: Practice, origin: Origin
) -> None:
    stopped(hilltop, origin, phone=DANA)
    hears(hilltop, "START")
    assert left(hilltop) == (1, 0, 0)
    hears(hilltop, "start", is_copy=False)
    assert left(hilltop) == (0, 1, 1)


def test_a_copied_start_leaves_an_unsubscription_by_email_whole(hilltop: Practice) -> None:
    stopped(hilltop, Origin.REPLY, phone=DANA)
    stopped(hilltop, Origin.LINK, email=DANAS)
    hears(hilltop, "START")
    assert left(hilltop) == (2, 0, 0)


def test_a_copied_start_that_finds_nothing_to_take_back_is_not_kept(hilltop: Practice) -> None:
    hears(hilltop, "START")
    assert left(hilltop) == (0, 0, 0)


def test_a_copied_stop_stops(hilltop: Practice) -> None:
    hears(hilltop, "STOP")
    assert left(hilltop) == (1, 0, 1)


def test_a_copy_that_may_be_a_stop_holds_texts_here_too(hilltop: Practice) -> None:
    hears(hilltop, "wrong number")
    with practice_scope(hilltop.pk):
        reply = Reply.objects.get()
        assert (reply.intent, reply.handled_at, reply.client) == ("unsure", None, Client.objects.get(phone=DANA))
