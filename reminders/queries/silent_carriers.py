"""Through which carriers does much leave of which nothing was ever reported back? (CHN-2)"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.messaging.registry import GATEWAYS
from reminders.models import Delivery

_LOOKED_BACK: Final = timedelta(days=7)
_HEARD_WITHIN: Final = timedelta(hours=1)
"""Carriers report within minutes; what left less than an hour ago says nothing yet."""
_MOST: Final = 200
_TAKEN: Final = frozenset({Delivery.State.ACCEPTED, Delivery.State.DELIVERED, Delivery.State.UNDELIVERED})


def silent_carriers(practice_id: UUID, now: datetime) -> frozenset[str]:
    """Return the gateways that report deliveries, but reported none of the last messages that they took.

    In the open scope: one query, which reads at most the last 200 messages of a week by their index.
    """
    recent = (
        Delivery.objects.filter(
            practice_id=practice_id,
            attempted_at__gt=now - _LOOKED_BACK,
            attempted_at__lte=now - _HEARD_WITHIN,
            state__in=[each.value for each in _TAKEN],
        )
        .order_by("-attempted_at")
        .values_list("gateway", "state")[:_MOST]
    )
    states: dict[str, set[str]] = defaultdict(set)
    for gateway, state in recent:
        states[gateway].add(state)
    reporting = {key for key, kind in GATEWAYS.items() if kind.capabilities.reports_delivery}
    return frozenset(key for key in reporting if states[key] == {Delivery.State.ACCEPTED.value})
