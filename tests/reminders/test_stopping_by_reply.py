"""Does a word of a reply do what it asks for, at once and once, and is its one answer sent? (OPT-1 to OPT-3, R28)"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clients.models import Client, Consent, Suppression
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Reason, ReminderState
from reminders.models import Delivery, Message, Reminder, Reply, Template, TemplateVersion
from reminders.operations.answering import send_answers
from reminders.operations.claiming import claim_batch
from reminders.operations.deciding_replies import opt_out_by_reply, take_for_no_opt_out
from reminders.operations.delivering import deliver
from reminders.operations.outbound import Batch
from reminders.operations.replies import receive_reply
from reminders.operations.staff_answers import answer_reply
from reminders.operations.stopping_links import AddressKind, stop_by_link, unsubscribe_token
from tests.builders import story
from tests.builders.at_once import while_it_is_open
from tests.builders.practices import bob, lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

TREATED_ON = date(2026, 9, 14)
FIRST_DUE = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)
SECOND_DUE = datetime(2026, 11, 30, 16, 0, 5, tzinfo=UTC)
SAID_AT = FIRST_DUE + timedelta(hours=1)
NOW = SAID_AT + timedelta(seconds=3)
PHONE, EMAIL = "+13125550186", "client186@example.com"
CONFIRMED = "Lakeview Aesthetics: you have opted out, and no more texts will come. Reply START to get them again."


@pytest.fixture
def practice() -> Practice:
    made = lakeview(story.SINCE)
    with practice_scope(made.pk):
        made.address_line = "2210 N Clark St, Chicago, IL 60614"
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


def says(practice: Practice, text: str, at: datetime = SAID_AT, **more: Any) -> Reply:
    """By text, heard three seconds later."""
    heard_at = more.pop("heard_at", at + timedelta(seconds=3))
    channel = more.pop("channel", Channel.SMS)
    sender = more.pop("sender", PHONE if channel is Channel.SMS else EMAIL)
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, channel, sender, text, at, heard_at, **more)


def answers(practice: Practice) -> list[Delivery]:
    with practice_scope(practice.pk):
        rows = Delivery.objects.filter(message__kind="answer").select_related("message").order_by("attempted_at", "pk")
        return list(rows)


def named(practice: Practice) -> list[str]:
    return [each.message.touchpoint for each in answers(practice)]


def may(practice: Practice, who: Client) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who.pk])[who.pk]


def stops(practice: Practice) -> list[tuple[str, str, str]]:
    with practice_scope(practice.pk):
        rows = Suppression.objects.filter(lifted_at=None).order_by("subject")
        return list(rows.values_list("subject", "address", "wording"))


def test_stop_stops_is_confirmed_once_and_needs_nobody(practice: Practice, siobhan: Client) -> None:
    """OPT-1."""
    reply = says(practice, "STOP", to_address="(312) 555-0100", gateway="twilio_sms")
    assert (reply.intent, reply.handling, reply.handled_at, reply.handled_by_id) == ("stop", "opted_out", NOW, None)
    assert (reply.to_address, reply.gateway) == ("+13125550100", "twilio_sms")
    assert stops(practice) == [("phone", PHONE, "STOP")]
    with practice_scope(practice.pk):
        second = Reminder.objects.get(step="second")
    assert (second.state, second.reason) == ("cancelled", "OPTED_OUT")
    (confirmation,) = answers(practice)
    assert (confirmation.text, confirmation.to_address, confirmation.state) == (CONFIRMED, PHONE, "ready")
    assert confirmation.valid_until == SAID_AT + timedelta(minutes=5)
    assert (confirmation.message.touchpoint, confirmation.message.answers_id) == ("opt_out_reply", reply.pk)
    assert says(practice, "Stop", SAID_AT + timedelta(minutes=1)).handling == "opted_out"
    assert says(practice, "please stop texting me", SAID_AT + timedelta(minutes=2)).handling == ""
    assert len(answers(practice)) == 1


def test_the_confirmation_leaves_although_all_else_is_stopped_and_within_five_minutes(
    practice: Practice, siobhan: Client
) -> None:
    """47 CFR 64.1200(a)(12)."""
    says(practice, "STOP")
    assert send_answers(lambda: NOW + timedelta(seconds=2)) == 1
    assert [each.state for each in answers(practice)] == ["accepted"]
    assert sent(practice, SECOND_DUE) == 0
    send_answers(lambda: SECOND_DUE)
    assert len(answers(practice)) == 1


def test_a_confirmation_that_could_not_leave_in_time_does_not_leave(practice: Practice, siobhan: Client) -> None:
    says(practice, "STOP")
    send_answers(lambda: SAID_AT + timedelta(minutes=5, seconds=1))
    assert [each.state for each in answers(practice)] == ["refused"]


@pytest.mark.parametrize(
    "more",
    [
        {"is_answered_by_vendor": True},
        {"heard_at": SAID_AT + timedelta(minutes=5)},
        {"sender": "+14155550100"},
    ],
    ids=["the vendor confirmed it", "heard of too late", "of nobody known"],
)
def test_some_stops_are_heeded_without_our_confirmation(
    practice: Practice, siobhan: Client, more: dict[str, Any]
) -> None:
    reply = says(practice, "STOP", **more)
    assert (reply.intent, reply.handling) == ("stop", "opted_out")
    assert len(stops(practice)) == 1
    assert answers(practice) == []


@pytest.mark.parametrize("text", ["please stop texting me", "cancel", "STOP. Where do I send the bill?"])
def test_words_that_say_more_than_stop_are_heeded_and_left_to_a_person(
    practice: Practice, siobhan: Client, text: str
) -> None:
    reply = says(practice, text)
    assert (reply.intent, reply.handled_at) == ("stop", None)
    assert stops(practice) == [("phone", PHONE, text)]
    assert named(practice) == ["opt_out_reply"]


@pytest.mark.parametrize(
    "text", ["Yes, Tuesday works", "cancel my appointment Tuesday", "I'll stop by at 3", "no thanks"]
)
def test_an_answer_is_no_opt_out(practice: Practice, siobhan: Client, text: str) -> None:
    reply = says(practice, text)
    assert (reply.intent, reply.handled_at) == ("none", None)
    assert stops(practice) == []
    assert not may(practice, siobhan).is_opted_out


def test_before_going_live_a_stop_is_confirmed_in_the_words_that_medspa_brings(siobhan: Client) -> None:
    practice = Practice(pk=siobhan.practice_id)
    with practice_scope(practice.pk):
        TemplateVersion.objects.update(state=TemplateVersion.State.SUBMITTED)
    says(practice, "STOP")
    assert [(each.text, each.template_version_id) for each in answers(practice)] == [(CONFIRMED, None)]


def test_a_stop_is_confirmed_in_the_practice_s_own_approved_words(practice: Practice, siobhan: Client) -> None:
    with practice_scope(practice.pk):
        text = Template.objects.get(touchpoint="opt_out_reply", channel="sms", detail=practice.sms_detail)
        version = TemplateVersion.objects.get(template=text)
        TemplateVersion.objects.filter(pk=version.pk).update(body="{practice}: done{{}}.".replace("{{}}", ""))
    says(practice, "STOP")
    assert [(each.text, each.template_version_id) for each in answers(practice)] == [
        ("Lakeview Aesthetics: done.", version.pk)
    ]


def test_a_stop_by_email_is_confirmed_by_email(practice: Practice, siobhan: Client) -> None:
    reply = says(practice, "Please take me off your list", channel=Channel.EMAIL)
    assert (reply.intent, reply.handled_at) == ("stop", None)
    assert [row[:2] for row in stops(practice)] == [("email", EMAIL)]
    (confirmation,) = answers(practice)
    assert (confirmation.to_address, confirmation.subject) == (EMAIL, "You are unsubscribed")
    assert "2210 N Clark St" in confirmation.text
    assert "List-Unsubscribe" not in confirmation.headers


def test_start_brings_texts_back_once_and_says_so(practice: Practice, siobhan: Client) -> None:
    """OPT-3, R28."""
    says(practice, "STOP")
    later = SAID_AT + timedelta(days=2)
    reply = says(practice, "START", later)
    assert (reply.intent, reply.handling) == ("start", "answered")
    assert stops(practice) == []
    assert named(practice) == ["opt_out_reply", "start_reply"]
    with practice_scope(practice.pk):
        word = Consent.objects.get(client=siobhan, source="reply START")
        assert not Reminder.objects.filter(state__in=["planned", "waiting"]).exists()  # what ended stays ended
    assert (word.kind, word.wording, word.address) == ("granted", "START", PHONE)
    assert may(practice, siobhan).is_sms_consented
    again = says(practice, "start", later + timedelta(minutes=1))
    assert (again.intent, again.handled_at) == ("start", None)
    assert len(answers(practice)) == 2


def test_a_bare_yes_is_start_only_while_the_number_is_stopped(practice: Practice, siobhan: Client) -> None:
    assert says(practice, "Yes").intent == "none"
    says(practice, "STOP", SAID_AT + timedelta(minutes=1))
    reply = says(practice, "YES", SAID_AT + timedelta(minutes=2), is_answered_by_vendor=True)
    assert (reply.intent, reply.handling) == ("start", "answered")
    assert not may(practice, siobhan).is_opted_out
    assert named(practice) == ["opt_out_reply"]


def test_a_start_that_was_said_before_the_stop_does_not_end_it(practice: Practice, siobhan: Client) -> None:
    says(practice, "STOP")
    late = says(practice, "START", SAID_AT - timedelta(seconds=30), heard_at=NOW + timedelta(seconds=9))
    assert (late.intent, late.handled_at) == ("start", None)
    assert len(stops(practice)) == 1


def test_a_stop_that_was_said_before_the_start_changes_nothing(practice: Practice, siobhan: Client) -> None:
    says(practice, "STOP")
    says(practice, "START", SAID_AT + timedelta(minutes=2))
    late = says(practice, "STOP", SAID_AT + timedelta(minutes=1), heard_at=SAID_AT + timedelta(minutes=3))
    assert (late.intent, late.handled_at) == ("stop", None)
    assert stops(practice) == []
    assert named(practice) == ["opt_out_reply", "start_reply"]


def test_a_start_after_staff_opted_her_out_brings_texts_back(practice: Practice, siobhan: Client) -> None:
    with practice_scope(practice.pk):
        Suppression.objects.create(
            practice=practice, subject="client", address=str(siobhan.pk), client=siobhan, origin="staff",
            at=SAID_AT - timedelta(days=1),
        )  # fmt: skip
    assert says(practice, "START").handling == "answered"
    assert not may(practice, siobhan).is_opted_out


def test_who_asks_who_is_writing_is_told_once_a_day(practice: Practice, siobhan: Client) -> None:
    reply = says(practice, "who is this?")
    assert (reply.intent, reply.handling) == ("help", "answered")
    assert [each.text.partition(":")[0] for each in answers(practice)] == ["Lakeview Aesthetics"]
    assert says(practice, "HELP", SAID_AT + timedelta(hours=3)).handling == "none_needed"
    assert len(answers(practice)) == 1
    assert says(practice, "HELP", SAID_AT + timedelta(hours=25)).handling == "answered"
    assert named(practice) == ["help_reply", "help_reply"]
    assert says(practice, "HELP", SAID_AT + timedelta(days=3), is_answered_by_vendor=True).handling == "answered"
    assert len(answers(practice)) == 2


def test_who_stopped_gets_no_answer_to_help(practice: Practice, siobhan: Client) -> None:
    """RULES.md, kinds of message: after an opt-out only its one confirmation."""
    says(practice, "STOP")
    reply = says(practice, "HELP", SAID_AT + timedelta(minutes=1))
    assert (reply.intent, reply.handled_at) == ("help", None)
    assert named(practice) == ["opt_out_reply"]


@pytest.fixture
def visit(practice: Practice, siobhan: Client) -> datetime:
    """An appointment, booked: its confirmations may leave on both channels. Returns when the first is due."""
    with practice_scope(practice.pk):
        Client.objects.filter(pk=siobhan.pk).update(preferred_channel="both")
    starts_at = datetime(2026, 12, 3, 20, tzinfo=UTC)
    story.booked(siobhan, starts_at, NOW)
    planned(practice, [siobhan.pk], NOW)
    sent(practice, NOW + timedelta(seconds=5))  # the booking's own confirmation
    return starts_at - timedelta(hours=48) + timedelta(seconds=5)


def left_by(practice: Practice, since: datetime) -> set[str]:
    """The channels on which anything left since."""
    with practice_scope(practice.pk):
        rows = Delivery.objects.filter(attempted_at__gte=since, state="accepted").exclude(message__kind="answer")
        return set(rows.values_list("channel", flat=True))


def test_both_channels_confirm_a_visit(practice: Practice, siobhan: Client, visit: datetime) -> None:
    sent(practice, visit)
    assert left_by(practice, visit) == {"sms", "email"}


def test_stop_ends_the_texts_of_a_confirmation_too(practice: Practice, siobhan: Client, visit: datetime) -> None:
    """OPT-3."""
    says(practice, "STOP", visit - timedelta(hours=3))
    sent(practice, visit)
    assert left_by(practice, visit) == {"email"}


def test_unsubscribing_from_email_leaves_the_confirmation(practice: Practice, siobhan: Client, visit: datetime) -> None:
    """OPT-3."""
    token = unsubscribe_token(practice.pk, siobhan.pk, AddressKind.EMAIL)
    stop_by_link(token, visit - timedelta(hours=3), is_one_click=True)
    assert may(practice, siobhan).is_opted_out
    sent(practice, visit)
    assert left_by(practice, visit) == {"sms", "email"}


def test_what_may_be_a_stop_holds_texts_and_promotion_until_a_person_decides(
    practice: Practice, siobhan: Client, staff: StaffMember, visit: datetime
) -> None:
    """OPT-1: "unsure" is shown to a person, and messages hold meanwhile."""
    reply = says(practice, "wrong number", visit - timedelta(hours=3))
    assert (reply.intent, reply.handled_at, stops(practice)) == ("unsure", None, [])
    sent(practice, visit)
    assert left_by(practice, visit) == {"email"}
    with practice_scope(practice.pk):
        take_for_no_opt_out(practice.pk, reply.pk, Actor(staff.pk), visit + timedelta(minutes=1))
        decided = Reply.objects.get(pk=reply.pk)
    assert (decided.intent, decided.handled_at) == ("none", None)
    sent(practice, visit + timedelta(hours=24))
    assert left_by(practice, visit + timedelta(hours=1)) == {"sms", "email"}


def test_an_unclear_reply_holds_a_refill_reminder_and_says_why(practice: Practice, siobhan: Client) -> None:
    says(practice, "not interested")
    assert sent(practice, SECOND_DUE) == 0
    with practice_scope(practice.pk):
        held = Reminder.objects.get(step="second")
    assert held.state == ReminderState.WAITING
    assert held.reason in {Reason.REPLY_UNCLEAR, Reason.REPLY_UNANSWERED}


def test_a_person_takes_unclear_words_for_an_opt_out(practice: Practice, siobhan: Client, staff: StaffMember) -> None:
    reply = says(practice, "not interested")
    at = SAID_AT + timedelta(minutes=3)
    for _ in range(2):
        with practice_scope(practice.pk):
            done = opt_out_by_reply(practice.pk, reply.pk, Actor(staff.pk), at)
    assert (done.intent, done.handling, done.handled_at, done.handled_by_id) == ("stop", "opted_out", at, staff.pk)
    with practice_scope(practice.pk):
        stop = Suppression.objects.get(lifted_at=None)
    assert (stop.address, stop.wording, stop.origin, stop.by_id, stop.at) == (
        PHONE, "not interested", "reply", staff.pk, SAID_AT,
    )  # fmt: skip
    assert named(practice) == ["opt_out_reply"]  # decided within five minutes


def test_an_hour_later_an_opt_out_is_not_confirmed_any_more(
    practice: Practice, siobhan: Client, staff: StaffMember
) -> None:
    reply = says(practice, "not interested")
    with practice_scope(practice.pk):
        opt_out_by_reply(practice.pk, reply.pk, Actor(staff.pk), SAID_AT + timedelta(hours=1))
    assert answers(practice) == []
    assert may(practice, siobhan).is_sms_stopped


def test_unclear_words_of_nobody_known_are_decided_too(practice: Practice, staff: StaffMember) -> None:
    known = says(practice, "wrong number", sender="+14155550100")
    odd = says(practice, "wrong number", sender="32665")
    with practice_scope(practice.pk):
        opt_out_by_reply(practice.pk, known.pk, Actor(staff.pk), NOW)
        opt_out_by_reply(practice.pk, odd.pk, Actor(staff.pk), NOW)
        assert not Reply.objects.filter(handled_at=None).exists()
    assert [row[:2] for row in stops(practice)] == [("phone", "+14155550100")]


def test_a_stop_ends_what_staff_wrote_and_has_not_left(practice: Practice, siobhan: Client, staff: StaffMember) -> None:
    """R32, R28."""
    reply = says(practice, "Is it safe?")
    with practice_scope(practice.pk):
        answer_reply(practice.pk, reply.pk, "Yes, it is.", Actor(staff.pk), NOW)
    says(practice, "STOP", SAID_AT + timedelta(seconds=4))
    send_answers(lambda: SAID_AT + timedelta(seconds=9))
    states = {each.message.touchpoint: each.state for each in answers(practice)}
    assert states == {"staff_answer": "refused", "opt_out_reply": "accepted"}


def test_the_same_stop_delivered_again_does_nothing_more(practice: Practice, siobhan: Client) -> None:
    for seconds in (0, 40):
        says(practice, "STOP", remote_id="SM1", heard_at=NOW + timedelta(seconds=seconds))
    with practice_scope(practice.pk):
        assert Reply.objects.count() == 1
        assert Message.objects.filter(kind="answer").count() == 1


def left(practice: Practice) -> int:
    with practice_scope(practice.pk):
        return Delivery.objects.filter(state="accepted").exclude(message__kind="answer").count()


@pytest.mark.django_db(transaction=True)
def test_a_stop_that_is_committed_before_the_attempt_wins(practice: Practice, siobhan: Client) -> None:
    """R32: two connections; the sweep finds the client held, or opted out, and sends nothing."""
    before = left(practice)
    at = SECOND_DUE - timedelta(seconds=1)
    reply, batch = while_it_is_open(
        practice.pk, lambda: says(practice, "STOP", at), lambda: claim_batch(practice.pk, SECOND_DUE, 10)
    )
    assert isinstance(reply, Reply)
    assert isinstance(batch, Batch)
    assert batch.attempts == []
    deliver(batch, lambda: SECOND_DUE)
    for minutes in (1, 60, 24 * 60):
        assert sent(practice, SECOND_DUE + timedelta(minutes=minutes)) == 0
    assert left(practice) == before


@pytest.mark.django_db(transaction=True)
def test_a_stop_that_comes_while_the_attempt_is_being_committed_ends_all_that_follows(
    practice: Practice, siobhan: Client
) -> None:
    """R32: what commits after the attempt is later. That one message leaves, and nothing after it."""
    before = left(practice)
    batch, reply = while_it_is_open(
        practice.pk, lambda: claim_batch(practice.pk, SECOND_DUE, 10), lambda: says(practice, "STOP", SECOND_DUE)
    )
    assert isinstance(batch, Batch)
    assert isinstance(reply, Reply)
    assert len(batch.attempts) == 1
    deliver(batch, lambda: SECOND_DUE)
    for minutes in (1, 60, 24 * 60, 8 * 24 * 60):
        assert sent(practice, SECOND_DUE + timedelta(minutes=minutes)) == 0
    assert left(practice) == before + 1
    assert named(practice) == ["opt_out_reply"]


@pytest.mark.django_db(transaction=True)
def test_a_stop_between_an_attempt_and_a_call_that_comes_too_late_wins(practice: Practice, siobhan: Client) -> None:
    """R32: a decision older than two seconds is taken again, and finds the stop."""
    before = left(practice)
    batch = claim_batch(practice.pk, SECOND_DUE, 10)
    assert len(batch.attempts) == 1
    says(practice, "STOP", SECOND_DUE)
    deliver(batch, lambda: SECOND_DUE + timedelta(seconds=3))
    assert sent(practice, SECOND_DUE + timedelta(seconds=4)) == 0
    assert left(practice) == before
