"""How is Aesthetic Record's list of invoices understood? It knows clients by name alone. (pms.md 4.4)"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import by_table, local_day, money

# A word of the column Invoice Status -> what it means for the line. Refunded is seen; Paid stands in the
# files at hand; the others are guessed from the product's screens. Unpaid or not, it was done.
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paid": "counts",
        "partially paid": "counts",
        "partial paid": "counts",
        "unpaid": "counts",
        "partially refunded": "counts",
        "refunded": "voided",
        "void": "voided",
        "voided": "voided",
        "cancelled": "voided",
        "canceled": "voided",
    }
)


def translate(cells: Cells) -> Line:
    """Read one item of one invoice. What was refunded of it lowers its price; there is no quantity."""
    invoice = cells.required("invoice number", at_most=80)
    item = cells.required("item", at_most=200)
    name = cells.required("patient", at_most=160)
    status = by_table(STATUSES, cells.required("invoice status", at_most=40), "Invoice Status")
    day = local_day(cells.required("date", at_most=40), "Date")
    collected = money(cells.text("item total collected", "total collected"), "Item Total Collected")
    refunded = money(cells.text("refunds"), "Refunds") or Decimal(0)
    return Line(
        treatment=ReportedTreatment(
            line_key=f"{invoice}|{item}",
            client=ReportedClient(remote_id="", full_name=name),
            service=item,
            performed_local=day,
            is_voided=status == "voided",
            price=collected if collected is None else collected - abs(refunded),
            provider=cells.optional("employee", at_most=120),
        )
    )


PRESET: Final = Preset(
    name="ar_invoices",
    identity_source="aesthetic_record",
    signatures=(frozenset({"invoice number", "item", "tender type"}),),
    needed=frozenset({"date", "patient", "invoice status"}),
    translate=translate,
)
