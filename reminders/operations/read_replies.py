"""What have these clients answered, by words or a click, and what has nobody looked after yet? (R25, R27)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from reminders.engine.words import Channel, SequenceKind
from reminders.models import Reply, TrackedLink
from reminders.operations.reading import Held


def read_replies(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read the replies in one query, the links opened in another; `read_sequences` comes first.

    Any reply that nobody handled holds promotion (R27); one that may be an opt-out holds texts as well (OPT-1).
    "Answered" are the channels of the replies, and of the booking links that were opened, since the oldest refill
    sequence that still runs began (R25, LIB-4).
    """
    replies = Reply.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
    for client_id, channel, received_at, handled_at, intent in replies.values_list(
        "client_id", "channel", "received_at", "handled_at", "intent"
    ):
        one = held[client_id]
        if handled_at is None:
            one.has_unanswered_reply = True
            one.has_unclear_reply = one.has_unclear_reply or intent == Reply.Intent.UNSURE
        since = _began(one)
        if since is not None and received_at >= since:
            one.answered |= {Channel(channel)}
    _read_clicks(held, practice_id, client_ids)


def _read_clicks(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    running = {client_id: since for client_id in client_ids if (since := _began(held[client_id])) is not None}
    if not running:
        return
    opened = TrackedLink.objects.filter(practice_id=practice_id, client_id__any_of=running, times_opened__gt=0)
    for client_id, channel, opened_at in opened.values_list("client_id", "channel", "last_opened_at"):
        if opened_at is not None and opened_at >= running[client_id]:
            held[client_id].answered |= {Channel(channel)}


def _began(one: Held) -> datetime | None:
    running = [each.opened_at for each in one.sequences if each.is_live and each.kind is SequenceKind.REFILL]
    return min(running, default=None)
