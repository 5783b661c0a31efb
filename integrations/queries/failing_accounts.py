"""Which accounts does a vendor refuse, over all practices? (crosses practices: whose turn it is, metrics)"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F

from integrations.models import GatewayAccount
from practices.tenancy import across_practices

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Failing:
    """One account that fails; its practice's scope is opened to look further."""

    account_id: UUID
    practice_id: UUID
    gateway: str
    failing_since: datetime
    checked_at: datetime | None


def failing_accounts(most: int = MOST) -> tuple[Failing, ...]:
    """Return accounts that fail, those that were not tried for longest first. No scope may be open."""
    with across_practices():
        rows = GatewayAccount.objects.filter(failing_since__isnull=False, is_active=True)
        ordered = rows.order_by(F("checked_at").asc(nulls_first=True), "pk")
        return tuple(
            Failing(row.pk, row.practice_id, row.gateway, row.failing_since, row.checked_at)
            for row in ordered[:most]
            if row.failing_since is not None
        )


def failing_by_gateway() -> Counter[str]:
    """Return how many accounts fail at each gateway. No scope may be open."""
    with across_practices():
        rows = GatewayAccount.objects.filter(failing_since__isnull=False, is_active=True).values_list("gateway")
        return Counter(dict(rows.annotate(number=Count("pk")).order_by("gateway")))
