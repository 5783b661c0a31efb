"""Is each word of a carrier applied once, in its turn, and a bad one in nobody's way? (CHN-2, CHN-4)"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from integrations.events import DeliveryReported, MessageReceived, NotOurs, delivery_reported, message_received
from integrations.models import GatewayEvent
from integrations.operations.applying_callbacks import LOOKS_FOR_IT, NOT_OURS, RETRY_AFTER, apply_batch, apply_callbacks
from integrations.queries.waiting import TO_APPLY, practices_with_callbacks
from integrations.tasks import apply_callbacks as task
from integrations.webhooks.gateways import TASK
from medspa.beat import SCHEDULE
from practices import clock
from practices.tenancy import practice_scope
from tests.builders.callbacks import Line, line
from tests.builders.practices import MADE_AT, hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints")]

Heard = list[DeliveryReported | MessageReceived]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What receivers are told; those of the apps above keep silent."""
    said: Heard = []

    def note(sender: Any, event: DeliveryReported | MessageReceived, **_: Any) -> None:
        said.append(event)

    _only(monkeypatch, note)
    return said


def _only(monkeypatch: pytest.MonkeyPatch, receiver: Callable[..., Any]) -> None:
    for signal in (delivery_reported, message_received):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
        signal.connect(receiver, weak=False)


def states(mine: Line) -> list[str]:
    return [each.state for each in mine.stored()]


def test_what_waits_is_applied_once_what_clients_wrote_first_and_in_the_order_in_which_it_came(heard: Heard) -> None:
    mine = line(lakeview())
    mine.status("sent", uuid4())
    mine.status("delivered", uuid4())
    mine.text("Hello")
    mine.status("undelivered", uuid4(), MessageSid="SM2", ErrorCode="30006")
    assert apply_callbacks(clock.now()) == 4
    assert apply_callbacks(clock.now()) == 0
    message, plain, landline = heard
    assert isinstance(plain, DeliveryReported)
    assert isinstance(landline, DeliveryReported)
    assert isinstance(message, MessageReceived)
    assert [each.event_key for each in plain.reports] == ["SM1:sent", "SM1:delivered"]
    assert (message.message.text, message.message.at is not None) == ("Hello", True)
    assert [each.code for each in landline.reports] == ["30006"]
    assert states(mine) == ["applied"] * 4
    assert all(each.applied_at and each.attempts == 1 and each.next_attempt_at is None for each in mine.stored())


def test_the_words_are_as_the_gateway_said_them(heard: Heard) -> None:
    mine = line(lakeview())
    delivery_id = uuid4()
    mine.status("undelivered", delivery_id, ErrorCode="30006")
    apply_callbacks(clock.now())
    [event] = heard
    assert isinstance(event, DeliveryReported)
    [report] = event.reports
    assert (event.practice_id, event.gateway) == (mine.practice.pk, "twilio_sms")
    assert (report.fate, report.meaning, report.remote_id) == ("undelivered", "not_mobile", "SM1")
    assert report.reason
    assert len(report.attempt_id) == 43


def test_one_that_fails_is_put_off_and_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = line(lakeview()), line(hilltop(), token="fedcba9876543210fedcba9876543210", number="+13035550100")

    def choke(sender: Any, event: DeliveryReported, **_: Any) -> None:
        if any(each.remote_id == "SM-bad" for each in event.reports):
            raise RuntimeError("no")

    _only(monkeypatch, choke)
    mine.status("sent", uuid4(), MessageSid="SM-good")
    mine.status("sent", uuid4(), MessageSid="SM-bad")
    mine.status("sent", uuid4(), MessageSid="SM-fine")
    theirs.status("sent", uuid4())
    now = clock.now()
    assert apply_callbacks(now) == 4
    assert (states(mine), states(theirs)) == (["applied", "retrying", "applied"], ["applied"])
    for attempt, wait in enumerate(RETRY_AFTER, start=1):
        bad = mine.stored()[1]
        assert (bad.attempts, bad.next_attempt_at) == (attempt, now + wait)
        assert apply_callbacks(now + wait - timedelta(seconds=1)) == 0
        now += wait
        assert apply_callbacks(now) == 1
    bad = mine.stored()[1]
    assert (bad.state, bad.attempts, bad.next_attempt_at) == ("set_aside", 8, None)
    assert bad.reason == "8 tries failed, the last with RuntimeError."


def test_a_message_of_somebody_else_is_looked_for_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = line(lakeview())

    def stranger(sender: Any, **_: Any) -> None:
        raise NotOurs

    _only(monkeypatch, stranger)
    mine.status("sent")
    for year in range(LOOKS_FOR_IT + 1):
        apply_callbacks(datetime(2100 + year, 1, 1, tzinfo=UTC))
    [event] = mine.stored()
    assert (event.state, event.attempts, event.reason) == ("set_aside", LOOKS_FOR_IT, NOT_OURS)


def test_what_a_client_wrote_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = line(lakeview())
    is_mended: list[bool] = []

    def choke(sender: Any, event: MessageReceived, **_: Any) -> None:
        if not is_mended:
            raise NotOurs

    _only(monkeypatch, choke)
    mine.text("STOP")
    now = clock.now()
    for _ in range(20):
        apply_callbacks(now)
        [event] = mine.stored()
        assert event.state == "retrying"
        assert event.next_attempt_at is not None
        assert event.next_attempt_at - now <= RETRY_AFTER[-1]
        now = event.next_attempt_at
    is_mended.append(True)
    apply_callbacks(now)
    assert states(mine) == ["applied"]


def test_a_copy_of_a_report_that_is_another_practice_s_message_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = line(lakeview())

    def stranger(sender: Any, **_: Any) -> None:
        raise NotOurs

    _only(monkeypatch, stranger)
    mine.status("sent")
    with practice_scope(mine.practice.pk):
        event = GatewayEvent.objects.get()
        GatewayEvent.objects.update(told={**event.told, "is_copy": True})
    for year in range(LOOKS_FOR_IT):
        assert len(mine.stored()) == 1
        apply_callbacks(datetime(2100 + year, 1, 1, tzinfo=UTC))
    assert mine.stored() == []


def test_a_stop_waits_behind_no_flood_of_reports(heard: Heard) -> None:
    mine = line(lakeview())
    for number in range(30):
        mine.status("undelivered", uuid4(), MessageSid=f"SM{number}", ErrorCode="30006")
    mine.text("STOP")
    assert apply_batch(mine.practice.pk, clock.now(), 1) == 1
    [first] = heard
    assert isinstance(first, MessageReceived)


def test_practices_whose_clients_wrote_have_their_turn_first() -> None:
    flooded, asked = line(lakeview()), line(hilltop(), token="fedcba9876543210fedcba9876543210")
    flooded.status("sent", uuid4())
    asked.text("STOP")
    assert practices_with_callbacks(clock.now()) == [asked.practice.pk, flooded.practice.pk]


def test_the_turn_is_read_from_the_index_of_what_waits() -> None:
    mine = line(lakeview())
    with practice_scope(mine.practice.pk):
        GatewayEvent.objects.bulk_create(
            GatewayEvent(
                practice=mine.practice, gateway="twilio_sms", kind="report", event_key=f"SM{n}", told={},
                received_at=MADE_AT, next_attempt_at=MADE_AT, state="applied" if n % 20 else "received",
            )
            for n in range(4_000)
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE integrations_gatewayevent")
        due = GatewayEvent.objects.filter(
            practice_id=mine.practice.pk, state__in=TO_APPLY, next_attempt_at__lte=clock.now()
        )
        assert "gateway_event_to_apply" in due.order_by("kind", "next_attempt_at", "id")[:200].explain()


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_apply_each_word_once(heard: Heard) -> None:
    mine = line(lakeview())
    for number in range(40):
        mine.status("undelivered" if number % 4 == 0 else "sent", uuid4(), MessageSid=f"SM{number}")
    now, barrier, done = clock.now(), Barrier(4), []

    def work() -> None:
        try:
            barrier.wait(10)
            done.append(apply_callbacks(now))
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 40
    assert all(each.attempts == 1 and each.state == "applied" for each in mine.stored())
    keys = [report.event_key for event in heard if isinstance(event, DeliveryReported) for report in event.reports]
    assert len(keys) == len(set(keys)) == 40


def test_the_clock_and_each_callback_set_the_same_task_off() -> None:
    assert task.name == TASK
    assert TASK in {each["task"] for each in SCHEDULE.values()}
