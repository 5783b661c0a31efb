"""How does a tick serve every practice that has deliveries due, none at the cost of the others? (DESIGN.md 5)"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from practices.tenancy import across_practices
from reminders.models import Delivery
from reminders.operations.open_gateways import OpenGateways

Clock = Callable[[], datetime]
Serve = Callable[[UUID, OpenGateways, Clock], int]
"""Does some of one practice, by these gateways; returns how many, 0 where there are no more."""


def serve_each(states: Collection[Delivery.State], serve: Serve, clock: Clock, lasts: timedelta) -> int:
    """Will have every practice served that has deliveries in these states due; returns how many were done.

    Practices take turns, one go each, so that much of one delays nobody: each gets a go, and more of them within
    `lasts`. A practice in trouble is left out for this time, and what was wrong is
    raised when the others have had their turns.
    """
    now = clock()
    ends_at = now + lasts
    with across_practices():
        due = Delivery.objects.filter(state__in=states, next_at__lte=now)
        practices = list(due.order_by("practice_id").values_list("practice_id", flat=True).distinct())
    done = 0
    trouble: Exception | None = None
    with OpenGateways() as gateways:
        while practices:
            still = []
            for practice_id in practices:
                try:
                    count = serve(practice_id, gateways, clock)
                except Exception as error:  # noqa: BLE001 - raised below
                    trouble = trouble or error
                    continue
                done += count
                if count:
                    still.append(practice_id)
            practices = still if clock() < ends_at else []
    if trouble is not None:
        raise trouble
    return done
