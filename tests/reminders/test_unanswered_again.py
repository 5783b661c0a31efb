"""Does a reply wait for a person again whose answer did not get there, and only then? (CHN-4, R27)"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from clients.models import AddressMark, Client, Suppression
from clients.operations.marking import lift_mark, mark_address
from clients.operations.merging import merge
from clients.operations.stopping import opt_out
from integrations.events import DeliveryReported
from integrations.messaging.base import Fate, Meaning, NotSent, Refused, Report
from integrations.queries.attempt_references import refer
from practices.models import AuditEntry, Practice, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import ClientPlan, Delivery, Reply
from reminders.operations.answering import send_answers
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.recovering import recover
from reminders.operations.replies import handle_reply, receive_reply, reopen_reply
from reminders.operations.reporting import apply_reports
from reminders.operations.staff_answers import AnswerRefused, answer_reply
from reminders.queries.attention import attention
from tests.builders.due import DUE, TREATED, live_practice, still
from tests.builders.practices import bob
from tests.builders.vendor import Book, broken, connect, not_mobile, open_book, opted_out

DANA = "+13125550142"
MINUTE = timedelta(minutes=1)
SOON, LATER = DUE + MINUTE, DUE + 10 * MINUTE
FILTERED = Refused("The carrier filtered it.", code="30007", meaning=Meaning.FILTERED)
OFF = Refused("The phone is off.", code="30003", meaning=Meaning.LATER)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


@pytest.fixture
def lakeview(book: Book) -> Practice:
    practice = live_practice()
    connect(practice, TREATED)
    return practice


@pytest.fixture
def staff(lakeview: Practice) -> StaffMember:
    return bob(lakeview)


def asks(practice: Practice, text: str = "Is it safe?", at: datetime = DUE) -> UUID:
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, Channel.SMS, DANA, text, at, at).pk


def answers(practice: Practice, reply_id: UUID, staff: StaffMember, at: datetime = DUE, words: str = "Quite.") -> None:
    with practice_scope(practice.pk):
        assert answer_reply(practice.pk, reply_id, words, Actor(staff.pk), at).handling == "answered"


def stands(practice: Practice, reply_id: UUID) -> str:
    """What became of a reply; empty: it waits. All that says so agrees."""
    with practice_scope(practice.pk):
        reply = Reply.objects.get(pk=reply_id)
        assert bool(reply.handled_at) == bool(reply.handling) == bool(reply.handled_by_id)
        return reply.handling


def is_held(practice: Practice, now: datetime = LATER) -> bool:
    """Promotion to Dana waits for a person (R27)."""
    with practice_scope(practice.pk):
        dana = Client.objects.get(phone=DANA).pk
        return gather(bound(practice.pk, now), [dana], now)[dana].facts.has_unanswered_reply


def is_looked_at(practice: Practice, at: datetime) -> bool:
    """The sweep plans for Dana anew."""
    with practice_scope(practice.pk):
        return ClientPlan.objects.filter(client__phone=DANA, replan_at=at).exists()


def last(practice: Practice) -> Delivery:
    with practice_scope(practice.pk):
        return Delivery.objects.filter(message__touchpoint="staff_answer").select_related("message").latest("pk")


def reports(practice: Practice, row: Delivery, fate: Fate, at: datetime, **said: Any) -> None:
    report = Report(f"{row.pk}:{fate}", fate, attempt_id=refer(practice.pk, row.pk), at=at, **said)
    with practice_scope(practice.pk):
        apply_reports(DeliveryReported(practice.pk, "vendor", (report,), at))


def assert_waits_again(practice: Practice, reply_id: UUID, at: datetime, why: str) -> None:
    assert stands(practice, reply_id) == ""
    assert is_held(practice)
    assert last(practice).error == why, "the conversation says so"
    with practice_scope(practice.pk):
        assert attention(practice.pk, at).replies == 1
        [entry] = AuditEntry.objects.filter(action="reply_reopened")
    assert (entry.subject_id, entry.staff_member_id) == (reply_id, None)
    assert entry.detail == {"message": str(last(practice).message_id)}


@pytest.mark.parametrize("said", [FILTERED, not_mobile(), opted_out()], ids=lambda each: each.code)
def test_an_answer_that_the_carrier_refuses_leaves_its_question_open(
    book: Book, lakeview: Practice, staff: StaffMember, said: Refused
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    assert not is_held(lakeview)
    book.by_address[DANA] = said
    send_answers(still(SOON))
    assert last(lakeview).state == "refused"
    assert_waits_again(lakeview, reply_id, SOON, said.reason)


def test_an_answer_that_does_not_arrive_leaves_its_question_open(lakeview: Practice, staff: StaffMember) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    send_answers(still(SOON))
    assert stands(lakeview, reply_id) == "answered"
    reports(lakeview, last(lakeview), Fate.UNDELIVERED, LATER, meaning=Meaning.FILTERED, reason="Filtered.")
    assert last(lakeview).state == "undelivered"
    assert is_looked_at(lakeview, LATER)
    assert_waits_again(lakeview, reply_id, LATER, "Filtered.")


def test_an_answer_in_doubt_that_did_not_arrive_leaves_its_question_open(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    book.before.append(broken())
    book.can_be_asked = False
    send_answers(still(SOON))
    recover(still(SOON + MINUTE))
    assert (last(lakeview).state, stands(lakeview, reply_id)) == ("unknown", "answered")
    reports(lakeview, last(lakeview), Fate.UNDELIVERED, LATER, reason="Gone.")
    assert_waits_again(lakeview, reply_id, LATER, "Gone.")


def test_an_answer_that_may_not_leave_any_more_leaves_its_question_open(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    with practice_scope(lakeview.pk):
        mark_address(lakeview.pk, "phone", DANA, "blocked", code="30004", gateway="vendor", at=DUE, now=DUE)
    send_answers(still(SOON))
    assert not book.taken
    assert_waits_again(lakeview, reply_id, SOON, "The carrier reported that nothing arrives at this address.")


def test_a_stop_that_came_before_the_answer_left_keeps_the_question_open(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    with practice_scope(lakeview.pk):
        opt_out(lakeview.pk, DUE, phone=DANA, origin=Suppression.Origin.STAFF)
    send_answers(still(SOON))
    assert not book.taken
    assert_waits_again(lakeview, reply_id, SOON, "The client opted out before it left.")


def test_all_that_was_answered_with_it_waits_again_and_nothing_else(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    called, hello, asked = asks(lakeview, "Hm"), asks(lakeview, "Hello"), asks(lakeview, "Safe?", SOON)
    with practice_scope(lakeview.pk):
        handle_reply(lakeview.pk, called, Actor(staff.pk), SOON, Reply.Handling.CALLED)
    answers(lakeview, asked, staff, SOON)
    then = asks(lakeview, "And how long?", SOON + MINUTE)
    answers(lakeview, then, staff, SOON + MINUTE, "An hour.")
    book.before += [FILTERED, None]
    send_answers(still(LATER))
    assert [stands(lakeview, each) for each in (called, hello, asked, then)] == ["called", "", "", "answered"]


def test_what_was_looked_after_otherwise_meanwhile_stays_so(book: Book, lakeview: Practice, staff: StaffMember) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    with practice_scope(lakeview.pk):
        reopen_reply(lakeview.pk, reply_id, Actor(staff.pk), SOON)
        handle_reply(lakeview.pk, reply_id, Actor(staff.pk), SOON, Reply.Handling.CALLED)
    book.by_address[DANA] = FILTERED
    send_answers(still(LATER))
    assert last(lakeview).state == "refused"
    assert stands(lakeview, reply_id) == "called"


def test_answered_again_and_heard_of_again_it_stays_answered(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    send_answers(still(SOON))
    first = last(lakeview)
    reports(lakeview, first, Fate.UNDELIVERED, SOON + MINUTE, reason="Gone.")
    answers(lakeview, reply_id, staff, SOON + 2 * MINUTE, "Once more: quite.")
    send_answers(still(LATER))
    reports(lakeview, first, Fate.UNDELIVERED, LATER, reason="Gone.")
    assert stands(lakeview, reply_id) == "answered"
    assert not is_held(lakeview)


@pytest.mark.parametrize("said", [NotSent("No route."), OFF], ids=["not sent", "off"])
def test_what_is_tried_again_leaves_it_answered(
    book: Book, lakeview: Practice, staff: StaffMember, said: Exception
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    book.by_address[DANA] = said
    send_answers(still(SOON))
    assert (last(lakeview).state, stands(lakeview, reply_id)) == ("ready", "answered")
    book.by_address.clear()
    send_answers(still(SOON + timedelta(hours=5)))
    assert (last(lakeview).state, stands(lakeview, reply_id)) == ("accepted", "answered")


def test_a_phone_that_is_off_twice_leaves_the_question_open(book: Book, lakeview: Practice, staff: StaffMember) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    book.by_address[DANA] = OFF
    send_answers(still(SOON))
    at = SOON + timedelta(hours=4)
    send_answers(still(at))
    assert_waits_again(lakeview, reply_id, at, "The phone is off.")


def test_of_who_was_merged_meanwhile_the_question_is_found_with_whom_she_became(
    book: Book, lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    answers(lakeview, reply_id, staff)
    with practice_scope(lakeview.pk):
        dana = Client.objects.get(phone=DANA).pk
        olivia = Client.objects.exclude(pk=dana).get().pk
    send_answers(still(SOON))
    with practice_scope(lakeview.pk):
        merge(lakeview.pk, olivia, dana, SOON)
    reports(lakeview, last(lakeview), Fate.UNDELIVERED, LATER, reason="Gone.")
    assert stands(lakeview, reply_id) == ""
    with practice_scope(lakeview.pk):
        assert Reply.objects.get(pk=reply_id).client_id == olivia


def test_a_marked_number_cannot_be_answered_and_the_page_says_what_to_do(
    lakeview: Practice, staff: StaffMember
) -> None:
    reply_id = asks(lakeview)
    with practice_scope(lakeview.pk):
        mark_address(lakeview.pk, "phone", DANA, "blocked", code="30004", gateway="vendor", at=DUE, now=DUE)
        mark_address(lakeview.pk, "email", "a@example.com", "blocked", code="", gateway="vendor", at=DUE, now=DUE)
    with practice_scope(lakeview.pk), pytest.raises(AnswerRefused, match=r"no text arrives at this number.*or call"):
        answer_reply(lakeview.pk, reply_id, "Quite.", Actor(staff.pk), DUE)
    assert stands(lakeview, reply_id) == ""
    with practice_scope(lakeview.pk):
        lift_mark(lakeview.pk, AddressMark.objects.get(address=DANA).pk, Actor(staff.pk), SOON)
    answers(lakeview, reply_id, staff, SOON)
