"""How does the whole installation fare, as Prometheus reads it? Sums over all practices alone [OPS-2]."""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from integrations.messaging.registry import GATEWAYS
from integrations.queries.failing_accounts import failing_by_gateway
from integrations.queries.waiting import callbacks_waiting
from practices import clock
from reminders.queries.metrics import standing_of_all

PATHS = ("/metrics", "/metrics/")
BEARER = "Bearer "


class MetricsMiddleware:
    """Answers Prometheus before anything else, as probes are answered: it knows no host name and no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Will answer /metrics to who knows METRICS_TOKEN; where none is set there is no such page."""
        return _answer(request) if request.path_info in PATHS else self._get_response(request)


def _answer(request: HttpRequest) -> HttpResponse:
    token: str = settings.METRICS_TOKEN
    if not token:
        return HttpResponseNotFound(content_type="text/plain")
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    said = request.headers.get("Authorization", "")
    if not (said.startswith(BEARER) and hmac.compare_digest(said.removeprefix(BEARER).encode(), token.encode())):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Installation())
    try:
        body = generate_latest(registry)
    except DatabaseError:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


class Installation(Collector):
    """Reads the figures each time it is asked. due = sent + waiting + suppressed + failed (R33)."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every metric."""
        now = clock.now()
        found = standing_of_all(now)
        reminders = GaugeMetricFamily(
            "medspa_reminders", "Reminders whose moment has come, by what became of them.", labels=["state"]
        )
        ledger = found.ledger
        for state, number in (
            ("sent", ledger.sent),
            ("waiting", ledger.waiting),
            ("suppressed", ledger.suppressed.total()),
            ("failed", ledger.failed),
        ):
            reminders.add_metric([state], number)
        yield reminders
        yield GaugeMetricFamily("medspa_reminders_due", "Reminders whose moment has come.", value=found.ledger.due)
        yield GaugeMetricFamily(
            "medspa_due_lag_seconds",
            "For how long the reminder that waits longest for a decision has been due.",
            value=found.lag_seconds,
        )
        yield GaugeMetricFamily(
            "medspa_deliveries_unknown", "Attempts of which nobody knows whether they arrived.", value=found.unknown
        )
        failing = GaugeMetricFamily(
            "medspa_gateway_failing", "Accounts that a gateway refuses: their messages wait.", labels=["gateway"]
        )
        numbers = failing_by_gateway()
        for key, kind in sorted(GATEWAYS.items()):
            if not kind.capabilities.is_local:
                failing.add_metric([key], numbers[key])
        yield failing
        yield from _callbacks(now)


def _callbacks(now: datetime) -> Iterator[GaugeMetricFamily]:
    """What carriers told and is not applied yet: a "message" may be a client's stop."""
    number = GaugeMetricFamily(
        "medspa_callbacks_waiting", "What carriers told that is not applied yet, by its kind.", labels=["kind"]
    )
    age = GaugeMetricFamily(
        "medspa_callbacks_oldest_seconds", "For how long the oldest of it has waited.", labels=["kind"]
    )
    for kind, waiting in callbacks_waiting().items():
        number.add_metric([kind], waiting.number)
        age.add_metric([kind], max(0.0, (now - waiting.since).total_seconds()) if waiting.since else 0.0)
    yield number
    yield age
