"""Do plans follow what a practice changes, through the sweep that plans them? [R2, R23, R26, R31]"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from uuid6 import uuid7

from clients.models import Client
from practices.models import Location, Practice
from practices.operations.auditing import Actor
from practices.operations.settings import (
    change_location,
    change_practice,
    change_provider,
    pause_practice,
    resume_practice,
)
from practices.tenancy import practice_scope
from reminders.engine.words import Reason, ReminderState
from reminders.models import ClientPlan, Reminder
from reminders.operations.planning import replan
from reminders.operations.replanning import replan_everybody
from reminders.operations.sweeping import sweep
from tests.builders.practices import hilltop, lakeview, provider
from tests.builders.reminders import live, planned, sent
from tests.builders.story import SINCE, booked, client, treated

WHO = Actor(uuid7())
TREATED_ON = date(2026, 6, 1)
NOW = datetime(2026, 6, 20, 15, tzinfo=UTC)


@pytest.fixture
def practice(db: None) -> Practice:
    made = lakeview(SINCE)
    live(made, SINCE)
    return made


@pytest.fixture
def dana(practice: Practice) -> Client:
    """Treated with Botox on June 1, planned, in Chicago."""
    row = client(practice, "Dana", "Kowalczyk", 132)
    treated(row, "botox", TREATED_ON)
    planned(practice, [row.pk], NOW - timedelta(days=1))
    return row


def open_reminders(row: Client) -> list[Reminder]:
    with practice_scope(row.practice_id):
        return list(Reminder.objects.filter(client=row, state__in=["planned", "waiting"]).order_by("position"))


def replan_at(practice: Practice, client_id: UUID) -> datetime | None:
    with practice_scope(practice.pk):
        return ClientPlan.objects.filter(client_id=client_id).values_list("replan_at", flat=True).first()


def swept(now: datetime) -> None:
    sweep(lambda: now)


def test_narrowed_hours_move_what_is_planned(practice: Practice, dana: Client) -> None:
    before = [each.due_at for each in open_reminders(dana)]
    assert {each.hour for each in before} == {15}, "10 am in Chicago, in summer"

    change_practice(practice.pk, {"promotion_opens": time(13, 30)}, WHO, NOW)
    swept(NOW)

    after = [each.due_at for each in open_reminders(dana)]
    assert after == [each + timedelta(hours=3, minutes=30) for each in before]
    assert [each.allowed_at for each in open_reminders(dana)] == after
    change_practice(practice.pk, {"promotion_opens": None}, WHO, NOW)
    swept(NOW)
    assert [each.due_at for each in open_reminders(dana)] == before


def test_another_zone_of_the_location_moves_whoever_has_no_other(practice: Practice) -> None:
    row = client(practice, "Jo", "Whitfield", 103)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=row.pk).update(address_zones=[], phone_zones=[])
    treated(row, "botox", TREATED_ON)
    planned(practice, [row.pk], NOW)
    before = open_reminders(row)[0].due_at
    with practice_scope(practice.pk):
        place = Location.objects.get(name="Lincoln Park")

    change_location(practice.pk, place.pk, {"time_zone": "America/Los_Angeles"}, WHO, NOW)
    swept(NOW)

    assert open_reminders(row)[0].due_at == before + timedelta(hours=2)


def test_a_change_that_plans_nothing_anew_marks_nobody(practice: Practice, dana: Client) -> None:
    before = replan_at(practice, dana.pk)
    change_practice(practice.pk, {"name": "Lake View", "cap_days": 5, "sms_detail": "discreet"}, WHO, NOW)
    assert replan_at(practice, dana.pk) == before


def test_everybody_with_a_live_sequence_or_a_coming_visit_is_marked_and_nobody_else(
    practice: Practice, dana: Client
) -> None:
    visitor, past, bystander = (
        client(practice, "Noor", "Patel", 176),
        client(practice, "Olivia", "Jackson", 145),
        client(practice, "Jo", "Whitfield", 103),
    )
    booked(visitor, NOW + timedelta(days=3), NOW)
    booked(past, NOW - timedelta(days=30), NOW - timedelta(days=40))
    neighbor = client(hilltop(SINCE), "Ana", "Ruiz", 150)
    with practice_scope(practice.pk):
        assert replan_everybody(practice.pk, NOW) == 2
    assert replan_at(practice, dana.pk) == replan_at(practice, visitor.pk) == NOW
    assert replan_at(practice, past.pk) is replan_at(practice, bystander.pk) is None
    with practice_scope(neighbor.practice_id):
        assert not ClientPlan.objects.exists()


def test_a_mark_that_is_due_already_stays(practice: Practice, dana: Client) -> None:
    earlier = NOW - timedelta(hours=5)
    with practice_scope(practice.pk):
        ClientPlan.objects.update_or_create(practice=practice, client=dana, defaults={"replan_at": earlier})
        replan_everybody(practice.pk, NOW)
    assert replan_at(practice, dana.pk) == earlier


def test_who_was_merged_away_is_not_marked(practice: Practice, dana: Client) -> None:
    other = client(practice, "Dana", "Kowalczyk", 133)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=dana.pk).update(merged_into=other)
        assert replan_everybody(practice.pk, NOW) == 0


def waits(row: Client, reason: Reason, now: datetime, until: datetime) -> Reminder:
    """The first reminder of a client has come due and waits."""
    first = open_reminders(row)[0]
    with practice_scope(row.practice_id):
        Reminder.objects.filter(pk=first.pk).update(
            state=ReminderState.WAITING, reason=reason, due_at=until, allowed_at=now - timedelta(hours=1)
        )
    return first


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (Reason.CAP, {"cap_days": 1}),
        (Reason.WINDOW, {"promotion_closes": time(19)}),
        (Reason.NO_APPROVED_TEXT, {"voice": "practice"}),
    ],
)
def test_what_waits_for_a_choice_is_decided_again_when_it_changes(
    practice: Practice, dana: Client, reason: Reason, changes: dict[str, object]
) -> None:
    first = waits(dana, reason, NOW, NOW + timedelta(days=2))
    change_practice(practice.pk, changes, WHO, NOW)
    assert open_reminders(dana)[0].due_at == NOW
    assert open_reminders(dana)[0].pk == first.pk


def test_what_waits_for_something_else_is_left_alone(practice: Practice, dana: Client) -> None:
    waits(dana, Reason.NO_CONSENT, NOW, NOW + timedelta(minutes=50))
    change_practice(practice.pk, {"cap_days": 1, "voice": "practice"}, WHO, NOW)
    assert open_reminders(dana)[0].due_at == NOW + timedelta(minutes=50)


def test_what_waits_never_leaves_before_it_is_allowed_to(practice: Practice, dana: Client) -> None:
    waits(dana, Reason.CAP, NOW + timedelta(hours=6), NOW + timedelta(days=2))
    change_practice(practice.pk, {"cap_days": 1}, WHO, NOW)
    assert open_reminders(dana)[0].due_at == NOW + timedelta(hours=5)


def test_a_provider_who_stops_treating_lets_texts_be_looked_for_again(practice: Practice, dana: Client) -> None:
    waits(dana, Reason.NO_APPROVED_TEXT, NOW, NOW + timedelta(minutes=40))
    change_provider(practice.pk, provider(practice, "Jordan Blake NP").pk, {"is_active": False}, WHO, NOW)
    assert open_reminders(dana)[0].due_at == NOW


def test_a_held_practice_sends_nothing_and_resumed_it_sends_at_once(practice: Practice, dana: Client) -> None:
    due_at = open_reminders(dana)[0].due_at + timedelta(seconds=2)
    pause_practice(practice.pk, WHO, due_at - timedelta(days=1))
    assert sent(practice, due_at) == 0
    held = open_reminders(dana)[0]
    assert (held.state, held.reason) == (ReminderState.WAITING, Reason.PRACTICE_PAUSED)
    assert held.due_at > due_at + timedelta(minutes=30)

    later = due_at + timedelta(minutes=20)
    resume_practice(practice.pk, WHO, later)

    assert open_reminders(dana)[0].due_at == later
    assert sent(practice, later) > 0


def test_planning_after_a_mark_takes_the_mark_away(practice: Practice, dana: Client) -> None:
    change_practice(practice.pk, {"promotion_opens": time(13)}, WHO, NOW)
    assert replan_at(practice, dana.pk) == NOW
    replan(practice.pk, [dana.pk], NOW)
    assert replan_at(practice, dana.pk) != NOW
