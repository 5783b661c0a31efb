"""What becomes of a message whose sequence ended, or whose client is gone, while it was on its way? (R13, R28, R33)"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clients.models import AddressMark, Client, Suppression
from clients.operations.erasing import erase_client
from clients.operations.merging import merge, unmerge
from clients.operations.stopping import opt_out
from integrations.events import DeliveryReported
from integrations.messaging.base import Accepted, Fate, GatewayError, Meaning, Report
from integrations.queries.attempt_references import refer
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.moves import ALLOWED
from reminders.engine.words import ReminderState
from reminders.models import ClientPlan, Delivery, Message, Reminder
from reminders.operations import recording
from reminders.operations.attempts import NEVER_ARRIVED, Attempt, Outcome
from reminders.operations.claiming import claim_batch, due_clients
from reminders.operations.delivering import deliver
from reminders.operations.recording import record_outcomes
from reminders.operations.recovering import recover
from reminders.operations.reporting import apply_reports
from reminders.operations.sweeping import sweep
from reminders.queries.ledger import ledger_of, ledger_of_practice
from tests.builders.at_once import while_it_is_open
from tests.builders.due import DUE, TREATED, live_practice, still
from tests.builders.vendor import Book, broken, connect, not_mobile, open_book, opted_out, too_many

DANA, EMAIL = "+13125550142", "dana.whitfield@example.com"
SOON = DUE + timedelta(minutes=2)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


def lakeview() -> Practice:
    practice = live_practice()
    connect(practice, TREATED)
    return practice


def dana(practice: Practice) -> UUID:
    with practice_scope(practice.pk):
        return Client.objects.get(phone=DANA).pk


def first(practice: Practice, client_id: UUID) -> tuple[Any, ...]:
    with practice_scope(practice.pk):
        return Reminder.objects.values_list("state", "reason", "came_due").get(client=client_id, step="first")


def is_due(practice: Practice, client_id: UUID, after: timedelta) -> bool:
    with practice_scope(practice.pk):
        return client_id in due_clients(practice.pk, DUE + after, 10)


@pytest.mark.django_db
@pytest.mark.parametrize("said", [opted_out(), too_many(), broken(), not_mobile()], ids=lambda each: each.reason)
def test_R28_what_did_not_leave_after_a_stop_waits_for_nothing_any_more(book: Book, said: GatewayError) -> None:
    practice = lakeview()
    client_id = dana(practice)
    batch = claim_batch(practice.pk, DUE, 10)
    with practice_scope(practice.pk):
        opt_out(practice.pk, DUE, phone=DANA, origin=Suppression.Origin.REPLY, wording="STOP")
    book.by_address[DANA] = said
    deliver(batch, still(DUE))
    recover(still(SOON))
    claim_batch(practice.pk, SOON, 10)
    assert first(practice, client_id) == ("cancelled", "OPTED_OUT", True)
    assert not is_due(practice, client_id, timedelta(days=3))
    assert DANA not in book.addresses()
    with practice_scope(practice.pk):
        counted, known = ledger_of_practice(practice.pk, SOON), ledger_of(Reminder.objects.all(), SOON)
    assert (counted.suppressed, counted.due, counted.failed) == ({"OPTED_OUT": 1}, 2, 0)
    assert counted == known


@pytest.mark.django_db
@pytest.mark.parametrize("said", [opted_out(), too_many(), broken(), not_mobile()], ids=lambda each: each.reason)
def test_of_who_was_erased_meanwhile_nothing_is_planned_and_no_address_is_kept(book: Book, said: GatewayError) -> None:
    practice = lakeview()
    client_id = dana(practice)
    batch = claim_batch(practice.pk, DUE, 10)
    with practice_scope(practice.pk):
        erase_client(practice.pk, client_id, Actor(), DUE)
    book.by_address[DANA] = said
    deliver(batch, still(DUE))
    recover(still(SOON))
    assert first(practice, client_id)[:2] == ("failed", "ERASED")
    assert not is_due(practice, client_id, timedelta(days=3))
    with practice_scope(practice.pk):
        assert not Suppression.objects.filter(address=DANA).exists()
        assert not AddressMark.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("meaning", [None, Meaning.LATER, Meaning.NOT_MOBILE, Meaning.OPTED_OUT])
def test_a_message_to_who_was_erased_that_did_not_arrive_has_failed(book: Book, meaning: Meaning | None) -> None:
    practice = lakeview()
    client_id = dana(practice)
    sweep(still(DUE))
    with practice_scope(practice.pk):
        erase_client(practice.pk, client_id, Actor(), DUE)
    report(practice, client_id, "sms", meaning)
    assert first(practice, client_id)[0] == "failed"
    assert not is_due(practice, client_id, timedelta(days=3))


@pytest.mark.django_db
def test_who_was_merged_meanwhile_is_planned_for_as_whom_she_was_merged_into(book: Book) -> None:
    practice = lakeview()
    client_id = dana(practice)
    batch = claim_batch(practice.pk, DUE, 10)
    with practice_scope(practice.pk):
        olivia = Client.objects.exclude(pk=client_id).get().pk
        merge(practice.pk, olivia, client_id, DUE)
    book.by_address[DANA] = broken()
    deliver(batch, still(DUE))
    with practice_scope(practice.pk):
        marked = ClientPlan.objects.filter(replan_at=DUE).values_list("client_id", flat=True)
        assert list(marked) == [olivia]


def report(practice: Practice, client_id: UUID, channel: str, meaning: Meaning | None) -> None:
    """The carrier says that her message did not arrive on this channel."""
    with practice_scope(practice.pk):
        row = Delivery.objects.get(client=client_id, channel=channel)
        said = Report(
            f"{channel} undelivered",
            Fate.UNDELIVERED,
            refer(practice.pk, row.pk),
            at=SOON,
            meaning=meaning,
            reason="No.",
        )
        apply_reports(DeliveryReported(practice.pk, "vendor", (said,), SOON))


@pytest.mark.django_db
@pytest.mark.parametrize("took_email", [False, True])
def test_a_text_that_did_not_arrive_while_its_email_was_in_doubt_is_decided_with_it(
    book: Book, took_email: bool
) -> None:
    """It had been sent by text; whether anything arrived is known when the doubt about the email is settled."""
    practice = lakeview()
    client_id = dana(practice)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=client_id).update(preferred_channel="both")
    book.by_address[EMAIL] = broken()
    sweep(still(DUE))
    report(practice, client_id, "sms", Meaning.NOT_MOBILE)
    assert first(practice, client_id)[0] == "sent"
    del book.by_address[EMAIL]
    if took_email:
        book.when_asked = [Accepted("E1")]
    recover(still(SOON))
    assert first(practice, client_id)[0] == ("sent" if took_email else "waiting")
    with practice_scope(practice.pk):
        assert Message.objects.get(client=client_id).is_void is not took_email
    sweep(still(SOON))
    assert first(practice, client_id)[0] == "sent"
    assert book.addresses()[EMAIL] == (0 if took_email else 1)
    assert book.addresses()[DANA] == 1


def settle(practice: Practice, attempt: Attempt, by: str) -> None:
    """It was taken after all: the slow worker says so, or a callback does."""
    if by == "the worker":
        record_outcomes(practice.pk, [Outcome(attempt, Delivery.State.ACCEPTED, remote_id="V1")], SOON)
        return
    said = Report("late", Fate.ACCEPTED, attempt_id=attempt.reference)
    with practice_scope(practice.pk):
        apply_reports(DeliveryReported(practice.pk, "vendor", (said,), SOON))


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["the worker", "a callback"])
@pytest.mark.parametrize("given_up", [state for state in ReminderState if ReminderState.SENT in ALLOWED[state]])
def test_R33_what_was_taken_after_all_was_sent_whoever_says_so_first(
    book: Book, given_up: ReminderState, by: str
) -> None:
    practice = lakeview()
    client_id = dana(practice)
    batch = claim_batch(practice.pk, DUE, 10)
    [attempt] = [each for each in batch.attempts if each.client_id == client_id]
    never = Outcome(attempt, Delivery.State.REFUSED, error=NEVER_ARRIVED, retry_at=DUE)
    record_outcomes(practice.pk, [never], DUE)
    assert first(practice, client_id)[0] == "waiting"
    with practice_scope(practice.pk):
        Reminder.objects.filter(message_id=attempt.message_id).update(state=given_up.value, reason="BOOKED")
        ClientPlan.objects.filter(client=client_id).update(replan_at=None)
    settle(practice, replace(attempt, is_last=False), by)
    assert first(practice, client_id)[:2] == ("sent", "")
    with practice_scope(practice.pk):
        message = Message.objects.get(pk=attempt.message_id)
        assert (message.is_void, bool(message.sent_at)) == (False, True)
        assert ClientPlan.objects.get(client=client_id).replan_at == SOON, "what follows is planned anew"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["erased", "merged", "parted"])
def test_who_is_erased_or_merged_while_outcomes_are_recorded_waits_for_them_and_not_in_a_circle(
    book: Book, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    practice = lakeview()
    client_id = dana(practice)
    with practice_scope(practice.pk):
        olivia = Client.objects.exclude(pk=client_id).get().pk
    batch = claim_batch(practice.pk, DUE, 10)
    if what == "parted":
        with practice_scope(practice.pk):
            merge_id = merge(practice.pk, olivia, client_id, DUE).pk
    outcomes = [Outcome(each, Delivery.State.ACCEPTED, remote_id=f"V{each.delivery_id}") for each in batch.attempts]

    def change() -> None:
        with practice_scope(practice.pk):
            if what == "erased":
                erase_client(practice.pk, client_id, Actor(), DUE)
            elif what == "merged":
                merge(practice.pk, olivia, client_id, DUE)
            else:
                unmerge(practice.pk, merge_id, DUE)

    def record() -> None:
        record_outcomes(practice.pk, outcomes, DUE)

    both = while_it_is_open(practice.pk, lambda: recording._held(outcomes), change, then=record)
    assert not any(isinstance(each, Exception) for each in both)
    with practice_scope(practice.pk):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
        assert set(Reminder.objects.exclude(message=None).values_list("state", flat=True)) == {"sent"}
