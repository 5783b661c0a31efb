"""What follows where an opt-out was taken back here, and the carrier still holds it? (OPT-1, OPT-3, CHN-2)"""

from datetime import datetime, timedelta

import pytest

from clients.models import AddressMark, Client, Suppression
from clients.operations.staff_opt_outs import take_back_for
from clients.operations.stopping import opt_out
from clients.operations.taking_back import may_be_refused
from clients.queries.permissions import Permission, permissions_of
from integrations.events import DeliveryReported
from integrations.messaging.base import Meaning, Report
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.models import Sequence as SequenceRow
from reminders.operations.answering import send_answers
from reminders.operations.replies import receive_reply
from reminders.operations.reporting import apply_reports
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, TREATED, live_practice, states, still
from tests.builders.practices import bob
from tests.builders.vendor import Book, connect, open_book, opted_out

DANA, DANAS = "+13125550142", "dana.whitfield@example.com"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STOPPED_AT, LIFTED_AT = TREATED - 9 * DAY, TREATED - 5 * DAY
"""Before the treatment that the reminder is of: what an opt-out ended stays ended."""
Origin = Suppression.Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


@pytest.fixture
def practice(book: Book) -> Practice:
    made = live_practice()
    connect(made, TREATED)
    return made


def dana(practice: Practice) -> Client:
    with practice_scope(practice.pk):
        return Client.objects.get(email=DANAS)


def lifted(practice: Practice, origin: Origin = Origin.REPLY) -> None:
    """She stopped, and told staff later that she wants texts again."""
    her, staff = dana(practice), bob(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, STOPPED_AT, phone=DANA, origin=origin, wording="STOP")
        take_back_for(practice.pk, her.pk, "Text me again", Actor(staff.pk), LIFTED_AT)


def says(practice: Practice, text: str, at: datetime, *, by_vendor: bool = True) -> Reply:
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, Channel.SMS, DANA, text, at, at, is_answered_by_vendor=by_vendor)


def may(practice: Practice) -> Permission:
    client_id = dana(practice).pk
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [client_id])[client_id]


def marks(practice: Practice, **only: object) -> list[tuple[str, str, str]]:
    with practice_scope(practice.pk):
        found = AddressMark.objects.filter(lifted_at=None, **only)
        return list(found.values_list("subject", "address", "problem"))


def refused_again(practice: Practice, at: datetime = DUE) -> None:
    said = Report("E1", None, address=DANA, at=at, meaning=Meaning.OPTED_OUT, code="21610", reason="It texted STOP.")
    with practice_scope(practice.pk):
        apply_reports(DeliveryReported(practice.pk, "vendor", (said,), at))


def test_after_staff_lifted_it_the_number_is_marked_and_the_email_carries_the_reminder(
    practice: Practice, book: Book
) -> None:
    lifted(practice)
    book.by_address[DANA] = opted_out()
    sweep(still(DUE))
    assert marks(practice) == [("phone", DANA, "opted_out")]
    assert states(practice) == ["sent", "sent"]
    assert book.addresses()[DANAS] == 1
    allowed = may(practice)
    assert (allowed.is_opted_out, allowed.is_phone_unreachable) == (False, True)
    with practice_scope(practice.pk):
        assert not Suppression.objects.filter(lifted_at=None).exists()
        assert set(SequenceRow.objects.values_list("state", flat=True)) == {"open"}


def test_without_an_opt_out_of_ours_before_it_is_an_opt_out(practice: Practice) -> None:
    refused_again(practice)
    assert marks(practice) == []
    assert may(practice).is_opted_out


def test_after_a_new_stop_it_is_an_opt_out(practice: Practice) -> None:
    lifted(practice)
    says(practice, "STOP", DUE - DAY)
    refused_again(practice)
    assert marks(practice) == []
    assert may(practice).is_sms_stopped


def test_after_a_start_that_the_carrier_heard_she_must_have_stopped_there_again(practice: Practice) -> None:
    with practice_scope(practice.pk):
        opt_out(practice.pk, DUE - 3 * DAY, phone=DANA, origin=Origin.REPLY, wording="STOP")
    says(practice, "START", DUE - 2 * DAY)
    refused_again(practice)
    assert marks(practice) == []
    assert may(practice).is_sms_stopped


def test_a_report_from_before_it_was_lifted_changes_nothing(practice: Practice) -> None:
    lifted(practice)
    refused_again(practice, STOPPED_AT + DAY)
    assert marks(practice) == []
    assert not may(practice).is_opted_out


@pytest.mark.parametrize("word", ["START", "unstop", "Yes"])
def test_a_start_from_the_number_takes_that_mark_off(practice: Practice, word: str) -> None:
    lifted(practice)
    refused_again(practice)
    reply = says(practice, word, DUE + DAY)
    assert (reply.intent, reply.handling) == ("start", "answered")
    assert marks(practice) == []
    assert not may(practice).is_phone_unreachable


def test_a_start_takes_no_other_mark_off(practice: Practice) -> None:
    with practice_scope(practice.pk):
        AddressMark.objects.create(
            practice=practice, subject="phone", address=DANA, problem="not_mobile", gateway="vendor", at=DUE
        )
    says(practice, "START", DUE + DAY)
    assert marks(practice) == [("phone", DANA, "not_mobile")]


def test_a_start_in_words_that_the_carrier_does_not_know_marks_the_number_and_waits_for_a_person(
    practice: Practice, book: Book
) -> None:
    """She wants texts, and the carrier lets none through: somebody must tell her to send START."""
    with practice_scope(practice.pk):
        opt_out(practice.pk, DUE - DAY, phone=DANA, origin=Origin.REPLY, wording="STOP")
    book.by_address[DANA] = opted_out()
    reply = says(practice, "resume", DUE, by_vendor=False)
    assert reply.intent == "start"
    send_answers(still(DUE + timedelta(seconds=2)))
    with practice_scope(practice.pk):
        assert [each.state for each in Delivery.objects.filter(message__kind="answer")] == ["refused"]
        assert Reply.objects.get(pk=reply.pk).handled_at is None
    assert marks(practice) == [("phone", DANA, "opted_out")]
    assert not may(practice).is_opted_out
    says(practice, "START", DUE + MINUTE)
    assert marks(practice) == []


def test_whoever_takes_an_opt_out_back_is_told_where_the_carrier_may_go_on_refusing(practice: Practice) -> None:
    her = dana(practice).pk
    with practice_scope(practice.pk):
        assert not may_be_refused(practice.pk, her)
        opt_out(practice.pk, STOPPED_AT, email=DANAS, origin=Origin.LINK)
        assert not may_be_refused(practice.pk, her)
        opt_out(practice.pk, STOPPED_AT, phone=DANA, origin=Origin.GATEWAY)
        assert may_be_refused(practice.pk, her)


def test_what_the_carrier_never_held_and_took_a_text_since_is_a_new_opt_out(practice: Practice, book: Book) -> None:
    lifted(practice, Origin.STAFF)
    refused_again(practice)
    assert marks(practice) == []
    assert may(practice).is_opted_out


def test_after_the_carrier_took_a_text_again_a_refusal_is_a_new_opt_out(practice: Practice, book: Book) -> None:
    lifted(practice)
    sweep(still(DUE))
    assert book.addresses()[DANA] == 1
    refused_again(practice, DUE + 3 * DAY)
    assert marks(practice) == []
    assert may(practice).is_opted_out
    for days in range(4, 30):
        sweep(still(DUE + days * DAY))
    assert book.addresses()[DANAS] == 0, "nor does the other channel stand in"


@pytest.mark.parametrize(("code", "is_new"), [("group_unsubscribe", True), ("dropped:unsubscribed address", False)])
def test_what_she_pressed_in_an_email_is_a_new_opt_out_and_what_sendgrid_drops_an_old_one(
    practice: Practice, code: str, is_new: bool
) -> None:
    her, staff = dana(practice), bob(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, STOPPED_AT, email=DANAS, origin=Origin.GATEWAY, wording="")
        take_back_for(practice.pk, her.pk, "Write me again", Actor(staff.pk), LIFTED_AT)
        said = Report("E9", None, address=DANAS, at=DUE, meaning=Meaning.OPTED_OUT, code=code, reason="It is out.")
        apply_reports(DeliveryReported(practice.pk, "vendor", (said,), DUE))
    assert may(practice).is_opted_out == is_new
    assert marks(practice) == ([] if is_new else [("email", DANAS, "opted_out")])


def test_a_start_from_before_the_last_stop_is_not_reopened(practice: Practice) -> None:
    with practice_scope(practice.pk):
        opt_out(practice.pk, STOPPED_AT - 100 * DAY, phone=DANA, origin=Origin.REPLY, wording="STOP")
    old = says(practice, "resume", STOPPED_AT - 90 * DAY, by_vendor=False)
    lifted(practice)
    refused_again(practice)
    assert marks(practice) == [("phone", DANA, "opted_out")]
    with practice_scope(practice.pk):
        assert Reply.objects.get(pk=old.pk).handled_at is not None
