"""Are marks of addresses and hashed opt-outs read with the permissions, in a fixed number of queries? (CHN-2, REC-5)"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import AddressMark, Client
from clients.operations.erasing import erase_client
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, client
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]


def may(practice: Practice, who: Client) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who.pk])[who.pk]


def mark(practice: Practice, subject: str, address: str, **fields: object) -> AddressMark:
    with practice_scope(practice.pk):
        return AddressMark.objects.create(
            practice=practice, subject=subject, address=address, problem="not_mobile", gateway="twilio_sms",
            at=SAID_AT, **fields,
        )  # fmt: skip


def test_a_marked_phone_closes_texts_for_whoever_has_it() -> None:
    practice = lakeview()
    dana, sister = client(practice), client(practice, replace(OLIVIA, phone=DANA.phone))
    mark(practice, "phone", dana.phone)
    for each in (dana, sister):
        assert (may(practice, each).is_phone_unreachable, may(practice, each).is_email_unreachable) == (True, False)


def test_a_marked_email_closes_email() -> None:
    practice = lakeview()
    dana = client(practice)
    mark(practice, "email", dana.email)
    assert (may(practice, dana).is_phone_unreachable, may(practice, dana).is_email_unreachable) == (False, True)


def test_a_mark_that_was_taken_off_or_is_another_practice_s_closes_nothing() -> None:
    practice, other = lakeview(), hilltop()
    dana = client(practice)
    mark(practice, "phone", dana.phone, lifted_at=SAID_AT)
    mark(other, "phone", dana.phone)
    assert not may(practice, dana).is_phone_unreachable


def test_many_clients_cost_no_more_queries_than_one() -> None:
    practice = lakeview()
    gone = client(practice, replace(OLIVIA, remote_id="G0", phone="312-555-0100", email="gone@example.com"))
    with practice_scope(practice.pk):
        erase_client(practice.pk, gone.pk, Actor(), SAID_AT + timedelta(days=1), keep_out=True)
    everybody = [
        client(practice, replace(DANA, remote_id=f"G{n}", first_name=f"Dana {n}", phone=f"312-555-{n:04}", email=""))
        for n in range(200, 220)
    ]
    asked = []
    for some in (everybody[:1], everybody):
        with practice_scope(practice.pk), CaptureQueriesContext(connection) as caught:
            assert len(permissions_of(practice.pk, [each.pk for each in some])) == len(some)
        asked.append(len(caught))
    assert asked[0] == asked[1] <= 10
