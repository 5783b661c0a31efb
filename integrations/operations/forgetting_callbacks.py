"""How long is what carriers called back about kept? (REC-5)"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.models import GatewayEvent
from practices.queries.directory import every_practice
from practices.tenancy import practice_scope

KEPT_FOR: Final = timedelta(days=90)
"""Applied callbacks hold clients' words and addresses once more; what matters of them is in replies and deliveries."""
BATCH: Final = 1_000


def forget_callbacks(now: datetime) -> int:
    """Will delete the callbacks that arrived more than 90 days before `now` and were applied; return how many.

    In batches, a short transaction each. What waits, or was set aside for a person to look, stays. A carrier that
    repeated one after that changes nothing: a reply is known by the carrier's id of it, and states only move forward.
    """
    return sum(_forget(practice_id, now - KEPT_FOR) for practice_id in every_practice())


def _forget(practice_id: UUID, before: datetime) -> int:
    deleted = 0
    while True:
        with practice_scope(practice_id):
            old = GatewayEvent.objects.filter(
                practice_id=practice_id, state=GatewayEvent.State.APPLIED, received_at__lt=before
            ).order_by("received_at")
            count, _ = GatewayEvent.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()
        deleted += count
        if count < BATCH:
            return deleted
