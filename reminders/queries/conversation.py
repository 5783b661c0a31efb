"""What was said to and fro with one client, at the address that a reply came from? (CHN-4)"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from reminders.models import Delivery, Reply

MOST: Final = 30
"""So many of the newest, of each side."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The deliveries to an address and the replies from there, each the oldest first."""

    deliveries: tuple[Delivery, ...]
    replies: tuple[Reply, ...]
    is_cut: bool
    """There is more than is shown."""


def conversation_of(practice_id: UUID, reply: Reply, but_for: Collection[str]) -> Conversation:
    """Return the newest of what was said there on the reply's channel: two queries, one of a sender nobody knows.

    `but_for`: what a delivery says of itself that never was said.
    """
    there = Reply.objects.filter(practice_id=practice_id, channel=reply.channel, from_address=reply.from_address)
    hers = there.filter(client=reply.client_id) if reply.client_id else there.filter(client=None)
    said = list(hers.select_related("handled_by__person").order_by("-received_at", "-pk")[: MOST + 1])
    sent: list[Delivery] = []
    if reply.client_id is not None:
        sent = list(
            Delivery.objects.filter(
                practice_id=practice_id,
                client_id=reply.client_id,
                channel=reply.channel,
                to_address=reply.from_address,
            )
            .exclude(error__in=but_for)
            .select_related("message__written_by__person")
            .defer("html", "headers")
            .order_by("-attempted_at", "-pk")[: MOST + 1]
        )
    is_cut = len(said) > MOST or len(sent) > MOST
    return Conversation(tuple(reversed(sent[:MOST])), tuple(reversed(said[:MOST])), is_cut)


def was_answered_with(practice_id: UUID, reply_id: UUID, staff_member_id: UUID, text: str) -> bool:
    """Return whether this person answered this very reply with this exact text."""
    mine = Delivery.objects.filter(practice_id=practice_id, message__answers=reply_id, text=text)
    return mine.filter(message__written_by=staff_member_id).exists()
