"""Does a reply find who sent it, hold promotion until a person has looked, and follow the person?"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from clients.models import Client, ServiceIssue, StaffNote, Suppression
from clients.operations.erasing import erase_client
from clients.operations.merging import merge, unmerge
from practices.models import AuditEntry, Practice, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.values import Facts
from reminders.engine.words import Channel, Reason, ReminderState
from reminders.models import ClientPlan, Delivery, Message, Reminder, Reply
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.replies import Undecided, handle_reply, receive_reply, reopen_reply
from reminders.operations.snoozing import NoSuchDay
from tests.builders import story
from tests.builders.practices import bob, hilltop, lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

TREATED_ON = date(2026, 9, 14)
FIRST_DUE = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)
SECOND_DUE = datetime(2026, 11, 30, 16, 0, 5, tzinfo=UTC)
ANSWERED_AT = FIRST_DUE + timedelta(hours=1)
NOW = ANSWERED_AT + timedelta(seconds=3)
PHONE = "+13125550186"
HANDLING = Reply.Handling


@pytest.fixture
def practice() -> Practice:
    made = lakeview(story.SINCE)
    with practice_scope(made.pk):
        made.address_line = "2210 N Clark St, Chicago, IL 60614"
        made.booking_url = "https://lakeview.example/book"
        made.save()
    live(made, story.SINCE)
    return made


@pytest.fixture
def staff(practice: Practice) -> StaffMember:
    return bob(practice)


@pytest.fixture
def siobhan(practice: Practice) -> Client:
    row = story.client(practice, "Siobhán", "O’Connell", 186, preferred_channel="sms")
    story.treated(row, "botox", TREATED_ON)
    planned(practice, [row.pk], datetime(2026, 9, 15, 15, tzinfo=UTC))
    sent(practice, FIRST_DUE)
    return row


def answer(
    practice: Practice, text: str = "Is it safe?", *, sender: str = PHONE, at: datetime = NOW, remote_id: str = ""
) -> Reply:
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, Channel.SMS, sender, text, at - timedelta(seconds=3), at, remote_id)


def handle(
    practice: Practice, reply: Reply, staff: StaffMember, handling: Reply.Handling = HANDLING.CALLED,
    at: datetime = NOW + timedelta(hours=2), until: date | None = None,
) -> Reply:  # fmt: skip
    with practice_scope(practice.pk):
        return handle_reply(practice.pk, reply.pk, Actor(staff.pk), at, handling, until)


def facts(practice: Practice, client_id: UUID, at: datetime = NOW) -> Facts:
    with practice_scope(practice.pk):
        return gather(bound(practice.pk, at), [client_id], at)[client_id].facts


def reminder(practice: Practice, client_id: UUID, step: str) -> Reminder:
    with practice_scope(practice.pk):
        return Reminder.objects.get(client_id=client_id, step=step)


def actions(practice: Practice) -> list[str]:
    with practice_scope(practice.pk):
        entries = AuditEntry.objects.filter(action__startswith="reply").order_by("number")
        return list(entries.values_list("action", flat=True))


def test_a_reply_is_the_client_s_with_that_number_and_answers_the_last_message(
    practice: Practice, siobhan: Client
) -> None:
    reply = answer(practice, sender="(312) 555-0186")
    with practice_scope(practice.pk):
        message = Message.objects.get(client=siobhan)
    assert (reply.client_id, reply.message_id, reply.from_address) == (siobhan.pk, message.pk, PHONE)
    assert (reply.text, reply.handled_at, reply.received_at) == ("Is it safe?", None, ANSWERED_AT)


def test_of_several_with_one_number_it_is_whom_a_message_reached_there_last(
    practice: Practice, siobhan: Client
) -> None:
    sister = story.client(practice, "Sister", "O’Connell", 186)
    assert answer(practice).client_id == siobhan.pk
    with practice_scope(practice.pk):
        Delivery.objects.all().delete()
        Client.objects.filter(pk=sister.pk).update(created_at=story.SINCE + timedelta(days=1))
    newest = answer(practice, at=NOW + timedelta(minutes=1))
    assert (newest.client_id, newest.message_id) == (sister.pk, None)


def test_what_the_gateway_refused_reached_nobody(practice: Practice, siobhan: Client) -> None:
    with practice_scope(practice.pk):
        Delivery.objects.update(state=Delivery.State.REFUSED)
    assert answer(practice).message_id is None


@pytest.mark.parametrize("sender", ["+14155550100", "32665", "", "\0"])
def test_a_reply_of_nobody_known_is_kept_without_a_client(
    practice: Practice, staff: StaffMember, siobhan: Client, sender: str
) -> None:
    reply = answer(practice, "Stop texting me", sender=sender)
    assert reply.client_id is None
    assert handle(practice, reply, staff, HANDLING.NONE_NEEDED).handled_by_id == staff.pk
    assert not facts(practice, siobhan.pk).has_unanswered_reply


def test_an_email_finds_its_sender_too(practice: Practice, siobhan: Client) -> None:
    with practice_scope(practice.pk):
        reply = receive_reply(practice.pk, Channel.EMAIL, " Client186@Example.com", "Hi\0", ANSWERED_AT, NOW)
    assert (reply.client_id, reply.from_address, reply.text) == (siobhan.pk, "client186@example.com", "Hi")
    assert reply.message_id is None  # nothing had reached her by email


def test_the_same_reply_again_changes_nothing(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    first = answer(practice, remote_id="SM1")
    handle(practice, first, staff)
    again = answer(practice, "Is it safe?", remote_id="SM1", at=NOW + timedelta(days=1))
    assert again.pk == first.pk
    assert again.handled_at is not None
    assert answer(practice, remote_id="SM2").pk != first.pk
    with practice_scope(practice.pk):
        assert Reply.objects.count() == 2


def test_an_id_longer_than_a_column_still_names_one_reply(practice: Practice, siobhan: Client) -> None:
    long_id = f"<{'x' * 500}@mail.example>"
    first = answer(practice, remote_id=long_id)
    assert answer(practice, remote_id=long_id).pk == first.pk
    assert answer(practice, remote_id=f"{long_id}.2").pk != first.pk
    odd = answer(practice, "\u202e\u05e9\u05dc\u05d5\u05dd 🙂 O’Brien'); --", remote_id="a\0b")
    assert (odd.text, odd.remote_id) == ("\u202e\u05e9\u05dc\u05d5\u05dd 🙂 O’Brien'); --", "ab")


def test_an_unanswered_reply_holds_promotion_until_it_is_handled(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    """R27."""
    reply = answer(practice)
    assert facts(practice, siobhan.pk).has_unanswered_reply
    assert sent(practice, SECOND_DUE) == 0
    held = reminder(practice, siobhan.pk, "second")
    assert (held.state, held.reason) == (ReminderState.WAITING, Reason.REPLY_UNANSWERED)
    handle(practice, reply, staff, at=SECOND_DUE + timedelta(minutes=1))
    assert not facts(practice, siobhan.pk).has_unanswered_reply
    assert sent(practice, SECOND_DUE + timedelta(minutes=1)) == 1


def test_one_of_two_replies_handled_still_holds(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    answer(practice)
    handle(practice, answer(practice, "Hello?", at=NOW + timedelta(minutes=1)), staff)
    assert facts(practice, siobhan.pk).has_unanswered_reply


def test_others_are_not_held(practice: Practice, siobhan: Client) -> None:
    noor = story.client(practice, "Noor", "Patel", 176)
    answer(practice)
    assert not facts(practice, noor.pk).has_unanswered_reply


def test_handled_twice_counts_once(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply = answer(practice)
    handle(practice, reply, staff, HANDLING.CALLED)
    again = handle(practice, reply, staff, HANDLING.NONE_NEEDED, at=NOW + timedelta(days=1))
    assert (again.handling, again.handled_at) == ("called", NOW + timedelta(hours=2))
    assert actions(practice) == ["reply_handled"]


def test_not_now_leaves_her_in_peace_until_the_day(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    """R27."""
    reply = handle(practice, answer(practice, "not now"), staff, HANDLING.SNOOZED, until=date(2026, 12, 4))
    assert reply.snoozed_until == date(2026, 12, 4)
    assert facts(practice, siobhan.pk).snoozed_until == date(2026, 12, 4)
    assert sent(practice, SECOND_DUE) == 0
    held = reminder(practice, siobhan.pk, "second")
    assert (held.reason, held.due_at) == (Reason.SNOOZED, datetime(2026, 12, 4, 16, tzinfo=UTC))
    with practice_scope(practice.pk):
        entry = AuditEntry.objects.get(action="reply_handled")
    assert entry.detail == {"handling": "snoozed", "until": "2026-12-04"}
    assert (entry.client_id, entry.staff_member_id, entry.subject_id) == (siobhan.pk, staff.pk, reply.pk)
    assert sent(practice, datetime(2026, 12, 4, 16, 0, 5, tzinfo=UTC)) == 1


@pytest.mark.parametrize("until", [None, date(2026, 11, 23), date(2026, 11, 1), date(2030, 1, 1)])
def test_nobody_is_left_in_peace_until_a_day_that_is_not_to_come(
    practice: Practice, staff: StaffMember, siobhan: Client, until: date | None
) -> None:
    reply = answer(practice)
    with pytest.raises(NoSuchDay):
        handle(practice, reply, staff, HANDLING.SNOOZED, until=until)
    assert facts(practice, siobhan.pk).has_unanswered_reply


def test_what_was_handled_can_be_reopened(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply = handle(practice, answer(practice), staff, HANDLING.SNOOZED, until=date(2026, 12, 4))
    for _ in range(2):
        with practice_scope(practice.pk):
            reopened = reopen_reply(practice.pk, reply.pk, Actor(staff.pk), NOW + timedelta(hours=3))
    known = facts(practice, siobhan.pk)
    assert (reopened.handled_at, reopened.handling, reopened.snoozed_until) == (None, "", None)
    assert (known.has_unanswered_reply, known.snoozed_until) == (True, None)
    assert actions(practice) == ["reply_handled", "reply_reopened"]


def test_reopening_leaves_a_later_snooze_alone(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    first = handle(practice, answer(practice), staff, HANDLING.SNOOZED, until=date(2026, 12, 4))
    handle(practice, answer(practice), staff, HANDLING.SNOOZED, until=date(2026, 12, 20))
    with practice_scope(practice.pk):
        reopen_reply(practice.pk, first.pk, Actor(staff.pk), NOW + timedelta(hours=3))
        assert ClientPlan.objects.get(client=siobhan).snoozed_until == date(2026, 12, 20)


def test_words_that_stop_opt_out_and_a_complaint_opens_an_issue(practice: Practice, siobhan: Client) -> None:
    """OPT-1, CARE-1."""
    answer(practice, "I was very unhappy with the left side", remote_id="SM1")
    answer(practice, "I was very unhappy with the left side", remote_id="SM1")
    with practice_scope(practice.pk):
        issue = ServiceIssue.objects.get(client=siobhan)
        assert not Suppression.objects.exists()
    assert (issue.origin, issue.text) == ("reply", "I was very unhappy with the left side")
    answer(practice, "please stop texting me")
    with practice_scope(practice.pk):
        stop = Suppression.objects.get(subject="phone")
        assert not Reminder.objects.filter(client=siobhan, state__in=["planned", "waiting"]).exists()
    assert (stop.origin, stop.wording, stop.at) == ("reply", "please stop texting me", ANSWERED_AT)


def test_a_stop_of_an_unknown_number_stands_for_whoever_has_it_later(practice: Practice) -> None:
    answer(practice, "STOP", sender="+14155550199")
    with practice_scope(practice.pk):
        assert Suppression.objects.get().address == "+14155550199"


def test_answered_are_the_channels_since_the_oldest_running_refill_began(practice: Practice, siobhan: Client) -> None:
    """R25."""
    assert facts(practice, siobhan.pk).answered == frozenset()
    answer(practice, at=story.SINCE)
    assert facts(practice, siobhan.pk).answered == frozenset()
    answer(practice)
    assert facts(practice, siobhan.pk).answered == {Channel.SMS}
    with practice_scope(practice.pk):
        receive_reply(practice.pk, Channel.EMAIL, "client186@example.com", "Yes", ANSWERED_AT, NOW)
    assert facts(practice, siobhan.pk).answered == {Channel.SMS, Channel.EMAIL}


def test_replies_and_notes_follow_a_merge_and_come_back(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    """R18."""
    twin = story.client(practice, "Siobhan", "OConnell", 187)
    hers, others = answer(practice), answer(practice, sender="+13125550187")
    assert others.client_id == twin.pk
    with practice_scope(practice.pk):
        for row in (siobhan, twin):
            StaffNote.objects.create(practice=practice, client=row, text="x", by=staff, at=NOW)
        made = merge(practice.pk, siobhan.pk, twin.pk, NOW)
    since = answer(practice, sender="+13125550187", at=NOW + timedelta(minutes=5))
    assert since.client_id == siobhan.pk
    assert facts(practice, siobhan.pk).has_unanswered_reply
    with practice_scope(practice.pk):
        assert set(Reply.objects.values_list("client_id", flat=True)) == {siobhan.pk}
        assert StaffNote.objects.filter(client=siobhan).count() == 2
        unmerge(practice.pk, made.pk, NOW + timedelta(hours=1))
        assert dict(Reply.objects.values_list("pk", "client_id")) == {
            hers.pk: siobhan.pk, others.pk: twin.pk, since.pk: siobhan.pk,
        }  # fmt: skip
        assert StaffNote.objects.filter(client=twin).count() == 1
    assert facts(practice, twin.pk).has_unanswered_reply


def test_erasing_a_client_erases_what_she_said(practice: Practice, siobhan: Client) -> None:
    answer(practice)
    with practice_scope(practice.pk):
        erase_client(practice.pk, siobhan.pk, Actor(), NOW)
        assert not Reply.objects.exists()


def test_another_practice_s_reply_is_not_there(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply, other = answer(practice), hilltop()
    with practice_scope(other.pk), pytest.raises(Reply.DoesNotExist):
        handle_reply(other.pk, reply.pk, Actor(staff.pk), NOW, HANDLING.CALLED)


@pytest.mark.parametrize("handling", [HANDLING.CALLED, HANDLING.NONE_NEEDED, HANDLING.SNOOZED])
def test_what_may_be_an_opt_out_is_not_closed_before_somebody_has_decided(
    practice: Practice, siobhan: Client, staff: StaffMember, handling: Reply.Handling
) -> None:
    """OPT-1."""
    reply = answer(practice, "wrong number")
    until = date(2026, 12, 24) if handling is HANDLING.SNOOZED else None
    with pytest.raises(Undecided):
        handle(practice, reply, staff, handling, until=until)
    with practice_scope(practice.pk):
        assert Reply.objects.get().handled_at is None
        assert not ClientPlan.objects.filter(snoozed_until__isnull=False).exists()
    assert facts(practice, siobhan.pk).has_unclear_reply
