"""What follows from what a remote gateway says, or does not say? (CHN-2, CHN-3, R26, R32)"""

from concurrent.futures import wait
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import OperationalError, connection

from clients.models import AddressMark, Suppression
from integrations.events import DeliveryReported
from integrations.messaging.base import Fate, Meaning, NotSent, Refused, Report
from integrations.models import GatewayAccount, GatewayPace
from integrations.operations import pacing
from integrations.operations.account_health import note_success
from integrations.queries.attempt_references import read_reference
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import Reason
from reminders.models import Delivery, Message, Reminder
from reminders.operations import handing_over, noting, open_gateways
from reminders.operations.attempts import (
    DECIDED_TOO_LONG_AGO,
    HELD_BACK,
    NEVER_ARRIVED,
    NOT_TRIED_AGAIN,
    STOPPED,
    Outcome,
)
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.open_gateways import OpenGateways
from reminders.operations.recording import record_outcomes
from reminders.operations.recovering import recover
from reminders.operations.reporting import apply_reports
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, TREATED, live_practice, states, still, tries, waits
from tests.builders.vendor import Book, broken, connect, not_mobile, open_book, opted_out, too_many

DANA, OLIVIA = "+13125550142", "+12195550188"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


def lakeview(*, clients: int = 0, **chosen: Any) -> Practice:
    practice = live_practice(clients=clients)
    connect(practice, TREATED, **chosen)
    return practice


def rows(practice: Practice, *columns: str) -> list[tuple[Any, ...]]:
    with practice_scope(practice.pk):
        return list(Delivery.objects.order_by("attempted_at", "pk").values_list(*columns))


@pytest.mark.django_db
def test_an_accepted_message_is_kept_with_its_account_and_the_vendor_s_name(book: Book) -> None:
    practice = live_practice()
    account_id = connect(practice, TREATED)
    sweep(still(DUE))
    assert states(practice) == ["sent", "sent"]
    taken = {read_reference(each.reference): each.remote_id for each in book.taken}
    assert len(taken) == 2
    for pk, account, gateway, remote_id, next_at, settled_at in rows(
        practice, "pk", "account_id", "gateway", "remote_id", "next_at", "settled_at"
    ):
        assert (account, gateway, next_at, settled_at) == (account_id, "vendor", None, DUE)
        assert taken[practice.pk, pk] == remote_id


@pytest.mark.django_db
def test_calls_are_made_at_once_and_none_of_their_threads_touches_the_database(book: Book) -> None:
    practice = lakeview(clients=8)
    together = Barrier(4)
    met: list[bool] = []
    touched: list[object] = []

    def during(_: object) -> None:
        touched.append(connection.connection)
        try:
            together.wait(10)
        except BrokenBarrierError:
            met.append(False)
        else:
            met.append(True)

    book.during = during
    sweep(still(DUE))
    assert met == [True] * 8
    assert touched == [None] * 8
    assert len(book.threads) >= 4
    assert states(practice) == ["sent"] * 8


@pytest.mark.django_db
def test_gateways_stay_open_from_batch_to_batch(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = lakeview(clients=6)
    opened = []
    with OpenGateways() as gateways:
        for _ in range(3):
            deliver(claim_batch(practice.pk, DUE, 2), still(DUE), gateways)
            [one] = gateways._known.values()
            opened.append(one._opened)
    assert opened == [2, 2, 2]
    assert states(practice) == ["sent"] * 6


@pytest.mark.django_db
def test_a_landline_is_marked_and_the_email_carries_the_reminder_in_the_same_tick(book: Book) -> None:
    practice = lakeview()
    book.by_address[DANA] = not_mobile()
    sweep(still(DUE))
    assert states(practice) == ["sent", "sent"]
    assert book.addresses() == {OLIVIA: 1, "dana.whitfield@example.com": 1}
    with practice_scope(practice.pk):
        mark = AddressMark.objects.get()
        assert (mark.subject, mark.address, mark.problem, mark.code, mark.gateway) == (
            "phone",
            DANA,
            "not_mobile",
            "21614",
            "vendor",
        )
        refused = Delivery.objects.get(state="refused")
        assert (refused.error, refused.error_code) == ("Not a mobile number.", "21614")
        assert refused.message.is_void


@pytest.mark.django_db
def test_with_no_other_way_it_waits_and_says_why(book: Book) -> None:
    practice = lakeview()
    for phone, email in ((DANA, "dana.whitfield@example.com"), (OLIVIA, "olivia@example.com")):
        book.by_address[phone] = not_mobile()
        book.by_address[email] = Refused("No such mailbox.", code="550", meaning=Meaning.NO_SUCH)
    sweep(still(DUE))
    assert waits(practice) == {("waiting", "UNREACHABLE", DUE + timedelta(hours=1))}
    assert tries(practice) == {"refused": 4}
    sweep(still(DUE + timedelta(days=5, hours=1)))
    assert states(practice) == ["suppressed", "suppressed"]
    assert not book.taken


@pytest.mark.django_db
def test_an_opt_out_that_the_vendor_holds_becomes_ours_with_the_refusal(book: Book) -> None:
    practice = lakeview()
    book.by_address[DANA] = opted_out()
    sweep(still(DUE))
    assert book.addresses() == {OLIVIA: 1}
    assert states(practice) == ["cancelled", "sent"]
    with practice_scope(practice.pk):
        stop = Suppression.objects.get(subject="phone")
        assert (stop.address, stop.origin, stop.at) == (DANA, "gateway", DUE)
        hers = Reminder.objects.filter(client__phone=DANA)
        assert set(hers.values_list("state", "reason")) == {("cancelled", "OPTED_OUT")}


@pytest.mark.django_db
def test_what_the_carrier_filters_has_failed_and_does_not_leave_again(book: Book) -> None:
    practice = lakeview()
    book.by_address[DANA] = Refused("The carrier filtered it.", code="30007", meaning=Meaning.FILTERED)
    sweep(still(DUE))
    sweep(still(DUE + timedelta(days=1)))
    assert states(practice) == ["failed", "sent"]
    assert rows(practice, "state", "error", "error_code") == [
        ("refused", "The carrier filtered it.", "30007"),
        ("accepted", "", ""),
    ] or rows(practice, "state", "error", "error_code") == [
        ("accepted", "", ""),
        ("refused", "The carrier filtered it.", "30007"),
    ]


@pytest.mark.django_db
def test_what_does_not_get_through_now_is_tried_once_more_four_hours_later(book: Book) -> None:
    practice = lakeview(clients=1)
    later = Refused("The phone is off.", code="30003", meaning=Meaning.LATER)
    book.before += [later, later]
    sweep(still(DUE))
    again_at = DUE + timedelta(hours=4)
    assert waits(practice) == {("waiting", "REFUSED", again_at)}
    sweep(still(again_at - timedelta(seconds=1)))
    assert waits(practice) == {("waiting", "REFUSED", again_at)}
    sweep(still(again_at))
    assert states(practice) == ["failed"]
    sweep(still(again_at + timedelta(hours=5)))
    assert tries(practice) == {"refused": 2}


@pytest.mark.django_db
def test_what_was_not_sent_waits_twice_as_long_each_time(book: Book) -> None:
    practice = lakeview(clients=1)
    at, gaps = DUE, []
    for _ in range(7):
        book.before.append(NotSent("Connection refused."))
        sweep(still(at))
        [(state, reason, due_at)] = waits(practice)
        assert (state, reason) == ("waiting", "CHANNEL_DOWN")
        gaps.append(int((due_at - at).total_seconds() // 60))
        at = due_at
    assert gaps == [2, 4, 8, 16, 32, 60, 60]
    sweep(still(at))
    assert states(practice) == ["sent"]


@pytest.mark.django_db
def test_too_many_requests_hold_the_account_for_everybody(book: Book) -> None:
    practice = lakeview(clients=30)
    book.before.append(too_many(retry_after=40))
    with OpenGateways() as gateways:
        book.during = lambda _: None
        outcomes = deliver(claim_batch(practice.pk, DUE, 1), still(DUE), gateways)
        assert [each.reason for each in outcomes] == ["PACE"]
        until = DUE + timedelta(seconds=40)
        assert GatewayPace.objects.get(held_until__isnull=False).held_until == until
        held_back = deliver(claim_batch(practice.pk, DUE, 5), still(DUE), gateways)
    assert held_back == []  # decided, and put off
    sweep(still(until - timedelta(seconds=1)))
    assert not book.taken
    for second in range(12):
        sweep(still(until + timedelta(seconds=second)))
    assert states(practice) == ["sent"] * 30


@pytest.mark.django_db
def test_whoever_has_not_called_yet_does_not_call_an_account_that_asked_to_wait(book: Book) -> None:
    practice = lakeview(clients=40)
    book.before += [too_many()] * 8
    outcomes = deliver(claim_batch(practice.pk, DUE, 40), still(DUE))
    assert len([each for each in outcomes if each.error == HELD_BACK]) >= 40 - 8
    assert not book.taken
    assert {(state, reason) for state, reason, _ in waits(practice)} == {("waiting", "PACE")}


@pytest.mark.django_db
def test_an_account_that_is_refused_is_noted_and_what_it_carried_waits_for_it(book: Book) -> None:
    practice = lakeview()
    book.by_address = dict.fromkeys((DANA, OLIVIA), NotSent("Wrong credentials.", code="20003", is_account=True))
    sweep(still(DUE))
    assert waits(practice) == {("waiting", "CHANNEL_DOWN", DUE + timedelta(hours=1))}
    with practice_scope(practice.pk):
        account = GatewayAccount.objects.get()
        assert (account.failing_since, account.trouble, account.trouble_code) == (DUE, "Wrong credentials.", "20003")
    assert not book.taken
    book.by_address.clear()
    mended_at = DUE + timedelta(minutes=7)
    note_success(practice.pk, account.pk, mended_at)
    sweep(still(mended_at))
    assert states(practice) == ["sent", "sent"]


@pytest.mark.django_db
def test_while_the_account_for_texts_is_refused_emails_carry_the_reminders(book: Book) -> None:
    practice = lakeview(channels="sms")
    book.by_address = dict.fromkeys((DANA, OLIVIA), NotSent("Wrong credentials.", is_account=True))
    sweep(still(DUE))
    assert states(practice) == ["sent", "sent"]
    assert {(channel, state) for channel, state in rows(practice, "channel", "state")} == {
        ("sms", "refused"),
        ("email", "accepted"),
    }


@pytest.mark.django_db
def test_a_channel_without_an_account_sends_nothing(book: Book) -> None:
    practice = live_practice(gateway="vendor")
    sweep(still(DUE))
    assert {state for state, *_ in waits(practice)} == {"waiting"}
    assert not book.taken
    assert tries(practice) == {}


@pytest.mark.django_db
def test_an_account_that_answers_nobody_is_left_alone_for_half_a_minute(book: Book) -> None:
    practice = lakeview(clients=8)
    book.before += [broken()] * 4
    deliver(claim_batch(practice.pk, DUE, 4), still(DUE))
    assert states(practice).count("unknown") == 4
    assert claim_batch(practice.pk, DUE, 4).attempts == []
    assert {reason for state, reason, _ in waits(practice) if state == "waiting"} == {"PACE"}
    sweep(still(DUE + timedelta(seconds=31)))
    assert states(practice) == ["sent"] * 4 + ["unknown"] * 4


class Stopped(Exception):
    """A task's time is up."""


@pytest.mark.django_db
def test_a_worker_that_is_told_to_stop_records_what_it_knows_and_begins_nothing_more(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = lakeview(clients=30)
    under_way = Barrier(9)
    book.during = lambda _: None if under_way.broken else _pass(under_way)
    is_told = [True]

    def told_to_stop(futures: Any) -> Any:
        if is_told:
            is_told.pop()
            under_way.wait(10)
            under_way.abort()
            raise Stopped
        return wait(futures)

    monkeypatch.setattr(open_gateways, "wait", told_to_stop)
    with pytest.raises(Stopped):
        deliver(claim_batch(practice.pk, DUE, 30), still(DUE))
    assert 8 <= len(book.taken) <= 16
    assert states(practice).count("sent") == len(book.taken)
    assert states(practice).count("waiting") == 30 - len(book.taken)
    book.during = lambda _: None
    sweep(still(DUE + timedelta(seconds=5)))
    assert set(book.addresses().values()) == {1}
    assert states(practice) == ["sent"] * 30


def _pass(barrier: Barrier) -> None:
    try:
        barrier.wait(10)
    except BrokenBarrierError:
        return


@pytest.fixture
def both(book: Book) -> Practice:
    """Dana and Olivia get each message on both channels."""
    from clients.models import Client

    practice = lakeview()
    with practice_scope(practice.pk):
        Client.objects.update(preferred_channel="both")
    return practice


@pytest.mark.django_db
def test_one_channel_in_doubt_takes_nothing_from_a_message_that_the_other_brought(both: Practice, book: Book) -> None:
    book.by_address = dict.fromkeys((DANA, OLIVIA), broken())
    sweep(still(DUE))
    assert states(both) == ["sent", "sent"]
    assert tries(both) == {"accepted": 2, "unknown": 2}
    book.by_address.clear()
    recover(still(DUE + timedelta(minutes=2)))
    assert states(both) == ["sent", "sent"]
    assert tries(both) == {"accepted": 2, "refused": 2}
    with practice_scope(both.pk):
        assert set(Message.objects.values_list("is_void", flat=True)) == {False}
    sweep(still(DUE + timedelta(minutes=2)))
    assert set(book.addresses()) == {"dana.whitfield@example.com", "olivia@example.com"}


@pytest.mark.django_db
def test_while_one_channel_is_in_doubt_the_other_is_not_tried_again(both: Practice, book: Book) -> None:
    book.by_address = dict.fromkeys((DANA, OLIVIA), broken())
    book.by_address |= dict.fromkeys(("dana.whitfield@example.com", "olivia@example.com"), NotSent("No route."))
    sweep(still(DUE))
    assert states(both) == ["unknown", "unknown"]
    book.by_address.clear()
    later = DUE + timedelta(minutes=2)
    recover(still(later))
    sweep(still(later))
    assert states(both) == ["sent", "sent"]
    assert set(book.addresses().values()) == {1}


@pytest.mark.django_db
def test_news_that_come_twice_or_late_change_nothing(book: Book) -> None:
    practice = lakeview()
    batch = claim_batch(practice.pk, DUE, 10)
    outcomes = deliver(batch, still(DUE))
    before = rows(practice, "pk", "state", "remote_id", "error", "next_at", "settled_at")
    record_outcomes(practice.pk, outcomes, DUE + timedelta(hours=1))
    again = [handing_over._unknown(each, "Late.", DUE) for each in batch.attempts]
    record_outcomes(practice.pk, again, DUE + timedelta(hours=1))
    never = [Outcome(each, Delivery.State.REFUSED, error=NEVER_ARRIVED, retry_at=DUE) for each in batch.attempts]
    record_outcomes(practice.pk, never, DUE + timedelta(hours=2))
    assert rows(practice, "pk", "state", "remote_id", "error", "next_at", "settled_at") == before
    assert states(practice) == ["sent", "sent"]


@pytest.mark.django_db
def test_a_callback_that_comes_before_the_answer_settles_the_attempt(book: Book) -> None:
    practice = lakeview()
    batch = claim_batch(practice.pk, DUE, 10)
    for fate in (Fate.ACCEPTED, Fate.DELIVERED):
        reports = [Report(f"{each.reference} {fate}", fate, attempt_id=each.reference) for each in batch.attempts]
        with practice_scope(practice.pk):
            apply_reports(DeliveryReported(practice.pk, "vendor", tuple(reports), DUE))
    assert states(practice) == ["delivered", "delivered"]
    deliver(batch, still(DUE))
    assert {(state, remote_id[:1]) for state, remote_id in rows(practice, "state", "remote_id")} == {("delivered", "V")}
    assert states(practice) == ["delivered", "delivered"]


@pytest.mark.django_db
def test_a_decision_too_old_for_its_call_is_not_acted_on(book: Book) -> None:
    practice = lakeview(clients=20)
    moments = iter([DUE + timedelta(seconds=number / 2) for number in range(200)])
    lock = book.lock

    def clock() -> datetime:
        with lock:
            return next(moments)

    book.clock = None
    outcomes = deliver(claim_batch(practice.pk, DUE, 20), clock)
    assert any(each.is_too_old for each in outcomes)
    assert len(book.taken) < 20
    sweep(still(DUE + timedelta(minutes=2)))
    assert set(book.addresses().values()) == {1}
    assert states(practice) == ["sent"] * 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_database_that_is_away_for_a_moment_costs_no_outcome(
    book: Book, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    practice = lakeview()
    batch = claim_batch(practice.pk, DUE, 10)
    is_away = [True, True]

    def record(*arguments: Any) -> None:
        if when == "after":
            record_outcomes(*arguments)
        if is_away:
            is_away.pop()
            connection.close()
            raise OperationalError("server closed the connection unexpectedly")
        record_outcomes(*arguments)

    monkeypatch.setattr(noting, "record_outcomes", record)
    monkeypatch.setattr(noting, "PAUSES", (0.0, 0.0, 0.0))
    deliver(batch, still(DUE))
    assert states(practice) == ["sent", "sent"]
    assert tries(practice) == {"accepted": 2}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_leaves_the_attempts_to_be_asked_about(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = lakeview()
    batch = claim_batch(practice.pk, DUE, 10)

    def record(*_: Any) -> None:
        raise OperationalError("could not connect to server")

    with monkeypatch.context() as away:
        away.setattr(noting, "record_outcomes", record)
        away.setattr(noting, "PAUSES", (0.0, 0.0))
        with pytest.raises(OperationalError, match="connect"):
            deliver(batch, still(DUE))
    assert states(practice) == ["claimed", "claimed"]
    recover(still(DUE + timedelta(minutes=1)))
    assert states(practice) == ["sent", "sent"]
    assert len(book.taken) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["hold", "give_back"])
def test_a_database_that_is_away_when_rates_are_heeded_costs_no_outcome(
    book: Book, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    practice = lakeview(rate=50.0)
    book.by_address[OLIVIA] = too_many()

    def away(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    batch = claim_batch(practice.pk, DUE, 10)
    monkeypatch.setattr(pacing, what, away)
    deliver(batch, still(DUE))
    assert tries(practice)["attempted"] == 0
    assert set(states(practice)) <= {"sent", "waiting"}


@pytest.mark.django_db
def test_what_became_of_a_message_is_written_down_before_anything_else_is(
    both: Practice, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else knows it; what an account says of its rate it says again."""
    seen: list[Any] = []
    monkeypatch.setattr(pacing, "hold", lambda *_: seen.append(tries(both)))
    book.by_address[DANA] = too_many()
    deliver(claim_batch(both.pk, DUE, 10), still(DUE))
    assert [each["attempted"] for each in seen] == [0]


EMAILS = ("dana.whitfield@example.com", "olivia@example.com")


@pytest.mark.django_db
@pytest.mark.parametrize("put_off", [HELD_BACK, STOPPED, DECIDED_TOO_LONG_AGO, NEVER_ARRIVED])
@pytest.mark.parametrize("is_taken_first", [True, False])
def test_a_half_that_was_put_off_is_not_tried_again_and_says_so(
    both: Practice, put_off: str, is_taken_first: bool
) -> None:
    """The message has left: whether the other half may leave later nobody has decided (decisions/0012)."""
    batch = claim_batch(both.pk, DUE, 10)
    taken = [Outcome(each, Delivery.State.ACCEPTED) for each in batch.attempts if each.outgoing.channel == "sms"]
    late = [
        Outcome(each, Delivery.State.REFUSED, error=put_off, retry_at=DUE, reason=Reason.PACE)
        for each in batch.attempts
        if each.outgoing.channel == "email"
    ]
    doubt = [Outcome(each.attempt, Delivery.State.UNKNOWN, ask_at=DUE) for each in taken]
    for outcomes in ([*taken, *late],) if is_taken_first else (doubt, late, taken):
        record_outcomes(both.pk, outcomes, DUE)
    assert states(both) == ["sent", "sent"]
    assert set(rows(both, "channel", "state", "error")) == {
        ("sms", "accepted", ""),
        ("email", "refused", NOT_TRIED_AGAIN),
    }


@pytest.mark.django_db
def test_a_half_that_was_put_off_says_so_when_a_report_says_that_the_other_left(both: Practice) -> None:
    batch = claim_batch(both.pk, DUE, 10)
    texts = [each for each in batch.attempts if each.outgoing.channel == "sms"]
    late = [
        Outcome(each, Delivery.State.REFUSED, error=HELD_BACK, retry_at=DUE, reason=Reason.PACE)
        for each in batch.attempts
        if each.outgoing.channel == "email"
    ]
    record_outcomes(both.pk, late, DUE)
    assert {error for (error,) in rows(both, "error")} == {"", HELD_BACK}
    said = tuple(Report(each.reference, Fate.DELIVERED, attempt_id=each.reference) for each in texts)
    with practice_scope(both.pk):
        apply_reports(DeliveryReported(both.pk, "vendor", said, DUE))
    assert states(both) == ["delivered", "delivered"]
    assert {error for (error,) in rows(both, "error")} == {"", NOT_TRIED_AGAIN}


@pytest.mark.django_db
def test_of_a_message_that_left_by_text_the_email_never_leaves(both: Practice, book: Book) -> None:
    book.by_address = dict.fromkeys(EMAILS, NotSent("No route."))
    sweep(still(DUE))
    assert states(both) == ["sent", "sent"]
    book.by_address.clear()
    for hours in (1, 2, 20):
        sweep(still(DUE + timedelta(hours=hours)))
    assert set(book.addresses()) == {DANA, OLIVIA}
    assert {error for (error,) in rows(both, "error")} == {"", "No route."}
