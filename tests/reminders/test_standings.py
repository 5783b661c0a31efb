"""Does one word say how a client stands, on every day of her story, and does her row say the same?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client, ServiceIssue
from clients.operations.merging import merge
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.claim import awakened, claim
from reminders.engine.plan import plan
from reminders.engine.standing import Stands, standing_of
from reminders.engine.values import Facts, Permissions, Plan, Policy, Sequence
from reminders.engine.words import OPEN_STATES, Reason, ReminderState, SequenceKind, Standing
from reminders.models import ClientPlan
from reminders.queries.standings import clients_standing, standing_counts, standings_of
from tests.builders.clients import SAID_AT, say, treatment
from tests.builders.clients import appointment as said_appointment
from tests.builders.engine import MONDAY, at, person, policy, treated, visit
from tests.builders.practices import lakeview
from tests.builders.reminders import live, sent
from tests.engine.test_properties import NOW, POLICIES, clients

DAY = timedelta(days=1)


def stands(facts: Facts, now: datetime, chosen: Policy | None = None) -> Standing:
    return standing_of(facts, plan(facts, chosen or policy(), now), now).standing


def botox(**known: object) -> Facts:
    return Facts(**{"person": person(), "treatments": (treated("botox", MONDAY),), **known})  # type: ignore[arg-type]


def consented() -> Permissions:
    return Permissions(is_sms_consented=True)


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        ({}, Standing.NONE),
        ({"status": "inactive"}, Standing.BARRED),
        ({"status": "deceased"}, Standing.BARRED),
        ({"date_of_birth": date(2015, 1, 1)}, Standing.BARRED),
    ],
)
def test_who_was_never_treated_stands_as_the_records_say(known: dict[str, object], standing: Standing) -> None:
    assert stands(Facts(person=person(**known)), at(MONDAY)) is standing


@pytest.mark.parametrize(
    ("days", "standing"),
    [(1, Standing.ACTIVE), (69, Standing.ACTIVE), (70, Standing.DUE), (83, Standing.DUE), (300, Standing.LAPSED)],
)
def test_time_alone_makes_the_treated_due_and_then_lapsed(days: int, standing: Standing) -> None:
    facts = botox(permissions=consented())
    for day in range(days + 1):
        result = claim(facts, policy(), at(MONDAY + timedelta(days=day), 14))
        facts = replace(facts, sequences=engine_settled(result.plan))
    assert stands(facts, at(MONDAY + timedelta(days=days), 15)) is standing


def engine_settled(planned: Plan) -> tuple[Sequence, ...]:
    """Whatever was claimed has left."""
    return tuple(
        replace(
            sequence,
            reminders=tuple(
                replace(each, state=ReminderState.SENT, sent_at=each.decided_at)
                if each.state is ReminderState.CLAIMED
                else each
                for each in sequence.reminders
            ),
        )
        for sequence in planned.sequences
    )


def test_what_stops_messages_goes_before_what_sends_them() -> None:
    later = at(MONDAY + 75 * DAY)
    issue = {"has_open_issue": True, "issues": (("i", at(MONDAY)),)}
    opted_out = Permissions(is_sms_consented=True, is_opted_out=True)
    assert stands(botox(permissions=consented(), **issue), later) is Standing.PAUSED
    assert stands(botox(permissions=consented(), is_paused_by_staff=True), later) is Standing.PAUSED
    assert stands(botox(permissions=opted_out, **issue), later) is Standing.OPTED_OUT
    assert stands(botox(person=person(status="inactive"), permissions=opted_out, **issue), later) is Standing.BARRED


def test_a_fitting_booking_is_booked_and_one_that_passed_is_no_booking() -> None:
    facts = botox(permissions=consented(), visits=(visit(MONDAY + 80 * DAY, made=at(MONDAY + 60 * DAY)),))
    assert stands(facts, at(MONDAY + 75 * DAY)) is Standing.BOOKED
    assert stands(Facts(person=person(), visits=facts.visits), at(MONDAY + 75 * DAY)) is Standing.BOOKED
    assert stands(Facts(person=person(), visits=facts.visits), at(MONDAY + 81 * DAY)) is not Standing.BOOKED


def test_a_message_that_waits_for_consent_is_held_and_one_that_waits_for_its_hour_is_not() -> None:
    silent = botox(person=person(email="", phone="+13125550123"), permissions=Permissions())
    due = at(MONDAY + 70 * DAY, 14)
    result = claim(silent, policy(), due)
    held = replace(silent, sequences=result.plan.sequences)
    assert {each.reason for s in result.plan.sequences for each in s.reminders if each.state == "waiting"} == {
        Reason.NO_CONSENT
    }
    assert stands(held, due) is Standing.HELD
    capped = botox(permissions=consented(), last_promotion_at=due - DAY)
    result = claim(capped, policy(), due)
    assert standing_of(capped, result.plan, due).standing is Standing.DUE


def test_left_in_peace_until_a_date_is_no_hold_and_an_unanswered_reply_is() -> None:
    due = at(MONDAY + 70 * DAY, 14)
    snoozed = botox(permissions=consented(), snoozed_until=MONDAY + 80 * DAY)
    assert standing_of(snoozed, claim(snoozed, policy(), due).plan, due).standing is Standing.DUE
    answered = botox(permissions=consented(), has_unanswered_reply=True)
    assert standing_of(answered, claim(answered, policy(), due).plan, due).standing is Standing.HELD


@given(clients(), POLICIES, st.timedeltas(timedelta(0), timedelta(days=200)), st.booleans())
def test_everybody_stands_somewhere_and_the_next_message_is_one_that_may_leave(
    facts: Facts,
    chosen: Policy,
    later: timedelta,
    is_paused: bool,
) -> None:
    facts = replace(facts, is_paused_by_staff=is_paused)
    now = NOW + later
    planned = plan(replace(facts, sequences=plan(facts, chosen, NOW).sequences), chosen, now)
    found = standing_of(facts, planned, now)
    assert found == standing_of(facts, planned, now)
    assert standing_of(facts, awakened(planned, now), now).standing is found.standing
    due = [
        each.due_at
        for sequence in planned.sequences
        if sequence.state in {"open", "booked"}
        for each in sequence.reminders
        if each.state in OPEN_STATES
    ]
    assert found.next_at == min(due, default=None)
    if found.standing in {Standing.BARRED, Standing.OPTED_OUT}:
        assert not any(
            each.is_live and each.kind in {SequenceKind.REFILL, SequenceKind.REACTIVATION} for each in planned.sequences
        )
    if any(each.is_live and each.kind is SequenceKind.REFILL for each in planned.sequences):
        assert found.standing not in {Standing.NONE, Standing.LAPSED}
    if found.standing is Standing.NONE:
        assert not any(each.is_live for each in planned.sequences if each.kind is not SequenceKind.CONFIRMATION)


@given(clients(), POLICIES)
def test_the_order_of_sequences_does_not_matter(facts: Facts, chosen: Policy) -> None:
    planned = plan(facts, chosen, NOW)
    turned = replace(planned, sequences=planned.sequences[::-1], lapses=planned.lapses[::-1])
    assert standing_of(facts, planned, NOW) == standing_of(facts, turned, NOW)


# ---- as rows --------------------------------------------------------------------------------------------------

LIVE_SINCE = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture
def practice(db: None) -> Practice:
    made = lakeview()
    live(made, LIVE_SINCE)
    return made


def row(practice: Practice, client_id: UUID) -> ClientPlan:
    with practice_scope(practice.pk):
        return ClientPlan.objects.get(client_id=client_id)


def test_a_client_without_a_treatment_has_a_row_too_and_it_says_none(practice: Practice) -> None:
    (client_id,) = say(practice, treatment().client).client_ids
    found = row(practice, client_id)
    assert (found.standing, found.name_key, found.next_at) == ("none", "dana whitfield", None)


def test_the_row_follows_what_happens(practice: Practice) -> None:
    (client_id,) = say(practice, treatment()).client_ids
    assert row(practice, client_id).standing == Standing.ACTIVE
    say(practice, said_appointment(), at=SAID_AT + DAY)
    assert row(practice, client_id).standing == Standing.BOOKED
    say(practice, said_appointment(status="cancelled"), at=SAID_AT + 2 * DAY)
    assert row(practice, client_id).standing == Standing.BOOKED  # a day to book again (R8)
    sent(practice, SAID_AT + 4 * DAY)
    assert row(practice, client_id).standing == Standing.ACTIVE
    say(practice, replace(treatment().client, last_name="Ångström-Wu"), at=SAID_AT + 5 * DAY)
    assert row(practice, client_id).name_key == "dana angstrom wu"


def test_deciding_writes_how_the_client_stands_in_the_same_transaction(practice: Practice) -> None:
    (client_id,) = say(practice, treatment()).client_ids
    due = row(practice, client_id).next_at
    assert due is not None
    sent(practice, due + timedelta(minutes=1))
    with practice_scope(practice.pk):
        assert standings_of(practice.pk, [client_id])[client_id].standing in {Standing.DUE, Standing.HELD}


def test_planning_again_writes_nothing(practice: Practice) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reminders.operations.planning import replan

    (client_id,) = say(practice, treatment()).client_ids
    with CaptureQueriesContext(connection) as caught:
        replan(practice.pk, [client_id], SAID_AT + timedelta(minutes=1))
    assert not [each["sql"] for each in caught if each["sql"].startswith(("INSERT", "UPDATE"))]


def test_of_two_who_are_made_one_the_tombstone_is_neither_listed_nor_counted(practice: Practice) -> None:
    (kept,) = say(practice, treatment()).client_ids
    twin = replace(treatment().client, remote_id="G9", phone="312-555-0999", email="other@example.com")
    (gone,) = say(practice, treatment("T9", twin, performed_local=date(2026, 2, 20))).client_ids
    with practice_scope(practice.pk):
        assert standing_counts(practice.pk).total() == 2
        merge(practice.pk, kept, gone, SAID_AT + DAY)
    with practice_scope(practice.pk):
        assert standing_counts(practice.pk).total() == 1
        listed = [each.pk for standing in Standing for each in clients_standing(practice.pk, standing).clients]
        assert listed == [kept]
        assert standings_of(practice.pk, [gone]) == {gone: Stands(Standing.NONE)}


def test_two_again_are_counted_as_two(practice: Practice) -> None:
    from clients.operations.merging import unmerge

    (kept,) = say(practice, treatment()).client_ids
    twin = replace(treatment().client, remote_id="G9", phone="312-555-0999", email="other@example.com")
    (gone,) = say(practice, treatment("T9", twin, performed_local=date(2026, 2, 20))).client_ids
    with practice_scope(practice.pk):
        made = merge(practice.pk, kept, gone, SAID_AT + DAY)
    with practice_scope(practice.pk):
        unmerge(practice.pk, made.pk, SAID_AT + 2 * DAY)
    with practice_scope(practice.pk):
        assert standing_counts(practice.pk)[Standing.ACTIVE] == 2


def test_a_service_issue_pauses_the_row(practice: Practice) -> None:
    from clients.operations.issues import open_issue

    (client_id,) = say(practice, treatment()).client_ids
    with practice_scope(practice.pk):
        open_issue(practice.pk, client_id, ServiceIssue.Origin.STAFF, "uneven", SAID_AT + DAY, SAID_AT + DAY)
    assert row(practice, client_id).standing == Standing.PAUSED


def test_deleting_a_client_takes_the_count_along(practice: Practice) -> None:
    (client_id,) = say(practice, replace(treatment().client)).client_ids
    with practice_scope(practice.pk):
        assert standing_counts(practice.pk)[Standing.NONE] == 1
        Client.objects.filter(pk=client_id).delete()
        assert standing_counts(practice.pk).total() == 0
