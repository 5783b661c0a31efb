"""Are stops heeded where records share numbers, words come late or out of order, or she was erased? (OPT-1, R28)"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clients.models import Client, Suppression
from clients.operations.erasing import erase_client
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.operations.answering import send_answers
from reminders.operations.replies import receive_reply
from reminders.operations.staff_answers import answer_reply
from tests.builders import story
from tests.builders.practices import bob, lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

SAID_AT = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)
PHONE, SECOND, MINUTE = "+13125550186", timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def practice() -> Practice:
    made = lakeview(story.SINCE)
    with practice_scope(made.pk):
        made.address_line = "2210 N Clark St, Chicago, IL 60614"
        made.save()
    live(made, story.SINCE)
    return made


@pytest.fixture
def siobhan(practice: Practice) -> Client:
    row = story.client(practice, "Siobhán", "O’Connell", 186, preferred_channel="sms")
    story.treated(row, "botox", date(2026, 9, 14))
    planned(practice, [row.pk], datetime(2026, 9, 15, 15, tzinfo=UTC))
    sent(practice, SAID_AT - timedelta(hours=1))
    return row


@pytest.fixture
def mother(practice: Practice, siobhan: Client) -> Client:
    """Another record with the same number."""
    row = story.client(practice, "Orla", "O’Connell", 187, preferred_channel="sms")
    with practice_scope(practice.pk):
        Client.objects.filter(pk=row.pk).update(phone=PHONE)
    return row


def says(practice: Practice, text: str, at: datetime = SAID_AT, **more: Any) -> Reply:
    heard_at = more.pop("heard_at", at + 3 * SECOND)
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, Channel.SMS, more.pop("sender", PHONE), text, at, heard_at, **more)


def answers(practice: Practice) -> list[tuple[str, str]]:
    with practice_scope(practice.pk):
        rows = Delivery.objects.filter(message__kind="answer").order_by("attempted_at", "pk")
        return list(rows.values_list("message__touchpoint", "state"))


def may(practice: Practice, who: Client) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who.pk])[who.pk]


def test_a_number_is_confirmed_once_whichever_record_and_however_often_it_says_stop(
    practice: Practice, siobhan: Client, mother: Client
) -> None:
    says(practice, "STOP", remote_id="SM1")
    says(practice, "STOP", remote_id="SM1", heard_at=SAID_AT + MINUTE)
    says(practice, "stop texting me", SAID_AT + MINUTE, remote_id="SM2")
    with practice_scope(practice.pk):  # its last message now reached the other record
        Client.objects.filter(pk=siobhan.pk).update(phone="")
    says(practice, "STOP", SAID_AT + 2 * MINUTE, remote_id="SM3")
    send_answers(lambda: SAID_AT + 3 * MINUTE)
    assert answers(practice) == [("opt_out_reply", "accepted")]
    assert may(practice, mother).is_sms_stopped


def test_a_start_by_either_record_brings_the_number_back_for_both(
    practice: Practice, siobhan: Client, mother: Client
) -> None:
    says(practice, "STOP")
    assert may(practice, siobhan).is_opted_out
    assert may(practice, mother).is_sms_stopped
    says(practice, "START", SAID_AT + MINUTE)
    assert not may(practice, siobhan).is_opted_out
    assert not may(practice, mother).is_opted_out


def test_a_stop_after_a_start_counts_though_both_are_heard_an_hour_late(practice: Practice, siobhan: Client) -> None:
    """Callbacks waited while the workers were down: none of them is older than what was done about the other."""
    says(practice, "STOP")
    heard_at = SAID_AT + timedelta(hours=1)
    says(practice, "START", SAID_AT + MINUTE, heard_at=heard_at)
    says(practice, "STOP", SAID_AT + 2 * MINUTE, heard_at=heard_at + SECOND)
    assert may(practice, siobhan).is_sms_stopped
    send_answers(lambda: heard_at + 2 * SECOND)
    assert [touchpoint for touchpoint, state in answers(practice) if state == "accepted"] == []


@pytest.mark.parametrize("thanked", ["yes thanks", "Yep!", "ya", "ok", "Sí"])
def test_thanks_for_the_confirmation_bring_nobody_back(practice: Practice, siobhan: Client, thanked: str) -> None:
    says(practice, "STOP")
    reply = says(practice, thanked, SAID_AT + MINUTE)
    assert (reply.intent, reply.handled_at) == ("none", None)
    assert may(practice, siobhan).is_sms_stopped


def test_a_stop_by_one_record_ends_what_staff_wrote_to_the_other(
    practice: Practice, siobhan: Client, mother: Client
) -> None:
    staff = bob(practice)
    reply = says(practice, "Is it safe?")
    assert reply.client_id is not None
    with practice_scope(practice.pk):
        answer_reply(practice.pk, reply.pk, "Yes, it is.", Actor(staff.pk), SAID_AT + 9 * SECOND)
        Client.objects.filter(pk=reply.client_id).update(phone="+13125550999")
    says(practice, "STOP", SAID_AT + MINUTE)
    send_answers(lambda: SAID_AT + 2 * MINUTE)
    assert ("staff_answer", "refused") in answers(practice)
    assert ("staff_answer", "accepted") not in answers(practice)


@pytest.mark.parametrize("is_out", [True, False])
def test_who_was_erased_is_heard_and_not_answered(practice: Practice, siobhan: Client, *, is_out: bool) -> None:
    """REC-5: her number is nobody's; STOP is kept for whoever comes in with it, START lets her come in again."""
    if is_out:
        says(practice, "STOP")
    with practice_scope(practice.pk):
        erase_client(practice.pk, siobhan.pk, Actor(), SAID_AT + MINUTE)
    was = len(answers(practice))
    for minutes, (text, intent) in enumerate((("HELP", "help"), ("STOP", "stop"), ("START", "start")), start=2):
        reply = says(practice, text, SAID_AT + minutes * MINUTE)
        assert (reply.client_id, reply.intent) == (None, intent)
        with practice_scope(practice.pk):
            standing = Suppression.objects.filter(subject="phone", lifted_at=None).exists()
        assert standing is {"HELP": is_out, "STOP": True, "START": False}[text]
    send_answers(lambda: SAID_AT + 9 * MINUTE)
    assert len(answers(practice)) == was
