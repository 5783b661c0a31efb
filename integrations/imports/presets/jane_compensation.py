"""How is Jane's Compensation Report understood? It alone has quantities. (pms.md 5.5)"""

import re
from typing import Final

from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import local_day, money, quantity

_EDIT: Final = re.compile(r"-P\d+$", re.IGNORECASE)
"""Editing an invoice gives it a new ending (1531-P01, 1531-P02): the number before it stays."""


def translate(cells: Cells) -> Line:
    """Read one item of one invoice; a negative one is a refund: a line of its own that starts nothing."""
    invoice = _EDIT.sub("", cells.required("invoice #", at_most=80))
    item = cells.required("description", at_most=200)
    amount = quantity(cells.text("quantity"), "Quantity")
    price = money(cells.text("collected subtotal"), "Collected Subtotal")
    return Line(
        treatment=ReportedTreatment(
            line_key=f"{invoice}|{item}",
            client=ReportedClient(
                remote_id=cells.required("patient_guid", at_most=120),
                full_name=cells.optional("patient", at_most=160),
            ),
            service=item,
            performed_local=local_day(cells.required("purchase date", at_most=40), "Purchase Date"),
            is_voided=(amount or 0) < 0 or (price or 0) < 0,
            quantity=amount,
            price=price,
            provider=cells.optional("practitioner", at_most=120),
        )
    )


PRESET: Final = Preset(
    name="jane_compensation",
    identity_source="jane",
    signatures=(frozenset({"patient_guid", "quantity", "commission rate"}),),
    needed=frozenset({"description", "invoice #", "purchase date"}),
    translate=translate,
)
