"""Which practices have webhooks waiting, the longest wait first?"""

from datetime import datetime
from uuid import UUID

from django.db.models import Min

from integrations.models import InboundEvent
from practices.tenancy import across_practices

WAITING = (InboundEvent.State.RECEIVED, InboundEvent.State.RETRYING)


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
