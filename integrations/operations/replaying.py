"""How is an event applied once more, after what stood in its way was put right?"""

from datetime import datetime
from uuid import UUID

from integrations.models import InboundEvent
from integrations.queries.waiting import WAITING
from practices.tenancy import practice_scope


def replay(practice_id: UUID, event_id: UUID, now: datetime) -> None:
    """Will have an event applied again from its first try, whatever became of it (INT-3).

    Harmless for one that was applied: the same events in any number give the same records (R13).
    One that waits already is only brought forward.

    Raises:
        LookupError: the practice has no such event.
    """
    with practice_scope(practice_id):
        event = InboundEvent.objects.select_for_update().filter(practice_id=practice_id, pk=event_id).first()
        if event is None:
            raise LookupError(str(event_id))
        if event.state not in WAITING:
            event.state = InboundEvent.State.RECEIVED
            event.attempts = 0
        event.next_attempt_at = now
        event.reason = ""
        event.save(update_fields=["state", "attempts", "next_attempt_at", "reason"])
