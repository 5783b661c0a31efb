"""May a practice send from a number or address that another practice uses already? (R28)"""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from integrations.models import SenderRoute


def taken_senders(
    gateway_key: str, practice_id: UUID, addresses: Collection[str], *, is_operators: bool
) -> frozenset[str]:
    """Return those addresses that are another's at the operator's account: one query, over routes alone.

    At the operator's account a number decides whose the answers are, so nobody gets another's by typing it; the
    operator's own number is shared by all who use that account. With accounts of their own, practices may share one:
    the vendor lets only its owner send from it, and calls back at an address that names the practice. What a
    practice has replaced is free for others.
    """
    operators = set((settings.OPERATOR_GATEWAYS.get(gateway_key) or {}).values())
    wanted = set(addresses) - operators
    rows = SenderRoute.objects.filter(gateway=gateway_key, address__in=wanted, replaced_at=None)
    rows = rows.exclude(practice_id=practice_id)
    if not is_operators:
        rows = rows.filter(is_operators=True)
    taken = frozenset(rows.values_list("address", flat=True))
    return taken if is_operators else taken | (set(addresses) & operators)
