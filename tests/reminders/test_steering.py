"""Do staff's changes reach the rows, the audit trail and what leaves, and are they refused when too late? (SEQ-10)"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from clients.models import Client, Suppression
from clients.operations.merging import merge, unmerge
from clients.operations.staff_opt_outs import opt_out_for, take_back_for
from dashboard.views.wording.steering import outcome_words
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.foresee import Foreseen
from reminders.engine.words import Reason, ReminderState, SequenceState
from reminders.models import ClientPlan, Reminder, Sequence, TemplateVersion
from reminders.operations.going_live import go_live
from reminders.operations.steering import move, move_back, move_to, send_now, skip, unskip
from reminders.operations.steering_hold import Refusal, SteeringRefused
from reminders.operations.steering_sequences import end_sequence, pause, reopen_sequence, resume
from tests.builders import story
from tests.builders.practices import bob, lakeview
from tests.builders.reminders import live, planned, sent

DAY_ZERO = date(2026, 9, 14)
NOW = datetime(2026, 11, 17, 19, 42, tzinfo=UTC)  # Tuesday, 1:42 pm in Chicago; a week before the first step
FIRST_AT = datetime(2026, 11, 23, 16, tzinfo=UTC)


@pytest.fixture
def practice(db: None) -> Practice:
    lakeview_ = lakeview(story.SINCE)
    live(lakeview_, story.SINCE)
    return lakeview_


@pytest.fixture
def siobhan(practice: Practice) -> UUID:
    """Treated with Botox on September 14; nothing has left."""
    row = story.client(practice, "Siobhán", "O’Connell", 186)
    story.treated(row, "botox", DAY_ZERO)
    planned(practice, [row.pk], NOW - timedelta(days=60))
    return row.pk


@pytest.fixture
def actor(practice: Practice) -> Actor:
    return Actor(bob(practice).pk, "192.0.2.7")


def step(practice: Practice, key: str) -> Reminder:
    with practice_scope(practice.pk):
        return Reminder.objects.select_related("sequence").filter(step=key).order_by("-cycle")[0]


def days(practice: Practice) -> list[date]:
    with practice_scope(practice.pk):
        rows = Reminder.objects.filter(state__in=["planned", "waiting"]).order_by("due_at")
        return [each.due_at.date() for each in rows]


def trail(practice: Practice) -> list[tuple[str, UUID | None]]:
    with practice_scope(practice.pk):
        return [(each.action, each.subject_id) for each in AuditEntry.objects.order_by("number")]


def test_a_move_is_kept_with_who_did_it_and_says_when_it_leaves(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    first = step(practice, "first")
    outcome = move(practice.pk, first.pk, date(2026, 11, 28), time(21), actor, NOW)

    monday = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert outcome.foreseen == Foreseen(monday, Reason.WINDOW)
    assert (outcome.client_id, outcome.home_zone) == (siobhan, "America/Chicago")
    after = step(practice, "first")
    assert after.moved_to == after.planned_at == datetime(2026, 11, 29, 3, tzinfo=UTC)
    assert after.due_at == monday
    assert days(practice) == [date(2026, 11, 30), date(2026, 12, 5), date(2026, 12, 10)]
    with practice_scope(practice.pk):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.client_id, entry.subject_id) == ("reminder_moved", siobhan, first.pk)
    assert (entry.staff_member_id, entry.address) == (actor.staff_member_id, "192.0.2.7")
    assert entry.detail == {"from": FIRST_AT.isoformat(), "to": "2026-11-29T03:00:00+00:00"}


def test_a_move_survives_planning_again_and_can_be_taken_back(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    first = step(practice, "first")
    moment = datetime(2026, 11, 25, 18, tzinfo=UTC)
    move_to(practice.pk, first.pk, moment, actor, NOW)
    planned(practice, [siobhan], NOW + timedelta(hours=1))
    assert step(practice, "first").due_at == moment
    outcome = move_back(practice.pk, first.pk, actor, NOW + timedelta(hours=2))

    assert outcome.moved_before == moment
    assert outcome.foreseen == Foreseen(FIRST_AT)
    assert step(practice, "first").moved_to is None
    assert days(practice)[0] == FIRST_AT.date()
    assert [action for action, _ in trail(practice)] == ["reminder_moved", "reminder_moved_back"]


def test_sent_now_leaves_with_the_next_sweep(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    outcome = send_now(practice.pk, step(practice, "first").pk, actor, NOW)

    assert outcome.foreseen == Foreseen(NOW)
    assert sent(practice, NOW + timedelta(seconds=2)) == 1
    assert step(practice, "first").state == ReminderState.SENT


def test_what_a_sweep_was_faster_with_is_refused_with_its_moment(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    assert sent(practice, FIRST_AT) == 1
    first = step(practice, "first")
    later = FIRST_AT + timedelta(minutes=2)
    for act in (
        lambda: skip(practice.pk, first.pk, actor, later),
        lambda: send_now(practice.pk, first.pk, actor, later),
        lambda: move_to(practice.pk, first.pk, later + timedelta(days=1), actor, later),
        lambda: move_back(practice.pk, first.pk, actor, later),
    ):
        with pytest.raises(SteeringRefused) as refused:
            act()
        assert (refused.value.why, refused.value.at) == (Refusal.LEFT, FIRST_AT)
    assert trail(practice) == []


def test_a_skip_is_kept_and_can_be_taken_back_while_its_moment_is_to_come(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    first = step(practice, "first")
    assert skip(practice.pk, first.pk, actor, NOW) == siobhan
    planned(practice, [siobhan], NOW + timedelta(hours=1))
    assert (step(practice, "first").state, step(practice, "first").reason) == ("cancelled", "SKIPPED")
    unskip(practice.pk, first.pk, actor, NOW + timedelta(hours=2))

    again = step(practice, "first")
    assert (again.cycle, again.state, again.due_at) == (1, "planned", FIRST_AT)
    assert trail(practice) == [("reminder_skipped", first.pk), ("reminder_unskipped", again.pk)]
    with pytest.raises(SteeringRefused, match=Refusal.NOT_SKIPPED):
        unskip(practice.pk, first.pk, actor, NOW + timedelta(hours=3))


def test_a_skip_cannot_be_taken_back_too_late(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    first, second = step(practice, "first"), step(practice, "second")
    skip(practice.pk, first.pk, actor, NOW)
    with pytest.raises(SteeringRefused, match=Refusal.MOMENT_PASSED):
        unskip(practice.pk, first.pk, actor, FIRST_AT)

    send_now(practice.pk, second.pk, actor, NOW)
    sent(practice, NOW + timedelta(seconds=2))
    with pytest.raises(SteeringRefused, match=Refusal.LATER_LEFT):
        unskip(practice.pk, first.pk, actor, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (NOW, Refusal.PAST),
        (NOW - timedelta(days=1), Refusal.PAST),
        (NOW + timedelta(days=732), Refusal.TOO_FAR),
    ],
)
def test_a_move_into_the_past_or_too_far_is_refused(
    practice: Practice, siobhan: UUID, actor: Actor, moment: datetime, why: Refusal
) -> None:
    with pytest.raises(SteeringRefused, match=why):
        move_to(practice.pk, step(practice, "first").pk, moment, actor, NOW)
    assert days(practice)[0] == FIRST_AT.date()
    assert trail(practice) == []


def test_only_the_next_reminder_is_sent_now(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    with pytest.raises(SteeringRefused, match=Refusal.NOT_NEXT):
        send_now(practice.pk, step(practice, "second").pk, actor, NOW)


def test_a_move_back_to_a_moment_that_has_passed_is_refused(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    first = step(practice, "first")
    move_to(practice.pk, first.pk, FIRST_AT + timedelta(days=9), actor, NOW)
    with pytest.raises(SteeringRefused, match=Refusal.MOMENT_PASSED):
        move_back(practice.pk, first.pk, actor, FIRST_AT + timedelta(days=1))
    assert step(practice, "first").moved_to == FIRST_AT + timedelta(days=9)


def test_a_confirmation_is_skipped_but_neither_moved_nor_sent_nor_ended(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    with practice_scope(practice.pk):
        row = Client.objects.get(pk=siobhan)
    story.booked(row, NOW + timedelta(days=5), NOW)
    planned(practice, [siobhan], NOW)
    confirmation = step(practice, "hours_48")
    for act in (
        lambda: send_now(practice.pk, confirmation.pk, actor, NOW),
        lambda: move_to(practice.pk, confirmation.pk, NOW + timedelta(days=1), actor, NOW),
        lambda: end_sequence(practice.pk, confirmation.sequence_id, actor, NOW),
    ):
        with pytest.raises(SteeringRefused, match=Refusal.IS_CONFIRMATION):
            act()
    skip(practice.pk, confirmation.pk, actor, NOW)
    planned(practice, [siobhan], NOW + timedelta(hours=1))
    assert step(practice, "hours_48").reason == "SKIPPED"


def test_without_consent_a_reminder_sent_now_waits(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    with practice_scope(practice.pk):
        Client.objects.filter(pk=siobhan).update(phone="", email="")
    outcome = send_now(practice.pk, step(practice, "first").pk, actor, NOW)

    assert outcome.foreseen == Foreseen(None, Reason.NO_ADDRESS)
    assert sent(practice, NOW + timedelta(seconds=2)) == 0
    assert step(practice, "first").reason == "NO_ADDRESS"


def test_what_would_not_leave_anyway_is_not_changed(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(holdout_percent=100)
    planned(practice, [siobhan], NOW)
    with pytest.raises(SteeringRefused) as refused:
        send_now(practice.pk, step(practice, "first").pk, actor, NOW)
    assert (refused.value.why, refused.value.reason) == (Refusal.OVER, Reason.HOLDOUT)
    assert step(practice, "first").moved_to is None


def test_a_pause_holds_everything_but_confirmations_until_it_is_resumed(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    assert pause(practice.pk, siobhan, actor, NOW) is True
    assert pause(practice.pk, siobhan, actor, NOW) is False
    with practice_scope(practice.pk):
        plan = ClientPlan.objects.get(client_id=siobhan)
    assert (plan.paused_at, plan.paused_by_id) == (NOW, actor.staff_member_id)
    assert step(practice, "first").sequence.state == SequenceState.PAUSED
    with pytest.raises(SteeringRefused, match=Refusal.PAUSED):
        send_now(practice.pk, step(practice, "first").pk, actor, NOW)
    assert sent(practice, FIRST_AT) == 0
    assert step(practice, "first").reason == "PAUSED_BY_STAFF"

    later = FIRST_AT + timedelta(days=1)
    assert resume(practice.pk, siobhan, actor, later) is True
    assert resume(practice.pk, siobhan, actor, later) is False
    assert step(practice, "first").reason == "PAST_AT_RESUMPTION"
    assert days(practice) == [date(2026, 11, 30), date(2026, 12, 7)]
    assert trail(practice) == [("client_paused", None), ("client_resumed", None)]


def test_a_sequence_that_staff_ended_goes_on_when_they_reopen_it(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    sequence_id = step(practice, "first").sequence_id
    assert end_sequence(practice.pk, sequence_id, actor, NOW) == siobhan
    planned(practice, [siobhan], FIRST_AT + timedelta(days=100))
    with practice_scope(practice.pk):
        assert [each.reason for each in Sequence.objects.all()] == ["ENDED_BY_STAFF"]
    with pytest.raises(SteeringRefused, match=Refusal.NOT_RUNNING):
        end_sequence(practice.pk, sequence_id, actor, NOW)
    assert reopen_sequence(practice.pk, sequence_id, actor, FIRST_AT + timedelta(days=1)) == siobhan

    assert days(practice) == [date(2026, 11, 30), date(2026, 12, 7)]
    with pytest.raises(SteeringRefused, match=Refusal.NOT_REOPENABLE):
        reopen_sequence(practice.pk, sequence_id, actor, FIRST_AT + timedelta(days=1))
    assert trail(practice) == [("sequence_ended", sequence_id), ("sequence_reopened", sequence_id)]


def test_what_an_opt_out_ended_is_reopened_only_after_it_was_taken_back(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    sequence_id = step(practice, "first").sequence_id
    with practice_scope(practice.pk):
        assert opt_out_for(practice.pk, siobhan, "no more", actor, NOW) == {siobhan}
    with pytest.raises(SteeringRefused, match=Refusal.STILL_OPTED_OUT):
        reopen_sequence(practice.pk, sequence_id, actor, NOW)
    with practice_scope(practice.pk):
        take_back_for(practice.pk, siobhan, "I would like them again", actor, NOW + timedelta(hours=1))
        assert not Suppression.objects.filter(lifted_at=None, narrowed_at=None).exists()
    reopen_sequence(practice.pk, sequence_id, actor, NOW + timedelta(hours=2))

    assert days(practice)[0] == FIRST_AT.date()
    assert [action for action, _ in trail(practice)] == ["client_opted_out", "opt_out_lifted", "sequence_reopened"]


def test_a_sequence_that_a_newer_treatment_replaced_is_not_reopened(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    sequence_id = step(practice, "first").sequence_id
    end_sequence(practice.pk, sequence_id, actor, NOW)
    with practice_scope(practice.pk):
        row = Client.objects.get(pk=siobhan)
    story.treated(row, "botox", date(2026, 11, 16))
    planned(practice, [siobhan], NOW)
    with pytest.raises(SteeringRefused, match=Refusal.ANOTHER_RUNS):
        reopen_sequence(practice.pk, sequence_id, actor, NOW)


def test_two_clients_who_are_made_one_stay_paused_and_the_pause_goes_back_with_the_one_who_had_it(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    twin = story.client(practice, "Siobhan", "OConnell", 187).pk
    planned(practice, [twin], NOW - timedelta(days=60))
    pause(practice.pk, twin, actor, NOW - timedelta(days=1))
    with practice_scope(practice.pk):
        merged = merge(practice.pk, siobhan, twin, NOW)
        assert ClientPlan.objects.get(client_id=siobhan).paused_by_id == actor.staff_member_id
    assert step(practice, "first").sequence.state == SequenceState.PAUSED
    with practice_scope(practice.pk):
        unmerge(practice.pk, merged.id, NOW + timedelta(hours=1))
        assert ClientPlan.objects.get(client_id=siobhan).paused_at is None
        assert ClientPlan.objects.get(client_id=twin).paused_at == NOW - timedelta(days=1)
    assert step(practice, "first").sequence.state == SequenceState.OPEN


def test_a_pause_of_one_who_was_merged_away_is_that_of_whom_she_was_merged_into(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    twin = story.client(practice, "Siobhan", "OConnell", 187).pk
    planned(practice, [twin], NOW - timedelta(days=60))
    with practice_scope(practice.pk):
        merge(practice.pk, siobhan, twin, NOW)

    assert pause(practice.pk, twin, actor, NOW)
    assert not pause(practice.pk, siobhan, actor, NOW)
    assert step(practice, "first").sequence.state == SequenceState.PAUSED
    assert resume(practice.pk, twin, actor, NOW)
    assert step(practice, "first").sequence.state == SequenceState.OPEN
    with practice_scope(practice.pk):
        assert not ClientPlan.objects.exclude(paused_at=None).exists()
        told = AuditEntry.objects.filter(action__in=["client_paused", "client_resumed"])
        assert set(told.values_list("client_id", flat=True)) == {siobhan}


def not_live(practice: Practice) -> None:
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.SETUP, live_at=None)
        TemplateVersion.objects.all().delete()


def test_before_going_live_a_reminder_can_be_moved_and_leaves_where_it_was_moved_to(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    not_live(practice)
    moment = datetime(2026, 12, 2, 16, tzinfo=UTC)
    first = step(practice, "first")
    outcome = move_to(practice.pk, first.pk, moment, actor, NOW)

    assert (outcome.foreseen, outcome.is_live) == (Foreseen(moment), False)
    assert outcome_words(outcome, NOW, "America/Chicago") == (
        "It leaves Wednesday, December 2 at 10 am, if the practice is live by then."
    )
    go_live(practice.pk, NOW + timedelta(days=1))
    assert step(practice, "first").due_at == moment
    move_back(practice.pk, first.pk, actor, NOW + timedelta(days=1))
    assert step(practice, "first").due_at == FIRST_AT


def test_before_going_live_nothing_is_sent_now(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    not_live(practice)
    with pytest.raises(SteeringRefused, match=Refusal.NOT_LIVE):
        send_now(practice.pk, step(practice, "first").pk, actor, NOW)
    assert trail(practice) == []


def test_before_going_live_one_who_opted_out_cannot_be_moved(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    not_live(practice)
    first = step(practice, "first")
    with practice_scope(practice.pk):
        opt_out_for(practice.pk, siobhan, "No more", actor, NOW)
    with pytest.raises(SteeringRefused, match=Refusal.OVER):
        move_to(practice.pk, first.pk, NOW + timedelta(days=3), actor, NOW)


def test_ids_of_nobody_are_not_found(practice: Practice, siobhan: UUID, actor: Actor) -> None:
    with pytest.raises(Reminder.DoesNotExist):
        skip(practice.pk, uuid7(), actor, NOW)
    with pytest.raises(Sequence.DoesNotExist):
        end_sequence(practice.pk, uuid7(), actor, NOW)
    with pytest.raises(Client.DoesNotExist):
        pause(practice.pk, uuid7(), actor, NOW)


def test_one_change_takes_as_many_queries_for_a_long_history_as_for_a_short_one(
    practice: Practice, siobhan: UUID, actor: Actor
) -> None:
    with practice_scope(practice.pk):
        row = Client.objects.get(pk=siobhan)
    counts = []
    for number in (1, 30):
        for n in range(number):
            story.booked(row, NOW - timedelta(days=400 + n + number), NOW - timedelta(days=500))
        planned(practice, [siobhan], NOW)
        with CaptureQueriesContext(connection) as queries:
            move_to(practice.pk, step(practice, "first").pk, NOW + timedelta(days=number + 1), actor, NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 60
