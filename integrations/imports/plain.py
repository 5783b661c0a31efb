"""How is a row of a plain file understood, once it is known which column holds what?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.columns import is_client_list
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.refusals import BadRow
from integrations.imports.rows import Cells, normalized
from integrations.imports.values import by_table, local_day, money, quantity, unit

IDENTITY_SOURCE: Final = "records"
"""Plain files speak of the same ids as a generic connection's webhooks do."""

# A word of a column that says how a line stands -> what it means. A file without such a column holds what was done.
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("", "completed", "complete", "done", "performed", "closed", "fulfilled"), "counts"),
        **dict.fromkeys(("arrived", "checked out", "paid", "unpaid", "partially paid"), "counts"),
        **dict.fromkeys(("booked", "scheduled", "confirmed", "open", "pending", "checked in"), "unfinished"),
        **dict.fromkeys(("cancelled", "canceled", "no show", "no-show", "noshow", "no_show"), "voided"),
        **dict.fromkeys(("void", "voided", "deleted", "refunded", "rescheduled"), "voided"),
    }
)
# A word of a column that says how a client stands -> ours.
CLIENT_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("active", "yes", "true", "1", "current"), "active"),
        **dict.fromkeys(("inactive", "no", "false", "0", "archived", "discharged", "former", "fired"), "inactive"),
        **dict.fromkeys(("deceased", "dead"), "deceased"),
        **dict.fromkeys(("do not contact", "do_not_contact", "dnc"), "do_not_contact"),
    }
)

TREATMENTS: Final = "treatments"
CLIENTS: Final = "clients"


def plain_preset(mapping: Mapping[str, str], name: str = "") -> Preset:
    """Return how a file with these columns (our field -> its column) is imported.

    `name`: under which a practice saved the mapping; its lines are then told apart by that name.
    """
    columns = {field: normalized(column) for field, column in mapping.items()}
    is_clients = is_client_list(mapping)
    reader = _PlainRow(columns)
    return Preset(
        name=name or (CLIENTS if is_clients else TREATMENTS),
        identity_source=IDENTITY_SOURCE,
        signatures=(),
        translate=reader.client_line if is_clients else reader.treatment_line,
        has_repeats=not is_clients,
    )


class _PlainRow:
    """Reads rows by one mapping."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = columns

    def client_line(self, cells: Cells) -> Line:
        """A client and nothing else."""
        return Line(client=self._client(cells, "client_status" if "client_status" in self._columns else "status"))

    def treatment_line(self, cells: Cells) -> Line | None:
        """A treatment, with what the row says of its client; no line where it is yet to be done.

        The key of a line is the service with the file's own number for it, so that a corrected day
        corrects the line; where there is no number, with the client and the day. A negative quantity or
        price is a refund: a line of its own that starts nothing.
        """
        client = self._client(cells, "client_status")
        service = cells.required(self._columns["service"], at_most=200)
        day_column = self._columns["performed_on"]
        day = local_day(cells.required(day_column, at_most=40), day_column)
        status = by_table(STATUSES, self._text(cells, "status"), self._columns.get("status", ""))
        amount = quantity(self._text(cells, "quantity"), self._columns.get("quantity", ""))
        price = money(self._text(cells, "price"), self._columns.get("price", ""))
        number = self._optional(cells, "line_id", at_most=80)
        if status == "unfinished":
            return None
        key = number or f"{client.remote_id or client.full_name}|{day.isoformat()}"
        return Line(
            treatment=ReportedTreatment(
                line_key=f"{key}|{service}",
                client=client,
                service=service,
                performed_local=day,
                is_voided=status == "voided" or (amount or 0) < 0 or (price or 0) < 0,
                area=self._optional(cells, "area", at_most=120),
                quantity=amount,
                unit=unit(self._text(cells, "unit")),
                price=price,
                provider=self._optional(cells, "provider", at_most=120),
                location=self._optional(cells, "location", at_most=120),
            )
        )

    def _client(self, cells: Cells, status_field: str) -> ReportedClient:
        remote_id = ""
        if "client_id" in self._columns:
            remote_id = cells.required(self._columns["client_id"], at_most=120)
        first = self._optional(cells, "first_name", at_most=80)
        last = self._optional(cells, "last_name", at_most=80)
        full = self._optional(cells, "full_name", at_most=160)
        if not remote_id:
            full = full or " ".join(name for name in (first, last) if name)
            if not full:
                raise BadRow("The row names no client.")
        born = self._optional(cells, "date_of_birth", at_most=40)
        status = self._optional(cells, status_field, at_most=40)
        return ReportedClient(
            remote_id=remote_id,
            first_name=first,
            last_name=last,
            full_name=full,
            phone=self._optional(cells, "phone", at_most=40),
            email=self._optional(cells, "email", at_most=254),
            postal_code=self._optional(cells, "postal_code", at_most=10),
            state=self._optional(cells, "state", at_most=40),
            date_of_birth=local_day(born, self._columns["date_of_birth"]) if born else None,
            status=by_table(CLIENT_STATUSES, status, self._columns[status_field]) if status else None,
        )

    def _text(self, cells: Cells, field: str) -> str:
        column = self._columns.get(field)
        return cells.text(column) if column else ""

    def _optional(self, cells: Cells, field: str, *, at_most: int) -> str | None:
        column = self._columns.get(field)
        return cells.optional(column, at_most=at_most) if column else None
