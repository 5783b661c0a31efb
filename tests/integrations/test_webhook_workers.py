"""Do several workers share the inbox without doing anything twice?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from clients.models import Appointment, Client
from integrations.models import InboundEvent
from integrations.operations.applying import apply_due
from practices import clock
from practices.tenancy import practice_scope
from tests.builders.integrations import DANA, booked, event, sender, silence
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 3


def test_each_event_is_applied_once_by_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)
    records = sender(lakeview())
    for number in range(30):
        who = {**DANA, "id": f"C-{number % 10}", "last_name": f"W{number % 10}", "phone": None, "email": None}
        said = event("client.updated") if number % 3 else booked(f"A-{number}")
        assert records.post({**said, "data": {**said["data"], "client": who}}).status_code == 202
    now = clock.now()

    def work(_: int) -> int:
        try:
            return apply_due(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as workers:
        done = sum(workers.map(work, range(WORKERS)))
    done += apply_due(now)
    assert done == 30
    assert {(kept.state, kept.attempts) for kept in records.stored()} == {(InboundEvent.State.APPLIED, 1)}
    with practice_scope(records.practice_id):
        assert (Client.objects.count(), Appointment.objects.count()) == (10, 10)
