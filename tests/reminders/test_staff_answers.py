"""Does what staff writes leave as it is shown, once, to where the client wrote from, and only while it may? (CHN-4)"""

from datetime import UTC, date, datetime, timedelta

import pytest

from clients.models import Client
from practices.models import AuditEntry, Practice, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.operations.answering import send_answers
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.replies import receive_reply, reopen_reply
from reminders.operations.staff_answers import AnswerRefused, WordsRefused, answer_reply, foresee_answer
from tests.builders import story
from tests.builders.at_once import while_it_is_open
from tests.builders.practices import bob, hilltop, lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

FIRST_DUE = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)
SAID_AT = FIRST_DUE + timedelta(hours=1)
NOW = SAID_AT + timedelta(minutes=20)
PHONE, EMAIL = "+13125550186", "client186@example.com"


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
    row = story.client(practice, "Siobhán", "O’Connell", 186, preferred_channel="both")
    story.treated(row, "botox", date(2026, 9, 14))
    planned(practice, [row.pk], datetime(2026, 9, 15, 15, tzinfo=UTC))
    sent(practice, FIRST_DUE)
    return row


def asks(
    practice: Practice, text: str = "Is it safe?", at: datetime = SAID_AT, channel: Channel = Channel.SMS
) -> Reply:
    sender = PHONE if channel is Channel.SMS else EMAIL
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, channel, sender, text, at, at)


def answer(practice: Practice, reply: Reply, staff: StaffMember, words: str, at: datetime = NOW) -> Reply:
    with practice_scope(practice.pk):
        return answer_reply(practice.pk, reply.pk, words, Actor(staff.pk), at)


def queued(practice: Practice) -> list[Delivery]:
    with practice_scope(practice.pk):
        return list(Delivery.objects.filter(message__kind="answer").select_related("message").order_by("pk"))


def is_held(practice: Practice, client: Client) -> bool:
    with practice_scope(practice.pk):
        return gather(bound(practice.pk, NOW), [client.pk], NOW)[client.pk].facts.has_unanswered_reply


def test_an_answer_leaves_in_the_words_that_were_foreseen(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    reply = asks(practice)
    words = "It’s safe – “promise”…\r\nSee you Tuesday  "
    with practice_scope(practice.pk):
        foreseen = foresee_answer(Reply.objects.get(pk=reply.pk), words)
    done = answer(practice, reply, staff, words)
    (delivery,) = queued(practice)
    assert delivery.text == foreseen.text == 'It\'s safe - "promise"...\nSee you Tuesday'
    assert foreseen.length is not None
    assert (foreseen.length.encoding, foreseen.length.segments) == ("GSM-7", 1)
    assert (delivery.to_address, delivery.from_name, delivery.valid_until) == (PHONE, "Lakeview Aesthetics", None)
    message = delivery.message
    assert (message.touchpoint, message.written_by_id, message.answers_id) == ("staff_answer", staff.pk, reply.pk)
    assert (done.handling, done.handled_at, done.handled_by_id) == ("answered", NOW, staff.pk)
    assert not is_held(practice, siobhan)
    assert send_answers(lambda: NOW + timedelta(seconds=1)) == 1
    assert [each.state for each in queued(practice)] == ["accepted"]


def test_the_trail_says_who_answered_but_not_what(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    """TEN-5."""
    reply = asks(practice)
    answer(practice, reply, staff, "Quite safe")
    (delivery,) = queued(practice)
    with practice_scope(practice.pk):
        entry = AuditEntry.objects.get(action="reply_answered")
    assert (entry.staff_member_id, entry.client_id, entry.subject_id) == (staff.pk, siobhan.pk, reply.pk)
    assert entry.detail == {"message": str(delivery.message_id)}


def test_an_email_is_answered_in_the_practice_s_frame_under_its_subject(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    reply = asks(practice, channel=Channel.EMAIL)
    answer(practice, reply, staff, "It's <b>safe</b>: {phone} [[x]]\n\nRead https://lakeview.example/safe.")
    (delivery,) = queued(practice)
    with practice_scope(practice.pk):
        first = Delivery.objects.get(message=reply.message_id, channel="email")
    assert delivery.subject == f"Re: {first.subject}"
    assert delivery.to_address == EMAIL
    assert delivery.text.startswith("It's <b>safe</b>: {phone} [[x]]\n\nRead https://lakeview.example/safe.\n\n")
    assert "It's &lt;b&gt;safe&lt;/b&gt;: {phone} [[x]]" in delivery.html
    assert 'href="https://lakeview.example/safe"' in delivery.html
    assert "2210 N Clark St" in delivery.text
    assert delivery.headers == {}


def test_pressed_twice_it_leaves_once(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply = asks(practice)
    first = answer(practice, reply, staff, "Yes")
    again = answer(practice, reply, staff, "Yes", NOW + timedelta(seconds=1))
    assert (again.handled_at, again.pk) == (first.handled_at, first.pk)
    assert len(queued(practice)) == 1
    with practice_scope(practice.pk):
        reopen_reply(practice.pk, reply.pk, Actor(staff.pk), NOW + timedelta(minutes=1))
    answer(practice, reply, staff, "One more thing", NOW + timedelta(minutes=2))
    assert [each.text for each in queued(practice)] == ["Yes", "One more thing"]


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_leaves_once(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply = asks(practice)

    def press() -> Reply:
        return answer(practice, reply, staff, "Yes")

    both = while_it_is_open(practice.pk, press, press)
    assert not any(isinstance(each, Exception) for each in both)
    assert len(queued(practice)) == 1


def test_the_earlier_replies_are_answered_with_it_and_a_later_one_is_not(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    hello, unclear = asks(practice, "Hello"), asks(practice, "wrong number", SAID_AT + timedelta(minutes=1))
    asked, by_email = asks(practice, at=SAID_AT + timedelta(minutes=2)), asks(practice, channel=Channel.EMAIL)
    later = asks(practice, "And how long?", SAID_AT + timedelta(minutes=3))
    answer(practice, asked, staff, "Yes")
    with practice_scope(practice.pk):
        handled = set(Reply.objects.exclude(handled_at=None).values_list("pk", flat=True))
        still_open = set(Reply.objects.filter(handled_at=None).values_list("pk", flat=True))
    assert handled == {hello.pk, asked.pk}
    assert still_open == {unclear.pk, by_email.pk, later.pk}
    assert is_held(practice, siobhan)


def test_nothing_is_answered_to_who_opted_out_of_that_channel(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    stop = asks(practice, "please stop texting me")
    with pytest.raises(AnswerRefused, match="opted out of texts"):
        answer(practice, stop, staff, "Sorry!")
    by_email = asks(practice, "How do I cancel my visit?", SAID_AT + timedelta(hours=1), Channel.EMAIL)
    answer(practice, by_email, staff, "Call us.")
    assert [each.channel for each in queued(practice) if each.message.touchpoint == "staff_answer"] == ["email"]
    with practice_scope(practice.pk):
        assert Reply.objects.get(pk=stop.pk).handled_at is None


def test_what_nobody_known_wrote_cannot_be_answered(practice: Practice, staff: StaffMember) -> None:
    with practice_scope(practice.pk):
        reply = receive_reply(practice.pk, Channel.SMS, "+14155550100", "Hi", SAID_AT, SAID_AT)
    with pytest.raises(AnswerRefused, match="No client has this address"):
        answer(practice, reply, staff, "Hi")
    assert queued(practice) == []


def test_what_may_be_an_opt_out_is_decided_first(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    with pytest.raises(AnswerRefused, match="Decide that first"):
        answer(practice, asks(practice, "wrong number"), staff, "Is it?")
    assert queued(practice) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "Write the answer"),
        (" \r\n\0 ", "Write the answer"),
        ("\u200b", "Write the answer"),
        ("x" * 1601, "1,601 characters"),
    ],
)
def test_nothing_and_too_much_are_refused_in_words(
    practice: Practice, staff: StaffMember, siobhan: Client, words: str, why: str
) -> None:
    reply = asks(practice)
    with pytest.raises(WordsRefused, match=why):
        answer(practice, reply, staff, words)
    assert queued(practice) == []
    assert is_held(practice, siobhan)


def test_another_practice_s_reply_is_not_there(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    reply, other = asks(practice), hilltop()
    with practice_scope(other.pk), pytest.raises(Reply.DoesNotExist):
        answer_reply(other.pk, reply.pk, "Hi", Actor(staff.pk), NOW)
