"""What does each line about a treatment say now, after the words of a batch? (REC-3, R13)"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models.treatment import TreatmentStatus
from practices.operations.rows import array, run

COLUMNS: Final = (
    "id",
    "client_id",
    "treatment_id",
    "source",
    "line_key",
    "service_id",
    "performed_on",
    "performed_at",
    "status",
    "area",
    "quantity",
    "unit",
    "price",
    "currency",
    "provider_id",
    "location_id",
    "series_key",
    "series_number",
    "is_series_complete",
    "reported_at",
    "content_hash",
    "recorded_at",
    "field_stamps",
)

_BY_KEY: Final = f"""
    SELECT {", ".join(f"r.{column}" for column in COLUMNS)}
    FROM unnest(%s::text[]) AS given(line_key)
    CROSS JOIN LATERAL (
        SELECT * FROM clients_treatmentrecord
        WHERE practice_id = %s AND source = %s AND line_key = given.line_key OFFSET 0
    ) r
"""  # noqa: S608  our own column names
_BY_TREATMENT: Final = f"""
    SELECT {", ".join(f"r.{column}" for column in COLUMNS)}
    FROM unnest(%s::uuid[]) AS given(treatment_id)
    CROSS JOIN LATERAL (
        SELECT * FROM clients_treatmentrecord
        WHERE practice_id = %s AND treatment_id = given.treatment_id OFFSET 0
    ) r
"""  # noqa: S608  our own column names
_BY_SERVICE: Final = f"""
    SELECT {", ".join(f"r.{column}" for column in COLUMNS)}
    FROM unnest(%s::uuid[]) AS given(client_id)
    CROSS JOIN LATERAL (
        SELECT * FROM clients_treatmentrecord
        WHERE practice_id = %s AND client_id = given.client_id AND service_id = %s OFFSET 0
    ) r
"""  # noqa: S608  our own column names


_BY_CLIENT: Final = f"""
    SELECT {", ".join(COLUMNS)} FROM clients_treatmentrecord WHERE practice_id = %s AND client_id = ANY(%s::uuid[])
"""  # noqa: S608  our own column names


@dataclass(slots=True)
class Line:
    """A treatment record's row in memory while words are heard."""

    SAID: ClassVar[tuple[str, ...]] = (
        "client_id",
        "service_id",
        "performed",
        "status",
        "area",
        "quantity",
        "unit",
        "price",
        "currency",
        "provider_id",
        "location_id",
        "series_key",
        "series_number",
        "is_series_complete",
    )
    id: UUID
    client_id: UUID
    treatment_id: UUID | None
    source: str
    line_key: str
    service_id: UUID | None = None
    performed_on: date | None = None
    performed_at: datetime | None = None
    status: str = ""
    area: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    currency: str = ""
    provider_id: UUID | None = None
    location_id: UUID | None = None
    series_key: str = ""
    series_number: int | None = None
    is_series_complete: bool | None = None
    reported_at: datetime | None = None
    content_hash: str = ""
    recorded_at: datetime | None = None
    field_stamps: dict[str, Any] = field(default_factory=dict)
    version: int | None = None

    @property
    def performed(self) -> tuple[datetime | None, date | None]:
        """The moment, if it is known, and the date: one word says both."""
        return self.performed_at, self.performed_on

    @performed.setter
    def performed(self, value: tuple[datetime | None, date | None]) -> None:
        self.performed_at, self.performed_on = value

    @property
    def is_live(self) -> bool:
        """Whether it says that something was done."""
        return self.status == TreatmentStatus.COMPLETED and self.performed_on is not None

    def as_row(self) -> tuple[Any, ...]:
        """What is to be stored, as COLUMNS."""
        return (
            self.id,
            self.client_id,
            self.treatment_id,
            self.source,
            self.line_key,
            self.service_id,
            self.performed_on,
            self.performed_at,
            self.status,
            self.area,
            self.quantity,
            self.unit,
            self.price,
            self.currency,
            self.provider_id,
            self.location_id,
            self.series_key,
            self.series_number,
            self.is_series_complete,
            self.reported_at,
            self.content_hash,
            self.recorded_at,
            self.field_stamps,
        )


def lines_by_key(practice_id: UUID, source: str, keys: Iterable[str]) -> dict[str, Line]:
    """The lines of a document that are known under these keys."""
    found = run(_BY_KEY, [array(sorted(keys)), practice_id, source])
    return {line.line_key: line for line in map(_line, found)}


def lines_of_treatments(practice_id: UUID, treatment_ids: Iterable[UUID]) -> list[Line]:
    """Every line that counts towards these treatments."""
    wanted = array(treatment_ids)
    return [] if wanted == "{}" else [_line(row) for row in run(_BY_TREATMENT, [wanted, practice_id])]


def lines_of_service(practice_id: UUID, service_id: UUID, client_ids: Iterable[UUID]) -> list[Line]:
    """Every line of these clients that names a service."""
    return [_line(row) for row in run(_BY_SERVICE, [array(client_ids), practice_id, service_id])]


def lines_of_clients(practice_id: UUID, client_ids: Iterable[UUID]) -> list[Line]:
    """Every line of these clients."""
    return [_line(row) for row in run(_BY_CLIENT, [practice_id, array(client_ids)])]


def new_line(client_id: UUID, source: str, line_key: str, now: datetime) -> Line:
    """A line that was never heard of before."""
    return Line(uuid7(), client_id, None, source, line_key, recorded_at=now)


def _line(row: tuple[Any, ...]) -> Line:
    return Line(*(*row[:-1], json.loads(row[-1])))
