"""Do probes get an honest answer, whatever name they ask under? [OPS-2]"""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import Settings


def test_a_process_that_runs_is_live_under_any_host_name(client: Client) -> None:
    answer = client.get("/health/live/", headers={"host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.json()) == (200, {"live": True})


@pytest.mark.django_db
def test_a_process_whose_services_answer_is_ready(client: Client) -> None:
    answer = client.get("/health/ready/", headers={"host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.json()) == (200, {"database": True, "redis": True})


@pytest.mark.django_db
def test_without_redis_it_is_not_ready_and_says_which(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "redis": False})


@pytest.mark.django_db(transaction=True)
def test_without_its_database_it_is_not_ready_and_says_which(client: Client) -> None:
    connection.close()
    right = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = f"{right}_gone"
    try:
        answer = client.get("/health/ready/")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = right

    assert (answer.status_code, answer.json()) == (503, {"database": False, "redis": True})


def test_probes_are_answered_before_anything_else() -> None:
    assert settings.MIDDLEWARE[0] == "medspa.health.HealthMiddleware"
