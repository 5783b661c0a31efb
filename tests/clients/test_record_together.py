"""Do batches that arrive at the same moment enter nobody twice and block nobody for good?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from cadences.models.service import ServiceKind
from cadences.operations.services import map_service
from clients.models import Client, ClientIdentity, Suppression, Treatment
from clients.operations.stopping import opt_out
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.cadences import UNKNOWN, service
from tests.builders.clients import DANA, SAID_AT, client, say, treatment
from tests.builders.practices import MADE_AT, lakeview

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_above_listens")]

PEOPLE = [
    replace(DANA, remote_id=f"G{n}", first_name=f"Client{n}", phone=f"312-555-01{n:02}", email=f"c{n}@example.com")
    for n in range(12)
]


def at_once(*jobs: Callable[[], object]) -> None:
    """Runs the jobs in threads of their own that start together; raises what any of them raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result(timeout=60)


def test_two_sources_that_meet_the_same_people_at_once_make_them_once() -> None:
    practice = lakeview()
    at_once(
        lambda: say(practice, *PEOPLE, source="jane", at=None),
        lambda: say(practice, *reversed(PEOPLE), source="zenoti", at=None),
        lambda: say(practice, *PEOPLE, source="zenoti", at=SAID_AT),
    )
    with practice_scope(practice.id):
        assert Client.objects.count() == len(PEOPLE)
        assert ClientIdentity.objects.count() == 2 * len(PEOPLE)


def test_lines_of_one_treatment_that_arrive_at_once_add_up() -> None:
    practice = lakeview()
    say(practice, *PEOPLE)
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(3)]

    def report(part: int) -> None:
        for day in days if part % 2 else reversed(days):
            lines = [treatment(f"{day}-{part}-{who.remote_id}", who, performed_local=day) for who in PEOPLE]
            say(practice, *(lines if part % 2 else reversed(lines)))

    at_once(*[lambda part=part: report(part) for part in range(3)])
    with practice_scope(practice.id):
        assert Treatment.objects.count() == len(PEOPLE) * len(days)
        assert set(Treatment.objects.values_list("quantity", flat=True)) == {Decimal(60)}


def test_a_service_mapped_while_its_treatments_arrive_misses_none() -> None:
    practice = lakeview()
    unknown = service(practice, UNKNOWN)

    def report() -> None:
        for who in PEOPLE:
            say(practice, treatment(f"T-{who.remote_id}", who, service=UNKNOWN))

    def map_it() -> None:
        with practice_scope(practice.id):
            map_service(practice.id, unknown.id, ServiceKind.TREATMENT_TYPE, "botox", actor=Actor(), now=MADE_AT)

    at_once(report, map_it)
    with practice_scope(practice.id):
        assert Treatment.objects.filter(status="completed").count() == len(PEOPLE)


def test_stops_of_people_who_share_a_phone_do_not_wait_for_each_other_for_ever() -> None:
    practice = lakeview()
    shared = [replace(who, phone=DANA.phone) for who in PEOPLE[:4]]
    ids = [client(practice, who).id for who in shared]

    def stop(client_id: object) -> None:
        with practice_scope(practice.id):
            opt_out(practice.id, SAID_AT, client_id=client_id, origin=Suppression.Origin.STAFF)  # type: ignore[arg-type]

    at_once(*[lambda client_id=client_id: stop(client_id) for client_id in ids])
    with practice_scope(practice.id):
        assert Suppression.objects.filter(subject="phone").count() == 1
        assert Suppression.objects.filter(subject="email").count() == 4
