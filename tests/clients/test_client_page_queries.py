"""Does reading a client's records take the same few queries, however many they are? (REC-1)"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.operations.erasing import erase_client
from clients.queries.client_page import client_records
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import OLIVIA, SAID_AT, SMS_CONSENT, appointment, client, say, treatment
from tests.builders.practices import lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]


@pytest.mark.parametrize("many", [1, 4])
def test_thirteen_queries_however_many_records(many: int) -> None:
    practice = lakeview()
    dana, olivia = client(practice), client(practice, OLIVIA)
    for each in range(many):
        say(practice, treatment(f"T{each}"), appointment(f"A{each}"), treatment(f"U{each}", service=f"Glow {each}"))
        word = replace(SMS_CONSENT, at=SAID_AT + timedelta(days=each))
        say(practice, replace(OLIVIA, remote_id="G1", consents=(word,)))
    with practice_scope(practice.pk):
        erase_client(practice.pk, olivia.pk, Actor(), SAID_AT, keep_out=True)
    with practice_scope(practice.pk), CaptureQueriesContext(connection) as made:
        found = client_records(practice.pk, dana.pk)
    assert found is not None
    assert (len(found.unmapped), len(found.consents), len(found.appointments)) == (many, many, many)
    assert len(made) == 13
