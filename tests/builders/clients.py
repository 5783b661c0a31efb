"""How do tests say that a client was treated, booked or described?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from clients.models import Client
from clients.operations.record import record
from clients.operations.reported import (
    Recorded,
    Report,
    ReportedAppointment,
    ReportedClient,
    ReportedConsent,
    ReportedTreatment,
)
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX

SAID_AT = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
DANA = ReportedClient(
    remote_id="G1",
    first_name="Dana",
    last_name="Whitfield",
    phone="(312) 555-0142",
    email="dana.whitfield@example.com",
    postal_code="60601",
    state="IL",
)
OLIVIA = ReportedClient(
    remote_id="G2", first_name="Olivia", last_name="Jackson", phone="219-555-0188", email="olivia@example.com"
)
SMS_CONSENT = ReportedConsent("sms", True, SAID_AT, "intake form", "I agree to receive texts.")


def treatment(line_key: str = "T1", client: ReportedClient = DANA, **fields: Any) -> ReportedTreatment:
    """Twenty units of Botox on March 2, unless said otherwise."""
    values: dict[str, Any] = {"service": BOTOX, "quantity": Decimal(20), "unit": "unit", "price": Decimal(240)}
    if "performed_at" not in fields and "performed_local" not in fields:
        values["performed_local"] = date(2026, 3, 2)
    return ReportedTreatment(line_key, client, **{**values, **fields})


def appointment(remote_id: str = "A1", client: ReportedClient = DANA, **fields: Any) -> ReportedAppointment:
    """Botox at ten in the morning in Chicago on May 11, unless said otherwise."""
    values: dict[str, Any] = {"status": "booked", "services": (BOTOX,), "duration_minutes": 30}
    if "starts_at" not in fields and "starts_local" not in fields:
        values["starts_local"] = datetime(2026, 5, 11, 10, 0)  # noqa: DTZ001  wall time
    return ReportedAppointment(remote_id, client, **{**values, **fields})


def say(
    practice: Practice,
    *lines: ReportedClient | ReportedTreatment | ReportedAppointment,
    at: datetime | None = SAID_AT,
    source: str = "records",
    document: str = "",
    now: datetime | None = None,
) -> Recorded:
    """Records lines as one report in a scope of its own; `at` None: they stand in a file."""
    report = Report(
        identity_source=source,
        document=document or source,
        reported_at=at,
        clients=tuple(line for line in lines if isinstance(line, ReportedClient)),
        treatments=tuple(line for line in lines if isinstance(line, ReportedTreatment)),
        appointments=tuple(line for line in lines if isinstance(line, ReportedAppointment)),
    )
    with practice_scope(practice.id):
        return record(practice.id, report, now or (at or SAID_AT) + timedelta(seconds=2))


def client(practice: Practice, reported: ReportedClient = DANA, source: str = "records") -> Client:
    """A client of a practice, as a source describes her."""
    recorded = say(practice, reported, source=source)
    with practice_scope(practice.id):
        return Client.objects.get(id__in=recorded.client_ids)
