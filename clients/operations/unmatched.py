"""What happens to lines that nobody can attribute, and when do they find their client after all?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models import UnmatchedRecord
from clients.operations.contact_data import reported_name
from clients.operations.reported import ReportedAppointment, ReportedClient, ReportedConsent, ReportedTreatment
from practices.operations.rows import array, insert_rows, run
from practices.queries.names import name_key

Line = ReportedTreatment | ReportedAppointment

_TREATMENT: Final = "treatment"
_LONGEST_NAME: Final = 160
_COLUMNS: Final = (
    "id",
    "practice_id",
    "source",
    "line_key",
    "client_name",
    "name_key",
    "reason",
    "payload",
    "recorded_at",
)
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "Decimal": Decimal,
}


def keep_waiting(practice_id: UUID, source: str, lines: Iterable[tuple[Line, str]], now: datetime) -> None:
    """Will keep lines, each with the reason why nobody can tell whose it is, until someone can.

    The newest word of a line replaces the one that waited.
    """
    rows = {
        key_of(line): (
            uuid7(),
            practice_id,
            source,
            key_of(line),
            reported_name(line.client)[:_LONGEST_NAME],
            name_key(reported_name(line.client))[:_LONGEST_NAME],
            reason,
            as_payload(line),
            now,
        )
        for line, reason in lines
    }
    insert_rows(
        UnmatchedRecord,
        _COLUMNS,
        list(rows.values()),
        on_conflict=(
            "ON CONFLICT (practice_id, source, line_key) DO UPDATE SET reason = excluded.reason, "
            "payload = excluded.payload, client_name = excluded.client_name, name_key = excluded.name_key"
        ),
    )


def forget(practice_id: UUID, source: str, keys: Sequence[str]) -> None:
    """Will drop lines from those waiting: they have found their client."""
    if keys:
        run(
            "DELETE FROM clients_unmatchedrecord WHERE practice_id = %s AND source = %s AND line_key = ANY(%s::text[])",
            [practice_id, source, array(keys)],
        )


def waiting_under(practice_id: UUID, keys: Iterable[str]) -> dict[str, list[Line]]:
    """The lines that wait under these names, by the document that they stand in."""
    found: dict[str, list[Line]] = defaultdict(list)
    wanted = UnmatchedRecord.objects.filter(practice_id=practice_id, name_key__in=sorted(set(keys) - {""}))
    for source, payload in wanted.order_by("recorded_at", "id").values_list("source", "payload"):
        found[source].append(of_payload(payload))
    return found


def key_of(line: Line) -> str:
    """What tells a line from the others of its document."""
    return line.line_key if isinstance(line, ReportedTreatment) else line.remote_id


def as_payload(line: Line) -> dict[str, Any]:
    """A line as JSON, to be read back as it was."""
    kind = _TREATMENT if isinstance(line, ReportedTreatment) else "appointment"
    return {"kind": kind, **{name: _written(value) for name, value in asdict(line).items()}}


def of_payload(payload: dict[str, Any]) -> Line:
    """A line as it was reported."""
    values = {name: _read(value) for name, value in payload.items() if name != "kind"}
    client = values.pop("client")
    consents = tuple(ReportedConsent(**consent) for consent in client.pop("consents", ()))
    client = ReportedClient(**client, consents=consents)
    kind = ReportedTreatment if payload["kind"] == _TREATMENT else ReportedAppointment
    return kind(client=client, **values)


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    if isinstance(value, datetime | date | Decimal):
        return {"is": type(value).__name__, "text": str(value)}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"is", "text"}:
        return _READERS[value["is"]](value["text"])
    if isinstance(value, dict):
        return {name: _read(item) for name, item in value.items()}
    if isinstance(value, list):
        return tuple(_read(item) for item in value)
    return value
