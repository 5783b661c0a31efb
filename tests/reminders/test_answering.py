"""Do answers leave at once, once, and only while they may? (RULES.md, kinds of message: answer; CHN-4, OPT-1, R28)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from clients.models import AddressMark, Client, Suppression
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from integrations.messaging.base import Accepted, Meaning, NeverArrived, NotSent, Refused
from integrations.models import GatewayAccount, GatewayEvent
from integrations.operations.account_health import note_failure, note_success
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery, Message, Reply
from reminders.operations import answering, recording, sending_answers
from reminders.operations.answering import queue_answer, send_answers
from reminders.operations.attempts import DECIDED_TOO_LONG_AGO
from reminders.operations.recovering import recover
from reminders.operations.sending_answers import UNREAD_FOR
from reminders.operations.settling_unknown import settle_by_person
from tests.builders.due import DUE, TREATED, live_practice, still, tries
from tests.builders.vendor import Book, Killed, broken, connect, not_mobile, open_book, opted_out, too_many

DANA = "+13125550142"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


@pytest.fixture
def lakeview(book: Book) -> Practice:
    practice = live_practice()
    connect(practice, TREATED)
    return practice


def dana(practice: Practice) -> UUID:
    with practice_scope(practice.pk):
        return Client.objects.get(phone=DANA).pk


def answer(practice: Practice, text: str = "Yes, Tuesday works.", now: datetime = DUE, **chosen: Any) -> UUID:
    """Queue an answer by text to Dana, unless said otherwise; return its delivery."""
    values = {"touchpoint": Touchpoint.STAFF_ANSWER, **chosen}
    channel = values.pop("channel", Channel.SMS)
    to = values.pop("to", DANA)
    client_id = dana(practice)
    with practice_scope(practice.pk):
        message = queue_answer(practice.pk, client_id, channel, to, text, now, **values)
        return Delivery.objects.get(message=message).pk


def fate(practice: Practice, delivery_id: UUID) -> tuple[Any, ...]:
    with practice_scope(practice.pk):
        return Delivery.objects.values_list("state", "error", "next_at", "message__is_void").get(pk=delivery_id)


def stop(practice: Practice, now: datetime = DUE) -> None:
    with practice_scope(practice.pk):
        opt_out(practice.pk, now, phone=DANA, origin=Suppression.Origin.REPLY, wording="STOP")


@pytest.mark.django_db
def test_an_answer_leaves_as_it_was_written_and_is_kept_with_who_wrote_it(book: Book, lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        reply = Reply.objects.create(
            practice_id=lakeview.pk, client_id=dana(lakeview), channel="sms", text="Tuesday?", received_at=DUE
        )
    sent = answer(lakeview, "Yes — Tuesday “works”.", reply_id=reply.pk)
    assert fate(lakeview, sent)[0] == "ready"
    assert send_answers(still(DUE + timedelta(seconds=1))) == 1
    [taken] = book.taken
    assert (taken.to, taken.text) == (DANA, "Yes — Tuesday “works”.")
    with practice_scope(lakeview.pk):
        kept = Delivery.objects.select_related("message").get(pk=sent)
        assert (kept.state, kept.attempted_at, kept.next_at) == ("accepted", DUE + timedelta(seconds=1), None)
        assert (kept.gateway, kept.remote_id, kept.from_name) == ("vendor", "V0", "Lakeview Aesthetics")
        assert (kept.message.kind, kept.message.answers_id, kept.message.decided_at) == ("answer", reply.pk, DUE)
        assert (kept.message.sent_at, kept.message.is_void) == (DUE + timedelta(seconds=1), False)
    assert send_answers(still(DUE + MINUTE)) == 0


@pytest.mark.django_db
def test_an_answer_by_email_carries_its_subject_and_its_headers(book: Book, lakeview: Practice) -> None:
    seen: list[Any] = []
    book.during = seen.append
    answer(
        lakeview,
        channel=Channel.EMAIL,
        to="dana.whitfield@example.com",
        subject="Re: Tuesday",
        html="<p>Yes</p>",
        headers={"In-Reply-To": "<1@example.com>"},
        from_name="Lakeview front desk",
    )
    send_answers(still(DUE))
    [outgoing] = seen
    assert (outgoing.channel, outgoing.subject, outgoing.html, outgoing.from_name) == (
        "email",
        "Re: Tuesday",
        "<p>Yes</p>",
        "Lakeview front desk",
    )
    assert outgoing.headers == {"In-Reply-To": "<1@example.com>"}


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [3, 23])
def test_an_answer_leaves_at_any_hour_also_while_the_practice_is_paused(
    book: Book, lakeview: Practice, hour: int
) -> None:
    with practice_scope(lakeview.pk):
        Practice.objects.update(status=Practice.Status.PAUSED)
    night = DUE.replace(hour=hour) + timedelta(hours=6)
    answer(lakeview, now=night)
    send_answers(still(night))
    assert len(book.taken) == 1


@pytest.mark.django_db
def test_a_stop_that_came_in_between_ends_every_answer_but_its_own_confirmation(book: Book, lakeview: Practice) -> None:
    written = answer(lakeview)
    helping = answer(lakeview, "Lakeview Aesthetics.", touchpoint=Touchpoint.HELP_REPLY)
    stop(lakeview)
    confirmed = answer(
        lakeview, "You are opted out.", touchpoint=Touchpoint.OPT_OUT_REPLY, valid_until=DUE + 5 * MINUTE
    )
    assert send_answers(still(DUE)) == 3
    assert [each.text for each in book.taken] == ["You are opted out."]
    refused = ("refused", "The client opted out before it left.", None, True)
    assert fate(lakeview, written) == fate(lakeview, helping) == refused
    assert fate(lakeview, confirmed)[0] == "accepted"


@pytest.mark.django_db
def test_a_stop_counts_for_the_number_that_the_answer_goes_to(book: Book, lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        opt_out(lakeview.pk, DUE, phone="+13128096499", origin=Suppression.Origin.REPLY)
    to_stopped, to_hers = answer(lakeview, to="+13128096499"), answer(lakeview)
    send_answers(still(DUE))
    assert fate(lakeview, to_stopped)[0] == "refused"
    assert fate(lakeview, to_hers)[0] == "accepted"


@pytest.mark.django_db
def test_who_unsubscribed_from_emails_still_gets_answers_by_text(book: Book, lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        opt_out(lakeview.pk, DUE, email="dana.whitfield@example.com", origin=Suppression.Origin.LINK)
    by_text = answer(lakeview)
    by_email = answer(lakeview, channel=Channel.EMAIL, to="dana.whitfield@example.com")
    send_answers(still(DUE))
    assert fate(lakeview, by_text)[0] == "accepted"
    assert fate(lakeview, by_email)[0] == "refused"


@pytest.mark.django_db
def test_a_stop_is_confirmed_within_five_minutes_or_not_at_all(book: Book, lakeview: Practice) -> None:
    stop(lakeview)
    confirmed = answer(lakeview, touchpoint=Touchpoint.OPT_OUT_REPLY, valid_until=DUE + 5 * MINUTE)
    book.before.append(too_many(retry_after=200))
    send_answers(still(DUE))
    assert fate(lakeview, confirmed)[:3] == ("ready", "Too many requests.", DUE + timedelta(seconds=200))
    send_answers(still(DUE + 5 * MINUTE + timedelta(seconds=1)))
    assert fate(lakeview, confirmed) == ("refused", "It could not leave in time.", None, True)
    assert not book.taken


@pytest.mark.django_db
def test_a_stop_that_was_taken_back_is_not_confirmed_any_more(book: Book, lakeview: Practice) -> None:
    stop(lakeview)
    confirmed = answer(lakeview, touchpoint=Touchpoint.OPT_OUT_REPLY, valid_until=DUE + 5 * MINUTE)
    with practice_scope(lakeview.pk):
        lift_opt_out(lakeview.pk, DUE + MINUTE, phone=DANA, source="reply START", wording="START")
    welcome = answer(lakeview, touchpoint=Touchpoint.START_REPLY)
    send_answers(still(DUE + MINUTE))
    assert fate(lakeview, confirmed)[:2] == ("refused", "The opt-out was taken back before it left.")
    assert fate(lakeview, welcome)[0] == "accepted"


@pytest.mark.django_db
def test_nothing_leaves_to_an_address_that_is_marked_or_to_who_was_erased(book: Book, lakeview: Practice) -> None:
    first = answer(lakeview)
    with practice_scope(lakeview.pk):
        AddressMark.objects.create(
            practice_id=lakeview.pk, subject="phone", address=DANA, problem="blocked", gateway="vendor", at=DUE
        )
    send_answers(still(DUE))
    assert fate(lakeview, first)[:2] == ("refused", "The carrier reported that nothing arrives at this address.")
    second = answer(lakeview)
    with practice_scope(lakeview.pk):
        AddressMark.objects.update(lifted_at=DUE)
        Client.objects.filter(phone=DANA).update(erased_at=DUE)
    send_answers(still(DUE))
    assert fate(lakeview, second)[:2] == ("refused", "The client was erased before it left.")
    assert not book.taken


@pytest.mark.django_db
def test_what_was_not_sent_is_tried_again_soon_and_then_more_seldom(book: Book, lakeview: Practice) -> None:
    sent, at, gaps = answer(lakeview), DUE, []
    for _ in range(8):
        book.before.append(NotSent("No route."))
        send_answers(still(at))
        next_at = fate(lakeview, sent)[2]
        gaps.append(int((next_at - at).total_seconds()))
        assert send_answers(still(next_at - timedelta(seconds=1))) == 0
        at = next_at
    assert gaps == [10, 20, 40, 90, 180, 600, 1800, 1800]
    send_answers(still(at))
    assert fate(lakeview, sent) == ("accepted", "", None, False)
    assert len(book.taken) == 1


@pytest.mark.django_db
def test_a_try_that_was_not_made_is_not_counted(book: Book, lakeview: Practice) -> None:
    sent = answer(lakeview)
    moments = [DUE, DUE]
    send_answers(lambda: moments.pop(0) if moments else DUE + timedelta(seconds=30))
    assert fate(lakeview, sent)[:2] == ("ready", DECIDED_TOO_LONG_AGO)
    off = Refused("The phone is off.", code="30003", meaning=Meaning.LATER)
    book.by_address[DANA] = off
    for at in (DUE + MINUTE, DUE + MINUTE + timedelta(hours=4)):
        expected = ("ready", at + timedelta(hours=4)) if at == DUE + MINUTE else ("refused", None)
        send_answers(still(at))
        assert fate(lakeview, sent)[::2] == expected


@pytest.mark.django_db
def test_an_answer_that_is_refused_for_good_goes_no_other_way(book: Book, lakeview: Practice) -> None:
    book.before += [not_mobile()]
    sent = answer(lakeview)
    send_answers(still(DUE))
    send_answers(still(DUE + MINUTE))
    assert fate(lakeview, sent) == ("refused", "Not a mobile number.", None, True)
    assert not book.taken
    with practice_scope(lakeview.pk):
        assert AddressMark.objects.get().address == DANA


@pytest.mark.django_db
def test_an_opt_out_that_the_vendor_holds_is_written_down_when_an_answer_meets_it(
    book: Book, lakeview: Practice
) -> None:
    book.before += [opted_out()]
    answer(lakeview)
    send_answers(still(DUE))
    with practice_scope(lakeview.pk):
        assert Suppression.objects.get(subject="phone").origin == "gateway"
    assert tries(lakeview) == {"refused": 1}


@pytest.mark.django_db
def test_while_the_account_is_refused_answers_wait_for_it(book: Book, lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        account_id = GatewayAccount.objects.get().pk
    note_failure(lakeview.pk, account_id, "Wrong credentials.", "20003", DUE)
    sent = answer(lakeview)
    send_answers(still(DUE))
    assert fate(lakeview, sent) == ("ready", "", DUE + MINUTE, False)
    note_success(lakeview.pk, account_id, DUE)
    send_answers(still(DUE + MINUTE))
    assert fate(lakeview, sent)[0] == "accepted"


@pytest.mark.django_db
@pytest.mark.parametrize("gateway", ["vendor", "gone"])
def test_without_an_account_or_a_gateway_answers_wait(book: Book, gateway: str) -> None:
    practice = live_practice(gateway=gateway)
    sent = answer(practice)
    send_answers(still(DUE))
    assert fate(practice, sent) == ("ready", "", DUE + MINUTE, False)


@pytest.mark.django_db
def test_an_answer_through_the_outbox_is_there_at_once(book: Book) -> None:
    practice = live_practice()
    sent = answer(practice)
    assert send_answers(still(DUE)) == 1
    assert fate(practice, sent)[0] == "accepted"


@pytest.mark.django_db
def test_answers_keep_to_the_pace_of_their_account(book: Book, lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        GatewayAccount.objects.update(sends_per_second=1.0)
    for number in range(9):
        answer(lakeview, f"Answer {number}")
    send_answers(still(DUE))
    assert len(book.taken) == 6
    send_answers(still(DUE + timedelta(seconds=3)))
    assert sorted(each.text for each in book.taken) == [f"Answer {number}" for number in range(9)]


@pytest.mark.django_db
def test_an_answer_in_doubt_is_asked_about_and_made_again_only_if_it_never_arrived(
    book: Book, lakeview: Practice
) -> None:
    arrived, lost = answer(lakeview, "Arrived"), answer(lakeview, "Lost")
    book.by_address[DANA] = broken()
    send_answers(still(DUE))
    book.by_address.clear()
    assert tries(lakeview) == {"unknown": 2}
    book.when_asked += [Accepted("V9"), NeverArrived()]
    recover(still(DUE + MINUTE))
    assert tries(lakeview) == {"accepted": 1, "ready": 1}
    send_answers(still(DUE + MINUTE))
    assert tries(lakeview) == {"accepted": 2}
    assert len(book.taken) == 1
    assert {fate(lakeview, each)[3] for each in (arrived, lost)} == {False}


@pytest.mark.django_db
@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_person_settles_an_answer_of_which_nobody_knows(book: Book, lakeview: Practice, has_arrived: bool) -> None:
    book.can_be_asked = False
    book.before.append(broken())
    sent = answer(lakeview)
    send_answers(still(DUE))
    recover(still(DUE + MINUTE))
    assert fate(lakeview, sent)[::2] == ("unknown", None)
    with practice_scope(lakeview.pk):
        assert settle_by_person(lakeview.pk, sent, has_arrived, Actor(), DUE + 2 * MINUTE)
    send_answers(still(DUE + 2 * MINUTE))
    assert fate(lakeview, sent)[0] == "accepted"
    assert len(book.taken) == (0 if has_arrived else 1)


@pytest.mark.django_db
def test_trouble_in_one_practice_keeps_no_other_waiting(
    book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hilltop = live_practice("hilltop")
    connect(hilltop, TREATED)
    answer(lakeview)
    sent = answer(hilltop)
    original = sending_answers._gates

    def in_trouble(practice_id: UUID, channels: set[str]) -> Any:
        if practice_id == lakeview.pk:
            raise RuntimeError("The disk is full.")
        return original(practice_id, channels)

    monkeypatch.setattr(sending_answers, "_gates", in_trouble)
    with pytest.raises(RuntimeError, match="disk"):
        send_answers(still(DUE))
    assert fate(hilltop, sent)[0] == "accepted"


@pytest.mark.django_db
def test_practices_take_turns_so_that_much_of_one_delays_no_other(
    book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hilltop = live_practice("hilltop")
    connect(hilltop, TREATED)
    monkeypatch.setattr(sending_answers, "BATCH", 2)
    for practice in (lakeview, hilltop):
        for _ in range(6):
            answer(practice)
    served: list[UUID] = []
    original = sending_answers._send_some

    def noted(practice_id: UUID, *arguments: Any) -> int:
        served.append(practice_id)
        return original(practice_id, *arguments)

    monkeypatch.setattr(sending_answers, "_send_some", noted)
    assert send_answers(still(DUE)) == 12
    first = min(lakeview.pk, hilltop.pk)
    assert [each == first for each in served] == [True, False] * 4
    assert len(book.taken) == 12


def dies_at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool) -> None:
    original: Callable[..., Any] = getattr(module, name)
    is_over: list[bool] = []

    def dies(*arguments: Any, **keywords: Any) -> Any:
        if is_over:
            return original(*arguments, **keywords)
        is_over.append(True)
        if after:
            original(*arguments, **keywords)
        raise Killed

    monkeypatch.setattr(module, name, dies)


LINES: dict[str, Callable[[pytest.MonkeyPatch, Book], None]] = {
    "before the claim is committed": lambda patch, _: dies_at(patch, sending_answers, "_decide", after=True),
    "before the call": lambda patch, _: dies_at(patch, sending_answers, "hand_over", after=False),
    "during the call": lambda _, book: book.before.append(Killed()),
    "when it was taken": lambda _, book: book.after.append(Killed()),
    "before it is recorded": lambda patch, _: dies_at(patch, sending_answers, "note_outcomes", after=False),
    "before the record is committed": lambda patch, _: dies_at(patch, recording, "_record", after=True),
    "after the record": lambda patch, _: dies_at(patch, sending_answers, "note_outcomes", after=True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("line", LINES)
def test_killed_at_any_line_the_answer_leaves_once(
    line: str, book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = answer(lakeview)
    LINES[line](monkeypatch, book)
    with pytest.raises(Killed):
        send_answers(still(DUE))
    at = DUE
    for _ in range(4):
        at += timedelta(seconds=30)
        send_answers(still(at))
        recover(still(at))
    send_answers(still(at))
    assert fate(lakeview, sent)[0] == "accepted"
    assert len(book.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_answer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering._nudger, "nudge", lambda: None)
    book = open_book(monkeypatch)
    practice = live_practice()
    connect(practice, TREATED)
    for number in range(12):
        answer(practice, f"Answer {number}")
    barrier = Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            send_answers(still(DUE))
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send_answers(still(DUE))
    assert sorted(each.text for each in book.taken) == sorted(f"Answer {number}" for number in range(12))


@pytest.mark.django_db(transaction=True)
def test_workers_hear_of_an_answer_once_it_is_committed_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(answering, "_nudger", type("Nudger", (), {"nudge": lambda _: heard.append("nudge")})())
    practice = live_practice()
    client_id = dana(practice)
    with practice_scope(practice.pk):
        queue_answer(practice.pk, client_id, Channel.SMS, DANA, "Yes.", DUE, touchpoint=Touchpoint.STAFF_ANSWER)
        assert heard == []
    assert heard == ["nudge"]
    with pytest.raises(ZeroDivisionError):
        _queue_and_fail(practice, client_id)
    assert heard == ["nudge"]
    with practice_scope(practice.pk):
        assert Message.objects.count() == 1


def _queue_and_fail(practice: Practice, client_id: UUID) -> None:
    with practice_scope(practice.pk):
        queue_answer(practice.pk, client_id, Channel.SMS, DANA, "No.", DUE, touchpoint=Touchpoint.STAFF_ANSWER)
        raise ZeroDivisionError


@pytest.mark.django_db
def test_a_rate_that_an_answer_met_holds_the_account_for_everybody(book: Book, lakeview: Practice) -> None:
    answer(lakeview)
    book.before.append(too_many(retry_after=200))
    send_answers(still(DUE))
    by_email = answer(lakeview, channel=Channel.EMAIL, to="dana.whitfield@example.com")
    send_answers(still(DUE + MINUTE))
    assert not book.taken
    assert fate(lakeview, by_email)[0] == "ready"
    send_answers(still(DUE + 5 * MINUTE))
    assert len(book.taken) == 2


@pytest.mark.django_db
def test_nothing_but_a_stop_s_confirmation_leaves_to_where_something_unread_came_from(
    book: Book, lakeview: Practice
) -> None:
    answered = answer(lakeview)
    with practice_scope(lakeview.pk):
        unread = GatewayEvent.objects.create(
            practice=lakeview, gateway="vendor", kind="message", event_key="K1", state="retrying", received_at=DUE,
            next_attempt_at=DUE, told={"channel": "sms", "from_address": "(312) 555-0142", "text": "STOP"},
        )  # fmt: skip
    send_answers(still(DUE))
    assert not book.taken
    assert fate(lakeview, answered)[:3] == ("ready", "", DUE + UNREAD_FOR)
    stop(lakeview)
    confirmed = answer(lakeview, touchpoint=Touchpoint.OPT_OUT_REPLY, valid_until=DUE + 5 * MINUTE)
    send_answers(still(DUE))
    assert fate(lakeview, confirmed)[0] == "accepted"
    with practice_scope(lakeview.pk):
        unread.delete()
    send_answers(still(DUE + MINUTE))
    assert fate(lakeview, answered)[:2] == ("refused", "The client opted out before it left.")
