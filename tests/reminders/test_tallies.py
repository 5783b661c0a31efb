"""Are the numbers that the database keeps the numbers that counting gives, whoever writes at once?"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, Suppression
from clients.operations.merging import MergeRefused, merge
from clients.operations.stopping import opt_out
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.models import ClientPlan, Reminder, ReminderTally, StandingTally
from reminders.operations.folding_tallies import fold_tallies, fold_tallies_of, practices_with_news
from reminders.operations.planning import replan
from tests.builders.clients import DANA, SAID_AT, appointment, say, treatment
from tests.builders.practices import hilltop, lakeview
from tests.builders.reminders import live, sent

DAY = timedelta(days=1)
SINCE = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture
def practice(db: None) -> Practice:
    made = lakeview()
    live(made, SINCE)
    return made


def kept(practice: Practice) -> tuple[Counter[Any], Counter[Any]]:
    """What the tallies add up to, without zeros."""
    with practice_scope(practice.pk):
        standings: Counter[Any] = Counter()
        for standing, change in StandingTally.objects.values_list("standing", "change"):
            standings[standing] += change
        reminders: Counter[Any] = Counter()
        for *key, change in ReminderTally.objects.values_list("on", "state", "reason", "came_due", "change"):
            reminders[tuple(key)] += change
    return Counter({k: n for k, n in standings.items() if n}), Counter({k: n for k, n in reminders.items() if n})


def counted(practice: Practice) -> tuple[Counter[Any], Counter[Any]]:
    """What counting the rows gives."""
    with practice_scope(practice.pk):
        standings = ClientPlan.objects.exclude(standing="").values_list("standing").annotate(n=Count("id"))
        reminders = Counter(
            (allowed_at.astimezone(UTC).date(), *rest)
            for allowed_at, *rest in Reminder.objects.values_list("allowed_at", "state", "reason", "came_due")
        )
        return Counter(dict(standings)), reminders


def somebody(number: int) -> Any:
    return replace(
        DANA, remote_id=f"G{number}", first_name=f"Dana {number}", phone=f"312-555-{number:04}",
        email=f"dana{number}@example.com",
    )  # fmt: skip


def ids(practice: Practice) -> list[UUID]:
    with practice_scope(practice.pk):
        return list(Client.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True))


def treat(practice: Practice, chance: Random, at: datetime) -> None:
    number = chance.randrange(6)
    on = (at - timedelta(days=chance.randrange(200))).date()
    say(practice, treatment(f"T{chance.random()}", somebody(number), performed_local=on), at=at)


def book(practice: Practice, chance: Random, at: datetime) -> None:
    starts_at = at + timedelta(days=chance.randrange(1, 60))
    status = chance.choice(["booked", "booked", "cancelled"])
    number = chance.randrange(6)
    say(practice, appointment(f"A{number}", somebody(number), starts_at=starts_at, status=status), at=at)


def stop(practice: Practice, chance: Random, at: datetime) -> None:
    if found := ids(practice):
        with practice_scope(practice.pk):
            opt_out(practice.pk, at, client_id=chance.choice(found), origin=Suppression.Origin.STAFF)


def join(practice: Practice, chance: Random, at: datetime) -> None:
    if len(found := ids(practice)) > 1:
        one, other = chance.sample(found, 2)
        try:
            with practice_scope(practice.pk):
                merge(practice.pk, one, other, at)
        except MergeRefused:
            return  # what a merge wrote before it failed is undone, and so is what was noted of it


def leave(practice: Practice, _chance: Random, at: datetime) -> None:
    sent(practice, at)


def delete(practice: Practice, chance: Random, _at: datetime) -> None:
    if found := ids(practice):
        with practice_scope(practice.pk):
            Reminder.objects.filter(client_id=chance.choice(found)).delete()
            Client.objects.filter(pk=found[0], merged_into=None).exclude(
                pk__in=Client.objects.exclude(merged_into=None).values("merged_into")
            ).delete()


def sum_up(practice: Practice, _chance: Random, _at: datetime) -> None:
    fold_tallies_of(practice.pk)


DEEDS: tuple[Callable[[Practice, Random, datetime], None], ...] = (
    treat, treat, treat, book, leave, leave, stop, join, delete, sum_up,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(DEEDS), min_size=3, max_size=14), st.randoms(use_true_random=False))
def test_whatever_happens_the_tallies_are_what_counting_gives(
    practice: Practice, deeds: list[Callable[[Practice, Random, datetime], None]], chance: Random
) -> None:
    from django.db import transaction

    with transaction.atomic():
        at = SAID_AT
        for deed in deeds:
            deed(practice, chance, at)
            at += timedelta(days=chance.randrange(20), hours=chance.randrange(24))
        assert kept(practice) == counted(practice)
        fold_tallies_of(practice.pk)
        assert kept(practice) == counted(practice)
        with practice_scope(practice.pk):
            assert not ReminderTally.objects.filter(is_folded=False).exists()
            assert ReminderTally.objects.count() == len(counted(practice)[1])
        transaction.set_rollback(True)


def test_what_changes_no_number_notes_nothing(practice: Practice) -> None:
    say(practice, treatment())
    fold_tallies()
    with practice_scope(practice.pk):
        Reminder.objects.update(due_at=SAID_AT)
        ClientPlan.objects.update(replan_at=SAID_AT)
    assert practices_with_news() == []


def test_only_practices_in_which_a_number_changed_are_folded(practice: Practice) -> None:
    other = hilltop()
    say(practice, treatment())
    assert practices_with_news() == [practice.pk]
    assert fold_tallies() == 1
    say(other, treatment())
    assert practices_with_news() == [other.pk]
    assert kept(practice) == counted(practice)


def test_the_clock_sums_up() -> None:
    from medspa.beat import SCHEDULE
    from medspa.celery import app

    names = {each["task"] for each in SCHEDULE.values()}
    assert "reminders.tasks.fold_tallies" in names
    app.loader.import_default_modules()
    assert "reminders.tasks.fold_tallies" in app.tasks


def plan_often(practice: Practice) -> None:
    for hour in range(6):
        replan(practice.pk, ids(practice)[:12], SAID_AT + timedelta(hours=hour))


def book_often(practice: Practice) -> None:
    for n in range(12, 24):
        starts_at = SAID_AT + (30 + n) * DAY
        say(practice, appointment(f"A{n}", somebody(n), starts_at=starts_at), at=SAID_AT + DAY)


def deliver_often(practice: Practice) -> None:
    for day in range(40, 90, 10):
        sent(practice, SAID_AT + day * DAY)


def fold_often(practice: Practice) -> None:
    for _ in range(20):
        fold_tallies_of(practice.pk)


def in_a_thread(deed: Callable[[Practice], None], practice: Practice) -> None:
    try:
        deed(practice)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_writers_and_folders_at_once_lose_nothing() -> None:
    practice = lakeview()
    live(practice, SINCE)
    say(practice, *[treatment(f"T{n}", somebody(n), performed_local=date(2026, 2, 1) + n * DAY) for n in range(24)])
    deeds = (plan_often, book_often, deliver_often, fold_often, fold_often)
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(in_a_thread, deed, practice) for deed in deeds]:
            done.result()
    assert kept(practice) == counted(practice)
    fold_tallies_of(practice.pk)
    assert kept(practice) == counted(practice)


def test_a_tally_is_written_behind_the_wall_of_its_own_practice(practice: Practice) -> None:
    say(practice, treatment())
    with practice_scope(hilltop().pk):
        assert not StandingTally.objects.exists()
        assert not ReminderTally.objects.exists()


def test_the_migration_counts_what_stood_there_before(practice: Practice) -> None:
    """Its statement, on rows whose tallies are gone: the same numbers, and everybody is planned anew."""
    from importlib import import_module

    say(practice, treatment())
    before = counted(practice)
    statement = import_module("reminders.migrations.0004_tallies").COUNT
    steps = [step for step in statement.split(";") if "FORCE ROW" not in step and "SET CONSTRAINTS" not in step]
    with practice_scope(practice.pk):
        StandingTally.objects.all().delete()
        ReminderTally.objects.all().delete()
        with connection.cursor() as cursor:
            for step in filter(str.strip, steps):
                cursor.execute(step)
        assert not ClientPlan.objects.filter(replan_at=None).exists()
    assert kept(practice) == before == counted(practice)
