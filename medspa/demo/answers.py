"""What do the demo's clients answer to a message?"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from medspa.demo.playing import Playing
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, MessageKind
from reminders.models import Delivery, Message
from reminders.operations.replies import receive_reply

ANSWERS: Final = (
    "Is it safe while I’m still nursing?",
    "Not right now, maybe in January",
    "Could I come on a Saturday?",
    "yes Tuesday works",
    "Thank you, will do",
    "Do I have to skip my run that day?",
    "I moved to Naperville, is Oak Brook possible?",
)
_LATEST: Final = 40


def answer(practice_id: UUID, playing: Playing, message_id: UUID, text: str) -> None:
    """Will have her answer a message, on the channel that carried it."""
    with practice_scope(practice_id):
        carried = Delivery.objects.filter(message_id=message_id).order_by("channel", "number").first()
        if carried is not None:
            channel, address, now = Channel(carried.channel), carried.to_address, playing.now
            receive_reply(practice_id, channel, address, text, now, now, remote_id=f"answer-{message_id.hex}")


def answer_latest(practice_id: UUID, playing: Playing, texts: Sequence[str]) -> None:
    """Will have the clients who got the latest promotions answer them, one each."""
    with practice_scope(practice_id):
        promotions = Message.objects.filter(
            practice_id=practice_id, kind=MessageKind.PROMOTION.value, sent_at__lte=playing.now
        ).order_by("-decided_at", "-id")
        latest: dict[UUID, UUID] = {}
        for message_id, client_id in promotions.values_list("id", "client_id")[:_LATEST]:
            latest.setdefault(client_id, message_id)
    for message_id, text in zip(latest.values(), texts, strict=False):
        answer(practice_id, playing, message_id, text)
