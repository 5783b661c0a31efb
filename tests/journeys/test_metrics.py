"""Does Prometheus read figures that add up, with the token alone? [OPS-2, R33]"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings as chosen
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from integrations.models import GatewayEvent
from integrations.operations.account_health import note_failure
from practices import clock
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder
from reminders.operations.folding_tallies import fold_tallies
from reminders.operations.sweeping import sweep
from reminders.queries.ledger import has_come
from tests.builders import day, story
from tests.builders.accounts import connected
from tests.builders.story import Story

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-forty-letters-for-prometheus-1"
Figures = dict[tuple[str, str], float]


@pytest.fixture
def told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Story:
    settings.METRICS_TOKEN = TOKEN
    lakeview_told = story.tell()
    monkeypatch.setattr(clock, "now", lambda: story.NOW)
    return lakeview_told


def read(token: str = TOKEN, path: str = "/metrics") -> Figures:
    """(metric, its label) -> value."""
    answer = Client().get(path, headers={"Authorization": f"Bearer {token}", "host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in families
        for sample in family.samples
    }


def parts(figures: Figures) -> dict[str, float]:
    return {label: value for (name, label), value in figures.items() if name == "medspa_reminders"}


def counted(told: Story, now: datetime) -> int:
    """The rows themselves, practice by practice."""
    number = 0
    for practice in (told.lakeview, told.hilltop):
        with practice_scope(practice.pk):
            number += Reminder.objects.filter(has_come(now), practice=practice).count()
    return number


def test_due_is_what_was_sent_waits_was_suppressed_and_failed(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    day.full_day(told)
    seen: set[str] = set()
    for later in (timedelta(), timedelta(days=3), timedelta(days=40)):
        now = story.NOW + later
        monkeypatch.setattr(clock, "now", at(now))
        sweep(at(now))
        for fold in (False, True):
            if fold:
                fold_tallies()
            figures = read()
            seen |= {label for label, value in parts(figures).items() if value}
            assert figures["medspa_reminders_due", ""] == sum(parts(figures).values()) == counted(told, now) > 0
    assert seen == {"sent", "waiting", "suppressed", "failed"}


def at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def test_the_lag_is_that_of_the_longest_wait_for_a_decision(told: Story) -> None:
    sweep(lambda: story.NOW)
    assert read()["medspa_due_lag_seconds", ""] == 0
    with practice_scope(told.lakeview.pk):
        coming = Reminder.objects.filter(state="planned").order_by("due_at")[0]
        Reminder.objects.filter(pk=coming.pk).update(due_at=story.NOW - timedelta(seconds=90))
    assert read()["medspa_due_lag_seconds", ""] == 90


def test_accounts_that_fail_and_attempts_in_doubt_are_told(told: Story) -> None:
    figures = read()
    gateways = {label for name, label in figures if name == "medspa_gateway_failing"}
    assert gateways == {"twilio_sms", "sendgrid_email", "podium"}
    assert sum(value for (name, _), value in figures.items() if name == "medspa_gateway_failing") == 0
    account_id = connected(told.lakeview)
    note_failure(told.lakeview.pk, account_id, "No.", "20003", story.NOW)
    with practice_scope(told.lakeview.pk):
        some = Delivery.objects.order_by("pk").values_list("pk", flat=True)[0]
        Delivery.objects.filter(pk=some).update(state="unknown")
    figures = read(path="/metrics/")
    assert figures["medspa_gateway_failing", "twilio_sms"] == 1
    assert figures["medspa_deliveries_unknown", ""] == 1


def test_what_carriers_told_and_nobody_has_applied_is_told_by_its_kind(told: Story) -> None:
    figures = read()
    assert [figures[f"medspa_callbacks_{name}", "message"] for name in ("waiting", "oldest_seconds")] == [0, 0]
    for practice, state, ago in ((told.lakeview, "retrying", 90), (told.hilltop, "received", 30)):
        with practice_scope(practice.pk):
            for kind, its_state in (("message", state), ("report", "applied")):
                GatewayEvent.objects.create(
                    practice=practice, gateway="twilio_sms", kind=kind, event_key=kind, told={}, state=its_state,
                    received_at=story.NOW - timedelta(seconds=ago),
                )  # fmt: skip
    figures = read()
    assert (figures["medspa_callbacks_waiting", "message"], figures["medspa_callbacks_waiting", "report"]) == (2, 0)
    assert figures["medspa_callbacks_oldest_seconds", "message"] == 90


def test_nothing_of_a_practice_is_in_it(told: Story) -> None:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    text = answer.content.decode()
    assert not re.search(r"lakeview|hilltop|Siobh|@|\+1", text, flags=re.IGNORECASE)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \xe9"])
def test_without_the_token_there_is_nothing_to_read(told: Story, said: str) -> None:
    answer = Client().get("/metrics", HTTP_AUTHORIZATION=said)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_where_no_token_is_set_there_is_no_such_page(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    for said in ("", "Bearer "):
        assert Client().get("/metrics", HTTP_AUTHORIZATION=said).status_code == 404


def test_it_is_only_read(told: Story) -> None:
    assert Client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_without_its_database_it_says_so(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    connection.close()
    right = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = f"{right}_gone"
    try:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    finally:
        connection.close()
        connection.settings_dict["NAME"] = right
    assert answer.status_code == 503


def test_it_is_answered_before_hosts_and_sessions() -> None:
    assert chosen.MIDDLEWARE.index("medspa.metrics.MetricsMiddleware") < chosen.MIDDLEWARE.index(
        "django.middleware.security.SecurityMiddleware"
    )
