"""Do ledger, tallies and plans hold whatever staff do in between? (SEQ-10, SEQ-11, R3, R33)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Reason
from reminders.models import Reminder, Sequence
from reminders.operations.planning import replan
from reminders.operations.steering import move_back, move_to, send_now, skip, unskip
from reminders.operations.steering_hold import SteeringRefused
from reminders.operations.steering_sequences import end_sequence, pause, reopen_sequence, resume
from reminders.queries.ledger import ledger_by_month, ledger_of_practice
from reminders.queries.summary import practice_summary
from tests.builders.clients import SAID_AT
from tests.builders.practices import lakeview
from tests.builders.reminders import live
from tests.reminders.test_tallies import SINCE, book, counted, ids, join, kept, leave, stop, treat

Deed = Callable[[Practice, Random, datetime], None]
WHO = Actor()


@pytest.fixture
def practice(db: None) -> Practice:
    made = lakeview()
    live(made, SINCE)
    return made


def steer(practice: Practice, chance: Random, at: datetime) -> None:
    with practice_scope(practice.pk):
        rows = list(Reminder.objects.order_by("planned_at", "step", "cycle", "pk").values_list("pk", flat=True))
    for row in chance.sample(rows, min(3, len(rows))):
        deed = chance.choice(("skip", "skip", "move", "move", "send", "unskip", "back"))
        try:
            if deed == "skip":
                skip(practice.pk, row, WHO, at)
            elif deed == "move":
                move_to(practice.pk, row, at + timedelta(hours=chance.randrange(1, 24 * 60)), WHO, at)
            elif deed == "send":
                send_now(practice.pk, row, WHO, at)
            elif deed == "unskip":
                unskip(practice.pk, row, WHO, at)
            else:
                move_back(practice.pk, row, WHO, at)
        except SteeringRefused:
            continue


def end_or_reopen(practice: Practice, chance: Random, at: datetime) -> None:
    with practice_scope(practice.pk):
        rows = list(Sequence.objects.order_by("pk").values_list("pk", flat=True))
    for row in chance.sample(rows, min(2, len(rows))):
        try:
            chance.choice((end_sequence, reopen_sequence))(practice.pk, row, WHO, at)
        except SteeringRefused:
            continue


def hold(practice: Practice, chance: Random, at: datetime) -> None:
    for client_id in ids(practice)[:2]:
        chance.choice((pause, resume, resume))(practice.pk, client_id, WHO, at)


DEEDS: tuple[Deed, ...] = (treat, treat, book, leave, leave, leave, stop, join, steer, steer, end_or_reopen, hold)


def adds_up(practice: Practice, at: datetime) -> None:
    """What is due is counted by moments, the rest by states."""
    with practice_scope(practice.pk):
        rows = list(Reminder.objects.values_list("state", "allowed_at", "came_due"))
        due = sum(came_due if state == "cancelled" else allowed_at <= at for state, allowed_at, came_due in rows)
        settled = sum(came_due if state == "cancelled" else state != "planned" for state, _, came_due in rows)
        planned_but_due = sum(state == "planned" and allowed_at <= at for state, allowed_at, _ in rows)
        ledger = ledger_of_practice(practice.pk, at)
        assert ledger.due == due == settled + planned_but_due
        assert practice_summary(practice.pk, at)["ledger"]["due"] == due
        assert sum(each.due for each in ledger_by_month(practice.pk, "America/Chicago", at).values()) == due
        skipped = Reminder.objects.filter(reason=Reason.SKIPPED.value)
        assert not skipped.exclude(state="cancelled").exists()


def plan_of(practice: Practice) -> list[tuple[UUID, str, datetime]]:
    with practice_scope(practice.pk):
        rows = Reminder.objects.filter(state__in=["planned", "waiting"]).order_by("pk")
        return list(rows.values_list("pk", "state", "allowed_at"))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_staff_do_the_ledger_adds_up_and_planning_again_changes_nothing(practice: Practice, seed: int) -> None:
    chance, at = Random(seed), SAID_AT
    for deed in (treat, treat, *chance.choices(DEEDS, k=25)):
        replan(practice.pk, ids(practice), at)  # what time alone changed, as the sweep would have
        deed(practice, chance, at)
        adds_up(practice, at)
        if deed is leave:
            replan(practice.pk, ids(practice), at)  # what left sets the next moments at the sweep's next look
        before = plan_of(practice)
        replan(practice.pk, ids(practice), at)
        assert plan_of(practice) == before, deed.__name__
        at += timedelta(days=chance.randrange(20), hours=chance.randrange(24))
    assert kept(practice) == counted(practice)
    with practice_scope(practice.pk):
        assert not Reminder.objects.filter(sequence__state="ended", state__in=["planned", "waiting"]).exists()
