"""How long does the server need for each page of a practice with 200,000 clients? (DESIGN.md 9)"""

import re
from collections.abc import Iterator, Mapping
from statistics import median, quantiles
from time import monotonic
from typing import Any, Final

from bench.database import tidy
from bench.line import Line

TARGET_MS: Final = 150.0
CLIENTS: Final = 200_000
REQUESTS: Final = 40
WARM_UP: Final = 4
STATIC_FILES: Final = "django.contrib.staticfiles.storage.StaticFilesStorage"
"""Nothing is collected for a measurement: pages link the files as they lie in the checkout."""
SEARCHES: Final = (
    "clients/?q=siobhan",
    "clients/?q=o",
    "clients/?q=garcia mar",
    "clients/?q=zzzz",
    "clients/?q=0186",
    "clients/?q=(773) 200",
    "clients/?q=crowd1234",
    "clients/?show=due",
    "clients/?show=lapsed",
    "ledger/list/?state=failed",
    "ledger/list/?state=suppressed&reason=OPTED_OUT",
)
"""Addresses that ask for more than the page alone."""


def measure(clients: int = CLIENTS, requests: int = REQUESTS) -> Iterator[Line]:
    """Ask for each page so many times after a warm-up, in process; yield its p95 against the target.

    The pages come from the resolver: those of a practice that answer 200 to a GET with ids that are known.
    """
    from django.conf import settings
    from django.test import Client as Browser
    from django.test.utils import override_settings

    from practices import clock
    from practices.models import Person, Role, StaffMember
    from practices.operations.creation import create_practice
    from practices.operations.directory import resolve_locations, resolve_providers
    from practices.tenancy import practice_scope
    from reminders.operations.folding_tallies import fold_tallies
    from tests.builders import crowd

    now = clock.now()
    practice = create_practice("bench", "Lakeview Aesthetics", "America/Chicago", now)
    owner = Person.objects.create(email="alice@example.com", name="Alice")
    with practice_scope(practice.pk):
        StaffMember.objects.create(practice=practice, person=owner, role=Role.OWNER)
        resolve_providers(practice.pk, ["Pat Kim RN"])
        resolve_locations(practice.pk, ["Main"])
    ids: dict[str, Any] = {"slug": "bench", "type_slug": "botox", **crowd.gather(practice, clients, now)}
    fold_tallies()
    tidy()
    browser = Browser(raise_request_exception=False)
    browser.force_login(owner)
    plain_files = {**settings.STORAGES, "staticfiles": {"BACKEND": STATIC_FILES}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain_files):
        for url in _addresses(ids):
            line = _line(browser, url, requests)
            if line is not None:
                yield line


def _addresses(ids: Mapping[str, object]) -> Iterator[str]:
    from tests.architecture.test_outsiders import routes

    for route in routes():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if route.startswith("p/<slug:slug>/") and all(name in ids for name in names):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(ids[match[1]]), route)
    for each in SEARCHES:
        yield f"/p/{ids['slug']}/{each}"


def _line(browser: Any, url: str, requests: int) -> Line | None:
    """None where the address shows no page: it takes a form only, leads elsewhere, or streams a file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    response = browser.get(url)
    if response.status_code != 200 or response.streaming:
        return None
    with CaptureQueriesContext(connection) as caught:
        browser.get(url)
        asked = len(caught)
    for _ in range(WARM_UP):
        browser.get(url)
    took = []
    for _ in range(requests):
        begun_at = monotonic()
        browser.get(url)
        took.append((monotonic() - begun_at) * 1000)
    p95 = quantiles(took, n=20)[-1]
    name = re.sub(r"[0-9a-f-]{36}", "…", url.removeprefix("/p/bench/")) or "(first page)"
    beside = f"p50 {median(took):,.0f} ms, {asked} queries"
    return Line(name[:34], f"p95 {p95:,.0f} ms", beside, p95, TARGET_MS, unit="ms")
