"""Does PostgreSQL keep the audit trail whole, whoever writes and however many at once? [TEN-5]"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from uuid6 import uuid7

from practices.models import AuditEntry, Practice
from practices.operations.auditing import ONE_VIEW, Actor, audit, audit_many, note_view
from practices.queries.audit_trail import digest_of, verify_trail
from practices.tenancy import across_practices, practice_scope
from tests.builders.practices import hilltop, lakeview

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
WHO = Actor(uuid7(), "203.0.113.9")


def numbers(practice: Practice) -> list[int]:
    with practice_scope(practice.pk):
        return list(AuditEntry.objects.order_by("number").values_list("number", flat=True))


def written(practice: Practice, lines: int) -> None:
    with practice_scope(practice.pk):
        for place in range(lines):
            audit(practice.pk, WHO, "client_viewed", NOW, client_id=uuid7(), detail={"place": place, "ü": [None, 1.50]})


@contextmanager
def as_owner(practice: Practice) -> Iterator[Any]:
    """A session of the operator's, who may change tables, in the practice's scope."""
    owner = settings.DATABASES["owner"]
    session = psycopg2.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"],
    )
    with closing(session), session, session.cursor() as cursor:
        cursor.execute("SELECT set_config('medspa.practice', %s, true)", [str(practice.pk)])
        yield cursor


def test_lines_are_numbered_from_one_in_each_practice_and_the_chain_stands(db: None) -> None:
    here, there = lakeview(), hilltop()
    before = len(numbers(here))
    written(here, 3)
    written(there, 2)
    assert numbers(here) == list(range(1, before + 4))
    for practice in (here, there):
        with practice_scope(practice.pk):
            verdict = verify_trail(practice.pk)
            assert verdict.stands
            assert (verdict.entries, verdict.last_number) == (len(numbers(practice)),) * 2
            assert verdict.last_digest == digest_of(practice.pk, verdict.last_number)


def test_many_lines_in_one_statement_are_chained_like_single_ones(db: None) -> None:
    practice = lakeview()
    clients = [uuid7() for _ in range(5)]
    written(practice, 1)
    with practice_scope(practice.pk):
        audit_many(practice.pk, WHO, "client_opted_out", NOW, clients, detail={"origin": "import"})
        audit_many(practice.pk, WHO, "client_opted_out", NOW, [])
    with practice_scope(practice.pk):
        rows = list(AuditEntry.objects.filter(action="client_opted_out").order_by("number"))
        assert [row.client_id for row in rows] == clients
        assert verify_trail(practice.pk).stands


def test_the_chain_is_drawn_anew_in_stretches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = lakeview()
    written(practice, 7)
    monkeypatch.setattr("practices.queries.audit_trail.AT_ONCE", 3)
    with practice_scope(practice.pk):
        verdict = verify_trail(practice.pk)
    assert verdict.stands
    assert verdict.entries == len(numbers(practice)) >= 7


def test_a_trail_without_lines_stands(db: None) -> None:
    with practice_scope(uuid7()):
        verdict = verify_trail(uuid7())
    assert verdict.stands
    assert verdict.entries == 0


@pytest.mark.parametrize("change", ["UPDATE practices_auditentry SET action = 'x'", "DELETE FROM practices_auditentry"])
@pytest.mark.parametrize("role", ["the application", "the second role"])
def test_no_role_of_the_application_may_change_a_line(db: None, change: str, role: str) -> None:
    practice = lakeview()
    written(practice, 1)
    scope = practice_scope(practice.pk) if role == "the application" else across_practices()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), scope:
        connection.cursor().execute(change)
    with practice_scope(practice.pk):
        assert verify_trail(practice.pk).stands


def test_a_number_or_digest_that_the_application_gives_is_not_taken(db: None) -> None:
    practice = lakeview()
    with practice_scope(practice.pk):
        AuditEntry.objects.create(practice=practice, at=NOW, action="client_viewed", number=77, digest="made up")
        row = AuditEntry.objects.order_by("-number")[0]
        assert (row.number, row.digest) != (77, "made up")
        assert row.number < 77
        assert verify_trail(practice.pk).stands


def test_a_table_of_one_s_own_cannot_take_the_trail_s_place(db: None) -> None:
    practice = lakeview()
    written(practice, 2)
    with practice_scope(practice.pk):
        last = verify_trail(practice.pk).last_number
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE practices_auditentry (practice_id uuid, number bigint, digest text)")
            cursor.execute(
                "INSERT INTO public.practices_auditentry (id, practice_id, number, at, action, detail, digest) "
                "VALUES (%s, %s, 0, %s, 'client_viewed', '{}', '') RETURNING number",
                [uuid7(), practice.pk, NOW],
            )
            assert cursor.fetchone() == (last + 1,)
            cursor.execute("DROP TABLE pg_temp.practices_auditentry")


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_get_one_unbroken_chain() -> None:
    practice = lakeview()
    before = len(numbers(practice))
    together = Barrier(2)

    def write(_worker: int) -> None:
        try:
            for _ in range(10):
                together.wait(timeout=20)
                with practice_scope(practice.pk):
                    audit(practice.pk, WHO, "client_viewed", NOW, client_id=uuid7())
                    audit(practice.pk, WHO, "client_viewed", NOW, client_id=uuid7())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    assert numbers(practice) == list(range(1, before + 41))
    with practice_scope(practice.pk):
        assert verify_trail(practice.pk).stands


@pytest.mark.django_db(transaction=True)
def test_what_falls_back_leaves_no_gap() -> None:
    practice = lakeview()
    written(practice, 1)
    with practice_scope(practice.pk):
        audit(practice.pk, WHO, "client_viewed", NOW)
        transaction.set_rollback(True)
    written(practice, 1)
    assert numbers(practice) == list(range(1, len(numbers(practice)) + 1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["UPDATE practices_auditentry SET action = 'x'", "DELETE FROM practices_auditentry"])
def test_even_the_owner_is_refused(change: str) -> None:
    practice = lakeview()
    written(practice, 1)
    with pytest.raises(psycopg2.Error, match="append-only"), as_owner(practice) as owner:
        owner.execute(change)


TAMPERED = {
    "altered": "UPDATE practices_auditentry SET staff_member_id = NULL WHERE number = %s",
    "altered in its detail": "UPDATE practices_auditentry SET detail = '{}' WHERE number = %s",
    "moved in time": "UPDATE practices_auditentry SET at = at - interval '1 day' WHERE number = %s",
    "taken out": "DELETE FROM practices_auditentry WHERE number = %s",
    "given a digest": "UPDATE practices_auditentry SET digest = repeat('0', 64) WHERE number = %s",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", TAMPERED)
def test_what_an_operator_did_to_a_line_shows_and_is_named(how: str) -> None:
    practice = lakeview()
    written(practice, 5)
    number = len(numbers(practice)) - 2
    with as_owner(practice) as owner:
        owner.execute("ALTER TABLE practices_auditentry DISABLE TRIGGER audit_stands")
        owner.execute(TAMPERED[how], [number])
        assert owner.rowcount == 1
        owner.execute("ALTER TABLE practices_auditentry ENABLE TRIGGER audit_stands")
    with practice_scope(practice.pk):
        verdict = verify_trail(practice.pk)
    assert verdict.broken_at == number
    assert not verdict.stands


def test_looking_again_within_ten_minutes_is_the_same_view(db: None) -> None:
    practice = lakeview()
    client, other = uuid7(), uuid7()

    def view(actor: Actor, client_id: UUID, at: datetime) -> int:
        with practice_scope(practice.pk):
            note_view(practice.pk, actor, client_id, at)
        with practice_scope(practice.pk):
            return AuditEntry.objects.filter(action="client_viewed").count()

    assert view(WHO, client, NOW) == 1
    assert view(WHO, client, NOW + ONE_VIEW - timedelta(seconds=1)) == 1
    assert view(WHO, other, NOW) == 2
    assert view(Actor(uuid7()), client, NOW) == 3
    assert view(WHO, client, NOW + ONE_VIEW) == 4
