"""How is Zenoti's Sales-Cash report understood? (pms.md 1.6)"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.lines import Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import by_table, local_day, money, quantity

# A word of the column Item Type -> whether it was done to the guest, or only sold.
ITEM_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "service": "done",
        "product": "sold",
        "package": "sold",
        "membership": "sold",
        "gift card": "sold",
        "giftcard": "sold",
        "prepaid card": "sold",
        "class": "sold",
        "day package": "sold",
    }
)
# A word of the column Status -> what it means for the line. An open invoice is in a later file again, closed.
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "closed": "counts",
        "open": "unfinished",
        "refunded": "voided",
        "voided": "voided",
        "void": "voided",
        "cancelled": "voided",
        "canceled": "voided",
        "deleted": "voided",
    }
)
# A word of the optional column Sale Type -> the same.
SALE_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"": "counts", "sale": "counts", "charges": "counts", "redemption": "counts", "refund": "voided"}
)


def translate(cells: Cells) -> Line | None:
    """Read one item of one invoice: the quantity and the price without tax of a treatment.

    Two items of one invoice may share a code, so the name is part of the key. A refund, told by its
    type or a negative number, is a line of its own that starts nothing. Products and open invoices: no line.
    """
    invoice = cells.required("invoice no", at_most=60)
    guest = cells.required("guest code", at_most=60)
    item = cells.required("item name", at_most=200)
    kind = by_table(ITEM_TYPES, cells.text("item type") or "service", "Item Type")
    status = by_table(STATUSES, cells.required("status", at_most=40), "Status")
    sale = by_table(SALE_TYPES, cells.text("sale type"), "Sale Type")
    sold_on = local_day(cells.required("sale date", at_most=40), "Sale Date")
    amount = quantity(cells.text("qty"), "Qty")
    price = money(cells.text("sales collected (exc.tax)"), "Sales Collected (Exc.Tax)")
    if kind == "sold" or status == "unfinished":
        return None
    is_refund = sale == "voided" or (amount or 0) < 0 or (price or 0) < 0
    return Line(
        treatment=ReportedTreatment(
            line_key=f"{invoice}|{cells.text('item code')[:40]}|{item}|{sold_on.isoformat()}",
            client=ReportedClient(remote_id=guest, full_name=cells.optional("guest name", at_most=160)),
            service=item,
            performed_local=sold_on,
            is_voided=status == "voided" or is_refund,
            quantity=amount,
            price=price,
            provider=cells.optional("sold by", at_most=120),
            location=cells.optional("center name", at_most=120),
        )
    )


PRESET: Final = Preset(
    name="zenoti_sales_cash",
    identity_source="zenoti",
    signatures=(frozenset({"item name", "qty", "guest code"}),),
    needed=frozenset({"invoice no", "sale date", "status"}),
    translate=translate,
)
