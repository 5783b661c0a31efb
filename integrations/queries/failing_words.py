"""What did clients write that cannot be read in? It may be a stop, so a person is shown it. (CHN-4, OPT-1)"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import GatewayEvent

FAILING_AFTER: Final = timedelta(minutes=5)
"""Three tries are made before that: a database that was away for a moment alarms nobody."""


@dataclass(frozen=True, slots=True)
class FailingWords:
    """A client's message as the carrier brought it. `is_text`: from a phone, else from an email address."""

    is_text: bool
    from_address: str
    text: str
    received_at: datetime


def failing_words(practice_id: UUID, now: datetime) -> QuerySet[GatewayEvent]:
    """Return the messages of clients that have failed to be applied for some minutes, from a partial index."""
    return GatewayEvent.objects.filter(
        practice_id=practice_id,
        state=GatewayEvent.State.RETRYING,
        kind=GatewayEvent.Kind.MESSAGE,
        received_at__lte=now - FAILING_AFTER,
    )


def oldest_failing(practice_id: UUID, now: datetime, most: int) -> tuple[FailingWords, ...]:
    """Return what the oldest of them say, in the open scope: one query."""
    rows = failing_words(practice_id, now).order_by("received_at", "pk").values_list("told", "received_at")[:most]
    return tuple(
        FailingWords(
            told.get("channel") != "email", str(told.get("from_address", "")), str(told.get("text", "")), received_at
        )
        for told, received_at in rows
    )
