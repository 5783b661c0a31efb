"""What have these clients answered, and what of it has nobody looked after yet? (R25, R27)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from reminders.engine.words import Channel, SequenceKind
from reminders.models import Reply
from reminders.operations.reading import Held


def read_replies(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read the replies in one query; `read_sequences` comes first.

    Any reply that nobody handled holds promotion (R27). "Answered" are the channels of the replies since the
    oldest refill sequence that still runs began (R25).
    """
    replies = Reply.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
    for client_id, channel, received_at, handled_at in replies.values_list(
        "client_id", "channel", "received_at", "handled_at"
    ):
        one = held[client_id]
        one.has_unanswered_reply = one.has_unanswered_reply or handled_at is None
        since = _began(one)
        if since is not None and received_at >= since:
            one.answered |= {Channel(channel)}


def _began(one: Held) -> datetime | None:
    running = [each.opened_at for each in one.sequences if each.is_live and each.kind is SequenceKind.REFILL]
    return min(running, default=None)
