"""How long is what carriers called back about kept? (REC-5)"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from integrations.models import GatewayEvent
from integrations.operations.applying_callbacks import NOT_OURS
from practices.queries.directory import every_practice
from practices.tenancy import practice_scope

State = GatewayEvent.State
KEPT_FOR: Final = timedelta(days=90)
"""Applied callbacks hold clients' words and addresses once more; what matters of them is in replies and deliveries."""
BATCH: Final = 1_000


def forget_callbacks(now: datetime) -> int:
    """Will delete the callbacks that arrived more than 90 days before `now` and were applied; return how many.

    Also those that spoke of no message of ours: nobody has to look at them. In batches, a short transaction each.
    What waits, or was set aside for a person to look, stays. A carrier that
    repeated one after that changes nothing: a reply is known by the carrier's id of it, and states only move forward.
    """
    return sum(_forget(practice_id, now - KEPT_FOR) for practice_id in every_practice())


def _forget(practice_id: UUID, before: datetime) -> int:
    deleted = 0
    while True:
        with practice_scope(practice_id):
            done = Q(state=State.APPLIED) | Q(state=State.SET_ASIDE, reason=NOT_OURS)
            old = GatewayEvent.objects.filter(done, practice_id=practice_id, received_at__lt=before)
            first = old.order_by("received_at").values("pk")[:BATCH]
            count, _ = GatewayEvent.objects.filter(pk__in=first).delete()
        deleted += count
        if count < BATCH:
            return deleted
