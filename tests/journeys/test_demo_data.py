"""Does the demo show a practice at work, to its own people alone, however often it starts?"""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count

from clients.models import Client
from medspa.demo.data import Login, seed_demo
from medspa.demo.scene import HILLTOP, LAKEVIEW
from practices import clock
from practices.models import AuditEntry, Person
from practices.queries.directory import practice_by_slug, practices_of
from practices.tenancy import practice_scope
from reminders.models import Call, Delivery, Reminder, Reply
from reminders.queries.summary import practice_summary
from reminders.tasks import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS = 6


@pytest.fixture
def logins() -> list[Login]:
    return seed_demo(lambda _: None, DAYS)


def test_the_demo_is_a_practice_at_work(logins: list[Login]) -> None:
    now = clock.now()
    practice = practice_by_slug(LAKEVIEW.slug)
    with practice_scope(practice.pk):
        told = practice_summary(practice.pk, now)
        senders = dict(Delivery.objects.values_list("channel").annotate(Count("id")))
        soon = Reminder.objects.filter(state="planned", due_at__lte=now + timedelta(minutes=30)).count()
        unanswered = Reply.objects.filter(handled_at=None).count()
        calls = set(Call.objects.filter(closed_at=None).values_list("reason", flat=True))
        deeds = set(AuditEntry.objects.values_list("action", flat=True))
        shared = Client.objects.values("phone").annotate(count=Count("id")).filter(count=2).count()
    ledger = told["ledger"]
    assert ledger["due"] == ledger["sent"] + ledger["waiting"] + ledger["failed"] + sum(ledger["suppressed"].values())
    assert {"botox", "dysport", "lip_filler", "sculptra", "voluma", "xeomin"} == told["treatments"].keys()
    assert told["unmapped_services"].keys() == {"The Lakeview Glow"}
    assert {"booked", "completed", "cancelled", "no_show"} <= told["appointments"].keys()
    assert {"open", "booked", "ended"} <= told["sequences"]["refill"].keys()
    assert min(senders["sms"], senders["email"]) > 0
    assert shared == 1
    assert unanswered > 0
    assert {"NO_SHOW", "SERVICE_ISSUE"} <= calls
    assert deeds >= {"reminder_moved", "reminder_skipped", "client_paused", "note_written", "call_taken"}
    assert soon > 0, "Whoever starts the demo shall see messages arrive."

    sweep()
    with practice_scope(practice.pk):
        assert Delivery.objects.filter(attempted_at__gte=now, message__touchpoint="booked").exists()

    assert seed_demo(lambda _: None, DAYS) == logins
    with practice_scope(practice.pk):
        assert Client.objects.count() == told["clients"]


def test_each_person_signs_in_and_sees_only_their_own_practice(logins: list[Login]) -> None:
    *staff, operator = logins
    assert len({login.password for login in logins}) == 3
    assert practices_of(Person.objects.get(email=operator.email, is_staff=True).pk) == ()
    for login in staff:
        assert authenticate(None, username=login.email, password=login.password, email=login.email) is not None
        person = Person.objects.get(email=login.email)
        home = login.email.partition("@")[2].removesuffix(".example")
        helps = {HILLTOP.slug} if login.email.startswith("maya@") else set()
        assert {each.slug for each in practices_of(person.pk)} == {home, *helps}
    slugs = {login.email.partition("@")[2] for login in staff}
    assert slugs == {f"{LAKEVIEW.slug}.example", f"{HILLTOP.slug}.example"}
