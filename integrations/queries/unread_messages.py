"""From whom does a practice have messages that it has not read yet? (R32)"""

from uuid import UUID

from integrations.models import GatewayEvent
from integrations.queries.waiting import TO_APPLY


def unread_senders(practice_id: UUID) -> set[tuple[str, str]]:
    """Return channel and sender, as the carrier wrote them, of every message that is stored but not applied.

    One query of a partial index, in the open scope, which seldom finds any: each may be a stop, and was acknowledged.
    None of them is ever set aside, but where its sender was erased.
    """
    messages = GatewayEvent.objects.filter(practice_id=practice_id, kind=GatewayEvent.Kind.MESSAGE, state__in=TO_APPLY)
    senders = messages.values_list("told__channel", "told__from_address")
    return {(channel, sender) for channel, sender in senders if channel and sender}
