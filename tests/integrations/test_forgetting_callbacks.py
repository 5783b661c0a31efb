"""Are applied callbacks deleted after 90 days, and nothing else? (REC-5)"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import GatewayEvent
from integrations.operations import forgetting_callbacks
from integrations.operations.applying_callbacks import NOT_OURS
from integrations.operations.forgetting_callbacks import KEPT_FOR, forget_callbacks
from integrations.tasks import forget_callbacks as task
from medspa.beat import SCHEDULE
from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.callbacks import told
from tests.builders.practices import hilltop, lakeview

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
OLD = NOW - KEPT_FOR - timedelta(seconds=1)
State = GatewayEvent.State


def stored(practice: Practice, received_at: datetime, state: str, count: int = 1, reason: str = "") -> None:
    """Clients' messages that arrived at a moment and stand so."""
    with practice_scope(practice.pk):
        GatewayEvent.objects.bulk_create(
            GatewayEvent(
                practice=practice, gateway="twilio_sms", kind="message", state=state, told={"text": "Is it safe?"},
                event_key=f"{state}:{reason}:{number}:{received_at:%m%d%H}", received_at=received_at, reason=reason,
            )
            for number in range(count)
        )  # fmt: skip


def test_applied_ones_go_after_90_days_and_all_others_stay() -> None:
    practices = lakeview(), hilltop()
    for practice in practices:
        stored(practice, OLD, State.APPLIED, 3)
        stored(practice, NOW - KEPT_FOR + timedelta(hours=1), State.APPLIED)
        for state in (State.RECEIVED, State.RETRYING, State.SET_ASIDE):
            stored(practice, OLD, state)
    assert forget_callbacks(NOW) == 6
    assert forget_callbacks(NOW) == 0
    for practice in practices:
        left = told(practice)
        assert sorted(each.state for each in left) == ["applied", "received", "retrying", "set_aside"]
        assert [each.received_at > OLD for each in left if each.state == State.APPLIED] == [True]


def test_what_spoke_of_no_message_of_ours_goes_too() -> None:
    practice = lakeview()
    stored(practice, OLD, State.SET_ASIDE, 3, NOT_OURS)
    stored(practice, NOW - KEPT_FOR + timedelta(hours=1), State.SET_ASIDE, reason=NOT_OURS)
    stored(practice, OLD, State.SET_ASIDE, reason="8 tries failed, the last with RuntimeError.")
    assert forget_callbacks(NOW) == 3
    assert len(told(practice)) == 2


def test_many_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    practice = lakeview()
    monkeypatch.setattr(forgetting_callbacks, "BATCH", 10)
    stored(practice, OLD, State.APPLIED, 25)
    stored(practice, OLD - timedelta(days=1), State.SET_ASIDE, 15)
    with CaptureQueriesContext(connection) as asked:
        assert forget_callbacks(NOW) == 25
    assert len([each for each in asked if each["sql"].startswith("DELETE")]) == 3
    assert [each.state for each in told(practice)] == [State.SET_ASIDE] * 15


def test_an_index_leads_to_the_oldest() -> None:
    practice = lakeview()
    stored(practice, NOW, State.APPLIED, 3_000)
    stored(practice, OLD, State.APPLIED, 20)
    with practice_scope(practice.pk):
        old = GatewayEvent.objects.filter(practice_id=practice.pk, state=State.APPLIED, received_at__lt=NOW - KEPT_FOR)
        plan = old.order_by("received_at").values("pk")[:1_000].explain()
    assert "gateway_event_arrival" in plan


def test_the_clock_sets_it_off_every_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    practice = lakeview()
    stored(practice, OLD, State.APPLIED)
    [tick] = [each for each in SCHEDULE.values() if each["task"] == task.name]
    assert tick["schedule"] == 3600.0
    task()
    assert told(practice) == []
