"""From which phones and emails is there a message that nobody has read yet? Each may be a stop. (R32)"""

from uuid import UUID

from integrations.queries.unread_messages import unread_senders
from reminders.engine.words import Channel
from reminders.operations.whose_reply import normalized


def unread_addresses(practice_id: UUID) -> frozenset[tuple[str, str]]:
    """Return channel and address, as replies keep it, of what was stored for a practice and is not applied yet.

    One query, in the open scope.
    """
    senders = {(channel, normalized(Channel(channel), sender)) for channel, sender in unread_senders(practice_id)}
    return frozenset((channel, address) for channel, address in senders if address)
