"""Do reminders leave at their accounts' pace, in turns, without keeping anybody else waiting? (CHN-3)"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.models import GatewayAccount, GatewayPace
from integrations.operations.pacing import burst_of
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery, Reminder
from reminders.operations import claiming
from reminders.operations.answering import queue_answer, send_answers
from reminders.operations.claiming import claim_batch
from reminders.operations.sweeping import sweep
from reminders.operations.turns import take_turns
from tests.builders.due import DUE, TREATED, live_practice, states, still, waits
from tests.builders.vendor import Book, Vendor, connect, open_book

TICK = timedelta(seconds=5)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


class Clock:
    """A simulated clock that the sweep and the vendor share."""

    def __init__(self, book: Book) -> None:
        self.now = DUE
        book.clock = self

    def __call__(self) -> datetime:
        return self.now


def sent(practice: Practice) -> int:
    return states(practice).count("sent")


def never_more(calls: Iterable[datetime], rate: float) -> None:
    """No window of time saw more than its share."""
    moments = sorted(calls)
    for first, since in enumerate(moments):
        for last in range(first, len(moments)):
            window = (moments[last] - since).total_seconds()
            assert last - first + 1 <= rate * window + burst_of(rate) + 1e-6


@pytest.mark.django_db
def test_what_an_account_takes_a_second_leaves_a_second(book: Book) -> None:
    practice = live_practice(clients=60)
    connect(practice, TREATED, rate=2.0)
    clock = Clock(book)
    progress = []
    for _ in range(7):
        sweep(clock)
        progress.append(sent(practice))
        clock.now += TICK
    assert progress == [10, 20, 30, 40, 50, 60, 60]
    never_more(book.calls, 2.0)
    assert set(book.addresses().values()) == {1}


@pytest.mark.django_db
def test_what_must_wait_has_a_turn_of_its_own_and_is_not_decided_at_every_tick(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = live_practice(clients=40)
    connect(practice, TREATED, rate=1.0)
    decided: list[int] = []
    original = claiming._claim

    def counted(*arguments: Any) -> Any:
        batch = original(*arguments)
        decided.append(batch.clients)
        return batch

    monkeypatch.setattr(claiming, "_claim", counted)
    sweep(still(DUE))
    assert sent(practice) == 5
    turns = sorted(due_at for state, reason, due_at in waits(practice) if (state, reason) == ("waiting", "PACE"))
    assert len(set(turns)) == 35
    assert turns[-1] - turns[0] == timedelta(seconds=34)
    clock = Clock(book)
    for _ in range(9):
        clock.now += TICK
        sweep(clock)
    assert sent(practice) == 40
    assert sum(decided) <= 40 + 35 + 10


@pytest.mark.django_db
def test_a_line_of_texts_keeps_no_email_waiting(book: Book) -> None:
    practice = live_practice(clients=30)
    connect(practice, TREATED, rate=0.5, channels="sms")
    with practice_scope(practice.pk):
        from clients.models import Client

        by_email = list(Client.objects.order_by("pk").values_list("pk", flat=True)[20:])
        Client.objects.filter(pk__in=by_email).update(preferred_channel="email")
    sweep(still(DUE))
    with practice_scope(practice.pk):
        assert Reminder.objects.filter(state="sent", client_id__in=by_email).count() == 10
        assert Delivery.objects.filter(channel="sms").count() == 2
        waiting = Reminder.objects.filter(step="first", state="waiting")
        assert set(waiting.values_list("reason", flat=True)) == {"PACE"}
        assert not waiting.filter(client_id__in=by_email).exists()


@pytest.mark.django_db
def test_on_a_shared_account_a_practice_with_little_is_through_within_its_turns(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, small = live_practice(clients=500), live_practice("hilltop", clients=5)
    for practice in (big, small):
        connect(practice, TREATED)
    with_operators_account(monkeypatch, rate=10.0)
    clock = Clock(book)
    progress = []
    for _ in range(16):
        sweep(clock)
        progress.append((sent(big), sent(small)))
        clock.now += TICK
    assert progress[1][1] == 5
    assert progress[-1][0] == 500
    never_more(book.calls, 10.0)
    assert set(book.addresses().values()) == {1, 2}  # the two practices have clients in common


def with_operators_account(monkeypatch: pytest.MonkeyPatch, rate: float) -> None:
    """Whoever has an account at the vendor shares the operator's."""
    from django.conf import settings

    from practices.tenancy import across_practices

    monkeypatch.setattr(settings, "OPERATOR_GATEWAYS", {"vendor": {"token": "T-O"}})
    monkeypatch.setattr(settings, "OPERATOR_RATES", {"vendor": rate})
    with across_practices():
        GatewayAccount.objects.update(is_operators=True)


@pytest.mark.django_db
def test_a_gateway_s_own_rate_counts_where_the_practice_named_none(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(Vendor, "capabilities", replace(Vendor.capabilities, sends_per_second=1.0))
    practice = live_practice(clients=10)
    connect(practice, TREATED)
    sweep(still(DUE))
    assert sent(practice) == 5


@pytest.mark.django_db
def test_what_a_batch_did_not_need_is_there_for_the_next(book: Book) -> None:
    practice = live_practice(clients=3)
    account_id = connect(practice, TREATED, rate=10.0)
    assert len(claim_batch(practice.pk, DUE, 20).attempts) == 3
    assert GatewayPace.objects.get(key=str(account_id)).tokens == 57


@pytest.mark.django_db
def test_a_claim_that_fails_keeps_no_turn_for_ever(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = live_practice(clients=3)
    account_id = connect(practice, TREATED, rate=10.0)
    monkeypatch.setattr(claiming, "bound", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        claim_batch(practice.pk, DUE, 20)
    assert GatewayPace.objects.get(key=str(account_id)).tokens == 60


@pytest.mark.django_db
def test_an_answer_leaves_before_reminders_that_wait_for_their_turn(book: Book) -> None:
    practice = live_practice(clients=30)
    connect(practice, TREATED, rate=1.0)
    sweep(still(DUE))
    with practice_scope(practice.pk):
        client_id = Reminder.objects.filter(state="waiting", step="first")[:1].get().client_id
        queue_answer(
            practice.pk,
            client_id,
            Channel.SMS,
            "+13128096490",
            "Yes, Tuesday works.",
            DUE,
            touchpoint=Touchpoint.STAFF_ANSWER,
        )
    assert send_answers(still(DUE)) == 1
    assert book.addresses()["+13128096490"] == 1


@pytest.mark.django_db
def test_the_practice_that_changed_its_gateway_meanwhile_is_decided_on_next_time(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = live_practice(clients=3)
    connect(practice, TREATED)
    turns = take_turns(practice.pk, 10, DUE)
    with practice_scope(practice.pk):
        Practice.objects.update(sms_gateway="outbox")
    assert claiming._claim(practice.pk, DUE, 10, turns).attempts == []
    assert states(practice) == ["planned"] * 3
    assert len(claim_batch(practice.pk, DUE, 10).attempts) == 3
