"""Do words that may be a stop hold every record with that phone, and a yes by email nothing? (OPT-1, OPT-3)"""

from datetime import timedelta

import pytest

from clients.models import Client, Consent, ServiceIssue, Suppression
from clients.operations.issues import resolve_issue
from clients.operations.notes import note_added
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.values import Facts
from reminders.engine.words import Channel
from reminders.models import ClientPlan, Reply
from reminders.operations.bound import bound
from reminders.operations.deciding_replies import opt_out_by_reply, take_for_no_opt_out
from reminders.operations.facts import gather
from reminders.operations.replies import receive_reply
from reminders.operations.stopping_links import AddressKind, stop_by_link, unsubscribe_token
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, live_practice, states, still, waits
from tests.builders.practices import bob

DANA, DANAS = "+13125550142", "dana.whitfield@example.com"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def says(practice: Practice, text: str, channel: Channel = Channel.SMS, sender: str = DANA) -> Reply:
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, channel, sender, text, DUE - MINUTE, DUE - MINUTE)


@pytest.fixture
def household() -> Practice:
    """Dana and Olivia have one phone."""
    practice = live_practice()
    with practice_scope(practice.pk):
        Client.objects.update(phone=DANA)
    return practice


def facts(practice: Practice) -> list[Facts]:
    with practice_scope(practice.pk):
        ids = list(Client.objects.order_by("first_name").values_list("pk", flat=True))
        found = gather(bound(practice.pk, DUE), ids, DUE)
    return [found[client_id].facts for client_id in ids]


def test_what_may_be_a_stop_holds_every_record_with_that_phone(household: Practice) -> None:
    reply = says(household, "wrong number")
    assert reply.intent == "unsure"
    assert [each.has_unclear_reply for each in facts(household)] == [True, True]
    sweep(still(DUE))
    assert {(state, reason) for state, reason, _ in waits(household)} == {("waiting", "REPLY_UNCLEAR")}


def test_by_email_it_holds_whoever_has_that_email(household: Practice) -> None:
    with practice_scope(household.pk):
        Client.objects.update(email=DANAS)
    says(household, "wrong number", Channel.EMAIL, DANAS.upper())
    assert [each.has_unclear_reply for each in facts(household)] == [True, True]


def test_it_holds_nobody_with_another_phone() -> None:
    practice = live_practice()
    says(practice, "wrong number")
    assert [each.has_unclear_reply for each in facts(practice)] == [True, False]


def test_a_note_that_may_be_a_stop_holds_every_record_with_that_phone_until_it_is_settled(household: Practice) -> None:
    staff = bob(household)
    with practice_scope(household.pk):
        dana = Client.objects.get(first_name="Dana")
        note_added(household.pk, dana.pk, "N1", "Says it is the wrong number", DUE - MINUTE, DUE - MINUTE)
    assert [each.has_unclear_reply for each in facts(household)] == [True, True]
    assert [each.has_open_issue for each in facts(household)] == [True, False]
    sweep(still(DUE))
    assert {(state, reason) for state, reason, _ in waits(household)} == {
        ("waiting", "SERVICE_ISSUE"), ("waiting", "REPLY_UNCLEAR"),
    }  # fmt: skip
    with practice_scope(household.pk):
        resolve_issue(household.pk, ServiceIssue.objects.get().pk, Actor(staff.pk), DUE + MINUTE)
    assert [each.has_unclear_reply for each in facts(household)] == [False, False]


def test_a_note_holds_who_has_the_email_alone() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        dana, olivia = Client.objects.order_by("first_name")
        Client.objects.filter(pk=olivia.pk).update(email=dana.email)
        note_added(practice.pk, dana.pk, "N1", "Says too many texts", DUE - MINUTE, DUE - MINUTE)
    assert [each.has_unclear_reply for each in facts(practice)] == [True, True]


def test_a_note_about_somebody_without_phone_or_email_holds_nobody_else() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        Client.objects.update(phone="", email="")
        dana = Client.objects.get(first_name="Dana")
        note_added(practice.pk, dana.pk, "N1", "Says it is the wrong number", DUE - MINUTE, DUE - MINUTE)
        assert ServiceIssue.objects.get().client_id == dana.pk
    assert [each.has_unclear_reply for each in facts(practice)] == [True, False]


@pytest.mark.parametrize("is_stop", [True, False])
def test_deciding_is_for_every_record_and_wakes_what_waits(household: Practice, is_stop: bool) -> None:
    reply, staff = says(household, "wrong number"), bob(household)
    sweep(still(DUE))
    at = DUE + MINUTE
    with practice_scope(household.pk):
        if is_stop:
            opt_out_by_reply(household.pk, reply.pk, Actor(staff.pk), at)
        else:
            take_for_no_opt_out(household.pk, reply.pk, Actor(staff.pk), at)
    assert [each.has_unclear_reply for each in facts(household)] == [False, False]
    if is_stop:
        assert states(household) == ["cancelled", "cancelled"]
    else:
        assert {due_at for *_, due_at in waits(household)} == {at}


def test_deciding_says_whether_it_was_this_that_decided(household: Practice) -> None:
    plain, unclear, staff = says(household, "Is it safe?"), says(household, "wrong number"), bob(household)
    with practice_scope(household.pk):
        assert not take_for_no_opt_out(household.pk, plain.pk, Actor(staff.pk), DUE)
        assert take_for_no_opt_out(household.pk, unclear.pk, Actor(staff.pk), DUE)
        assert not take_for_no_opt_out(household.pk, unclear.pk, Actor(staff.pk), DUE)
        stopped = says(household, "not interested")
        opt_out_by_reply(household.pk, stopped.pk, Actor(staff.pk), DUE)
        assert not take_for_no_opt_out(household.pk, stopped.pk, Actor(staff.pk), DUE)


@pytest.mark.parametrize("text", ["Yes", "yes."])
def test_a_yes_by_email_after_unsubscribing_confirms_a_visit_and_takes_nothing_back(text: str) -> None:
    """Unsubscribing leaves confirmations running: that is what she answers (RULES.md, kinds of message)."""
    practice = live_practice()
    with practice_scope(practice.pk):
        dana = Client.objects.get(phone=DANA)
    stop_by_link(unsubscribe_token(practice.pk, dana.pk, AddressKind.EMAIL), DUE - 2 * MINUTE, is_one_click=True)
    reply = says(practice, text, Channel.EMAIL, DANAS)
    assert (reply.intent, reply.handled_at) == ("none", None)
    with practice_scope(practice.pk):
        assert Suppression.objects.get().lifted_at is None
        assert not Consent.objects.filter(client=dana).exists()
        assert not ClientPlan.objects.get(client=dana).snoozed_until


def test_a_start_by_email_takes_an_unsubscription_back() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        dana = Client.objects.get(phone=DANA)
    stop_by_link(unsubscribe_token(practice.pk, dana.pk, AddressKind.EMAIL), DUE - 2 * MINUTE, is_one_click=True)
    assert says(practice, "START", Channel.EMAIL, DANAS).handling == "answered"
