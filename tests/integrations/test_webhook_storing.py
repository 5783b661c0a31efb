"""Does an accepted event stand in the inbox, whoever posts at the same time?"""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from integrations.models import InboundEvent
from practices.tenancy import ScopeError, insert_once, practice_scope
from tests.builders.integrations import booked, sender, silence
from tests.builders.practices import MADE_AT, hilltop, lakeview

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)


def test_it_is_stored_in_one_statement_which_opens_and_closes_the_scope() -> None:
    records = sender(lakeview())
    records.post(booked())
    with CaptureQueriesContext(connection) as asked:
        assert records.post(booked("A-2")).status_code == 202
    assert len(asked) == 1
    assert InboundEvent.objects.count() == 0, "no scope is left open"
    assert len(records.stored()) == 2


def test_many_at_once_store_a_repeat_once_and_everything_else() -> None:
    records = sender(lakeview())

    def post(number: int) -> int:
        try:
            return int(records.post(booked(f"A-{number}"), webhook_id=f"evt_{number % 5}").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(post, range(40))) == {202}
    assert sorted(event.webhook_id for event in records.stored()) == [f"evt_{number}" for number in range(5)]


def test_two_connections_may_use_the_same_webhook_id() -> None:
    alices, charlies = sender(lakeview()), sender(hilltop())
    assert alices.post(booked(), webhook_id="evt_1").status_code == 202
    assert charlies.post(booked(), webhook_id="evt_1").status_code == 202
    assert (len(alices.stored()), len(charlies.stored())) == (1, 1)


def test_the_wall_holds_for_the_single_statement_too() -> None:
    alices, charlies = sender(lakeview()), sender(hilltop())
    row = {
        "id": uuid7(),
        "practice_id": charlies.practice_id,
        "connection_id": charlies.opened.id,
        "webhook_id": "evt_1",
        "type": "client.updated",
        "body": "{}",
        "received_at": MADE_AT,
        "state": "received",
        "attempts": 0,
        "reason": "",
    }
    with pytest.raises(ProgrammingError, match="row-level security"):
        insert_once(alices.practice_id, "integrations_inboundevent", row)
    with practice_scope(alices.practice_id), pytest.raises(ScopeError):
        insert_once(charlies.practice_id, "integrations_inboundevent", row)
    assert charlies.stored() == []
    assert insert_once(charlies.practice_id, "integrations_inboundevent", row) is True
    assert insert_once(charlies.practice_id, "integrations_inboundevent", row) is False
    with practice_scope(charlies.practice_id):
        assert insert_once(charlies.practice_id, "integrations_inboundevent", row) is False


def test_a_real_server_answers_over_a_socket(live_server: Any) -> None:
    records = sender(lakeview(), has_bearer=True)
    body = json.dumps(booked())
    host, port = live_server.thread.host, live_server.thread.port
    answers = []

    def post(headers: dict[str, str]) -> None:
        link = http.client.HTTPConnection(host, port, timeout=10)
        link.request("POST", records.path, body, {"Content-Type": "application/json", **headers})
        answer = link.getresponse()
        answers.append((answer.status, json.loads(answer.read())))
        link.close()

    for headers in (
        records.headers(body, webhook_id="evt_1"),
        records.headers(body, webhook_id="evt_1"),
        {"Authorization": f"Bearer {records.opened.bearer}", "webhook-id": "evt_2"},
        {"Authorization": "Bearer wrong"},
    ):
        thread = threading.Thread(target=post, args=(headers,))
        thread.start()
        thread.join()
    assert answers == [
        (202, {"id": "evt_1", "status": "accepted"}),
        (202, {"id": "evt_1", "status": "accepted"}),
        (202, {"id": "evt_2", "status": "accepted"}),
        (401, {"error": "The bearer token is wrong."}),
    ]
    assert len(records.stored()) == 2
