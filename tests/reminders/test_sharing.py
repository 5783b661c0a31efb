"""Does a worker leave people alone whose shared address another worker is deciding on? (R23)"""

from datetime import timedelta

import pytest
from django.db import connection

from practices.queries.directory import practice_by_slug
from reminders.tasks import sweep
from tests.builders.outside import Outside, command
from tests.journeys.test_outside_holds import botox, someone
from tests.journeys.test_refill_loop import DAY_70, TREATED

pytestmark = pytest.mark.django_db

HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(%s || %s, 0))"


def test_a_shared_address_is_decided_on_by_one_worker_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)  # the worker is called by hand here
    practice = Outside(TREATED - timedelta(days=2))
    with practice.then():
        command("go_live", "lakeview")
    practice.then(at=TREATED)
    for remote_id, phone in (("a", "312-555-0151"), ("b", "312-555-0151"), ("c", "312-555-0152")):
        botox(practice, someone(remote_id, phone=phone), f"T-{remote_id}")
    practice.then(at=DAY_70)
    practice.post("client.updated", client={"id": "SOMEBODY-ELSE"})

    another = connection.copy()
    try:
        another.set_autocommit(False)
        with another.cursor() as cursor:
            cursor.execute(HOLD, [str(practice_by_slug("lakeview").pk), "+13125550151"])
        with practice.then():
            sweep()
        assert [each.to_address for each in practice.delivered()] == ["+13125550152"]
        another.rollback()
    finally:
        another.close()
    with practice.then():
        sweep()
    assert sorted(each.to_address for each in practice.delivered()) == ["+13125550151", "+13125550152"]
