"""Which practices have webhooks or carriers' callbacks waiting, the longest wait first, and how much waits in all?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from integrations.models import GatewayEvent, InboundEvent
from practices.tenancy import across_practices

WAITING = (InboundEvent.State.RECEIVED, InboundEvent.State.RETRYING)
TO_APPLY = (GatewayEvent.State.RECEIVED, GatewayEvent.State.RETRYING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many callbacks of one sort wait in all practices, and since when the oldest has."""

    number: int
    since: datetime | None


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
    """Return the practices to which carriers told something that is to apply at `now`.

    Those whose clients wrote come first, and of either sort the one that waits longest.
    """
    with across_practices():
        waiting = (
            GatewayEvent.objects.filter(state__in=TO_APPLY, next_attempt_at__lte=now)
            .values("practice_id")
            .annotate(first=Min("kind"), since=Min("next_attempt_at"))
            .order_by("first", "since")
        )
        return [row["practice_id"] for row in waiting]


def callbacks_waiting() -> Mapping[str, Waiting]:
    """Return what waits to be applied in all practices, by kind: "message", "report". No scope may be open."""
    with across_practices():
        rows = GatewayEvent.objects.filter(state__in=TO_APPLY).values_list("kind").order_by("kind")
        found = {kind: Waiting(*counted) for kind, *counted in rows.annotate(Count("pk"), Min("received_at"))}
    return {kind.value: found.get(kind.value, Waiting(0, None)) for kind in GatewayEvent.Kind}
