"""Is what needs a person counted once, for whoever may do it, and is the worst that is broken said?"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection, GatewayEvent, ImportRun, InboundEvent
from practices.models import Practice, Role
from practices.queries.abilities import ABILITIES
from practices.tenancy import practice_scope
from reminders.engine.words import Reason
from reminders.models import Call, Reminder, Reply
from reminders.queries.alarm import Broken
from reminders.queries.attention import Attention, attention, held_messages
from tests.builders import day, practices
from tests.builders.story import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def lakeview(db: None) -> Practice:
    return practices.lakeview()


def asked(practice: Practice, role: Role = Role.OWNER) -> Attention:
    with practice_scope(practice.pk):
        return attention(practice.pk, NOW, ABILITIES[role])


def waiting(practice: Practice, reason: Reason, number: int = 1, ago: timedelta = HOUR) -> list[Reminder]:
    """So many clients whose reminder came due a while ago and is held for a reason."""
    return day.reminders(
        practice, day.people(practice, number), [NOW - ago] * number, state="waiting", reason=reason.value,
        due_at=NOW + HOUR,
    )  # fmt: skip


def test_a_practice_without_anything_needs_nobody(lakeview: Practice) -> None:
    known = asked(lakeview)
    assert (known.total, known.alarm, dict(known.held)) == (0, None, {})


def test_calls_replies_names_and_failures_count_one_each_and_holds_one_a_reason(lakeview: Practice) -> None:
    noor, tamika = day.people(lakeview, 2)
    day.call(lakeview, noor)
    day.call(lakeview, noor, "SERIES_STALLED")
    day.call(lakeview, tamika, closed_at=NOW)
    day.reply(lakeview, tamika, "Later")
    day.unknown_service(lakeview, noor, "Lip flip", 3, NOW)
    waiting(lakeview, Reason.NO_CONSENT, 4)
    waiting(lakeview, Reason.NO_APPROVED_TEXT, 2)
    day.handed_over(day.reminders(lakeview, day.people(lakeview, 1), [NOW - HOUR], state="failed"), state="refused")
    known = asked(lakeview)
    assert (known.calls, known.replies, known.unmapped, known.failures) == (2, 1, 1, 1)
    assert dict(known.held) == {Reason.NO_CONSENT: 4, Reason.NO_APPROVED_TEXT: 2}
    assert known.total == 2 + 1 + 1 + 1 + 2


def test_two_reminders_that_failed_in_one_message_are_one_failure(lakeview: Practice) -> None:
    client = day.people(lakeview, 1)
    pair = [
        each
        for slug in ("botox", "lip_filler")
        for each in day.reminders(lakeview, client, [NOW - HOUR], state="failed", slug=slug)
    ]
    day.handed_over(pair, state="undelivered")
    assert asked(lakeview).failures == 1


def test_a_failure_of_the_day_before_yesterday_is_no_longer_todays(lakeview: Practice) -> None:
    old = day.reminders(lakeview, day.people(lakeview, 1), [NOW - timedelta(days=2)], state="failed")
    day.handed_over(old, state="undelivered")
    assert asked(lakeview).failures == 0


def test_the_front_desk_is_not_asked_to_map_services(lakeview: Practice) -> None:
    day.unknown_service(lakeview, day.people(lakeview, 1)[0], "Lip flip", 3, NOW)
    assert asked(lakeview, Role.FRONT_DESK).total == 0
    assert asked(lakeview, Role.MANAGER).total == 1


def test_waiting_for_time_needs_nobody(lakeview: Practice) -> None:
    for reason in (Reason.CAP, Reason.GAP, Reason.WINDOW, Reason.ORDER, Reason.APPOINTMENT_SOON):
        waiting(lakeview, reason)
    assert asked(lakeview).total == 0


def test_another_practice_counts_nothing_of_it(lakeview: Practice) -> None:
    hilltop = practices.hilltop()
    waiting(lakeview, Reason.NO_CONSENT)
    day.call(lakeview, day.people(lakeview, 1)[0])
    assert asked(hilltop).total == 0


def test_held_messages_say_what_is_new_today_and_what_is_given_up(lakeview: Practice) -> None:
    today_at = NOW.replace(hour=6, minute=0)
    waiting(lakeview, Reason.NO_CONSENT, 2)
    old = waiting(lakeview, Reason.NO_CONSENT, 3, ago=timedelta(days=4))
    day.reminders(
        lakeview, day.people(lakeview, 1), [NOW - HOUR], state="waiting", reason="NO_CONSENT", kind="confirmation",
        step="hours_24", due_at=NOW, valid_until=NOW + HOUR,
    )  # fmt: skip
    day.reminders(
        lakeview, [old[0].client], [NOW - HOUR], state="waiting", reason="NO_CONSENT",
        slug="dysport", due_at=NOW,
    )  # fmt: skip
    with practice_scope(lakeview.pk):
        (held,) = held_messages(lakeview.pk, NOW, today_at, NOW + timedelta(days=2))
    assert (held.reason, held.messages, held.clients) == (Reason.NO_CONSENT, 7, 6)
    assert held.since_today == 4
    assert held.given_up == 4  # the three of four days ago, and the confirmation


def test_stale_records_are_the_alarm_and_not_among_the_held(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        Connection.objects.create(
            practice=lakeview, kind="generic", source="records", secret=b"", created_at=NOW,
            last_event_at=NOW - timedelta(hours=30),
        )  # fmt: skip
    waiting(lakeview, Reason.RECORDS_STALE, 4)
    known = asked(lakeview)
    assert known.alarm is not None
    assert (known.alarm.broken, known.alarm.waiting) == (Broken.RECORDS, 4)
    assert known.alarm.since == NOW - timedelta(hours=30)
    assert (dict(known.held), known.total) == ({}, 1)


@pytest.mark.parametrize(("days", "is_stale"), [(6, False), (8, True)])
def test_records_that_come_as_files_may_be_a_week_old(lakeview: Practice, days: int, is_stale: bool) -> None:
    with practice_scope(lakeview.pk):
        ImportRun.objects.create(
            practice=lakeview, state=ImportRun.State.DONE, started_at=NOW, finished_at=NOW - timedelta(days=days)
        )
    alarm = asked(lakeview).alarm
    assert (alarm is not None) is is_stale
    assert alarm is None or alarm.is_file_only


def test_a_gateway_that_is_down_comes_before_everything_else(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        connected = Connection.objects.create(
            practice=lakeview, kind="generic", source="records", secret=b"", created_at=NOW,
            last_event_at=NOW - timedelta(days=3),
        )  # fmt: skip
        InboundEvent.objects.create(
            practice=lakeview, connection=connected, webhook_id="w1", type="treatment.completed", body="{}",
            received_at=NOW - HOUR, state=InboundEvent.State.RETRYING,
        )  # fmt: skip
    waiting(lakeview, Reason.CHANNEL_DOWN, 2)
    alarm = asked(lakeview).alarm
    assert alarm is not None
    assert (alarm.broken, alarm.waiting) == (Broken.CHANNEL, 2)


def test_events_that_cannot_be_applied_are_an_alarm(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        connected = Connection.objects.create(
            practice=lakeview, kind="generic", source="records", secret=b"", created_at=NOW, last_event_at=NOW
        )
        InboundEvent.objects.create(
            practice=lakeview, connection=connected, webhook_id="w1", type="treatment.completed", body="{}",
            received_at=NOW - HOUR, state=InboundEvent.State.RETRYING,
        )  # fmt: skip
    alarm = asked(lakeview).alarm
    assert alarm is not None
    assert (alarm.broken, alarm.waiting, alarm.since) == (Broken.EVENTS, 1, NOW - HOUR)


def unread(practice: Practice, ago: timedelta, **changed: object) -> None:
    """A client's text that could not be applied."""
    told = {"channel": "sms", "from_address": "+13125550142", "text": "STOP"}
    row = {"kind": "message", "state": GatewayEvent.State.RETRYING, "event_key": uuid4().hex, "told": told, **changed}
    with practice_scope(practice.pk):
        GatewayEvent.objects.create(
            practice=practice, gateway="twilio_sms", received_at=NOW - ago, next_attempt_at=NOW + HOUR, **row
        )


def test_what_clients_wrote_and_cannot_be_read_in_needs_a_person_and_is_the_alarm(lakeview: Practice) -> None:
    unread(lakeview, 2 * HOUR)
    unread(lakeview, HOUR)
    unread(lakeview, timedelta(minutes=4))
    unread(lakeview, HOUR, state=GatewayEvent.State.APPLIED)
    unread(lakeview, HOUR, kind="report")
    known = asked(lakeview)
    assert known.alarm is not None
    assert (known.alarm.broken, known.alarm.waiting, known.alarm.since) == (Broken.ANSWERS, 2, NOW - 2 * HOUR)
    assert (known.failing_words, known.total) == (2, 2)
    waiting(lakeview, Reason.CHANNEL_DOWN)
    known = asked(lakeview)
    assert known.alarm is not None
    assert (known.alarm.broken, known.total) == (Broken.CHANNEL, 3)


def test_it_takes_one_query_whatever_there_is(lakeview: Practice) -> None:
    for number in (1, 30):
        for client in day.people(lakeview, number):
            day.call(lakeview, client)
        waiting(lakeview, Reason.NO_CONSENT, number)
        with practice_scope(lakeview.pk), CaptureQueriesContext(connection) as queries:
            attention(lakeview.pk, NOW)
        assert len(queries) == 1
    with practice_scope(lakeview.pk):
        assert (Call.objects.count(), Reply.objects.count()) == (31, 0)
