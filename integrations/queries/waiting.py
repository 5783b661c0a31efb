"""Which practices have webhooks or carriers' callbacks waiting, the longest wait first?"""

from datetime import datetime
from uuid import UUID

from django.db.models import Min

from integrations.models import GatewayEvent, InboundEvent
from practices.tenancy import across_practices

WAITING = (InboundEvent.State.RECEIVED, InboundEvent.State.RETRYING)
TO_APPLY = (GatewayEvent.State.RECEIVED, GatewayEvent.State.RETRYING)


def practices_waiting(now: datetime) -> list[UUID]:
    """Return the practices that have events to apply at `now`, the one that waits longest first."""
    with across_practices():
        waiting = (
            InboundEvent.objects.filter(state__in=WAITING, next_attempt_at__lte=now)
            .values("practice_id")
            .annotate(since=Min("next_attempt_at"))
            .order_by("since")
        )
        return [row["practice_id"] for row in waiting]


def practices_with_callbacks(now: datetime) -> list[UUID]:
    """Return the practices of which carriers reported something that is to apply at `now`, the longest wait first."""
    with across_practices():
        waiting = (
            GatewayEvent.objects.filter(state__in=TO_APPLY, next_attempt_at__lte=now)
            .values("practice_id")
            .annotate(since=Min("next_attempt_at"))
            .order_by("since")
        )
        return [row["practice_id"] for row in waiting]
