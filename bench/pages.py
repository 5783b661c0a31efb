"""How long does the server need for each page of a practice with 200,000 clients? (DESIGN.md 9)"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, process_time
from typing import Any, Final

from bench.database import tidy
from bench.line import Line

TARGET_MS: Final = 150.0
CLIENTS: Final = 200_000
CARRIED: Final = 20_000
"""So many clients had the service whose mapping is looked at."""
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
    "calls/?show=mine",
    "calls/?show=done",
    "today/?show=sent",
    "today/?show=later",
    "services/{service_id}/?meaning=botox",
    "ledger/list/?state=failed",
    "ledger/list/?state=suppressed&reason=OPTED_OUT",
)
"""Addresses that ask for more than the page alone."""
_CARRY: Final = """
    INSERT INTO clients_treatmentrecord (id, practice_id, client_id, service_id, source, line_key, performed_on, status,
        area, unit, currency, series_key, content_hash, field_stamps, recorded_at)
    SELECT gen_random_uuid(), practice_id, id, %s, 'crowd', id::text, current_date - 90, 'completed', '', '', '',
        '', '', '{}', now()
    FROM clients_client WHERE practice_id = %s ORDER BY clients_client.id LIMIT %s
"""


def measure(clients: int = CLIENTS, requests: int = REQUESTS) -> Iterator[Line]:
    """Ask for each page so many times after a warm-up, in process; yield its p95 against the target.

    The pages come from the resolver: those of a practice that answer 200 to a GET with ids that are known. Beside the
    wall clock, which others on the machine can hold up, stands what a request costs by itself: the processor time of
    this process and, where the database runs beside it, that of the database's process.
    """
    from django.conf import settings
    from django.db import connection
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
    with practice_scope(practice.pk), connection.cursor() as cursor:
        cursor.execute(_CARRY, [ids["service_id"], practice.pk, min(CARRIED, clients)])
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
    from practices import clock
    from tests.architecture.test_outsiders import routes

    for route in routes():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if route.startswith("p/<slug:slug>/") and all(name in ids for name in names):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(ids[match[1]]), route)
    for each in SEARCHES:
        yield f"/p/{ids['slug']}/{each.format_map(ids)}"
    for name, days in (("day", 1), ("week", 7)):
        wanted = clock.now().date() + timedelta(days=days)
        yield f"/p/{ids['slug']}/coming/?{name}={f'{wanted:%G-W%V}' if name == 'week' else wanted.isoformat()}"


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
    database = _backend()
    own_before, sql_before = process_time(), _on_processor(database)
    for _ in range(requests):
        begun_at = monotonic()
        browser.get(url)
        took.append((monotonic() - begun_at) * 1000)
    own, sql = (process_time() - own_before) * 1000 / requests, _on_processor(database)
    p95 = quantiles(took, n=20)[-1]
    name = re.sub(r"[0-9a-f-]{36}", "…", url.removeprefix("/p/bench/")) or "(first page)"
    costs = f"{own:,.0f}" if sql is None or sql_before is None else f"{own:,.0f}+{(sql - sql_before) / requests:,.0f}"
    beside = f"p50 {median(took):,.0f}, CPU {costs} ms, {asked} queries"
    return Line(name[:34], f"p95 {p95:,.0f} ms", beside, p95, TARGET_MS, unit="ms")


def _backend() -> int:
    """The database's process that answers this one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _on_processor(pid: int) -> float | None:
    """How many milliseconds a process has run so far; None where it does not run on this machine."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text()
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6 if "postgres" in name else None
    except OSError:
        return None
