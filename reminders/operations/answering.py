"""How does an answer to a client get under way: an opt-out's confirmation, help, what staff wrote? (CHN-4, OPT-1)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from integrations.webhooks.nudge import Nudger
from practices.models import Practice
from reminders.engine.words import Channel, MessageKind, Touchpoint
from reminders.models import Delivery, Message
from reminders.operations.sending_answers import send_answers

__all__ = ["TASK", "queue_answer", "send_answers"]

TASK: Final = "reminders.tasks.send_answers"

_nudger: Final = Nudger(TASK)


def queue_answer(
    practice_id: UUID,
    client_id: UUID,
    channel: Channel,
    to_address: str,
    text: str,
    now: datetime,
    *,
    touchpoint: Touchpoint,
    valid_until: datetime | None = None,
    reply_id: UUID | None = None,
    written_by_id: UUID | None = None,
    subject: str = "",
    html: str = "",
    headers: Mapping[str, str] | None = None,
    from_name: str = "",
    template_version_id: UUID | None = None,
) -> Message:
    """Will have an answer leave within moments after the commit, at any hour (RULES.md, kinds of message: answer).

    Whether it may leave is decided again just before it does (`sending_answers`): a stop that came in between ends
    it, except the confirmation of the stop itself; after `valid_until` it does not leave. Runs in the practice's
    open scope; whoever queues holds the client's row. `text` is said exactly as it is given, to `to_address`.
    `from_name` empty: the practice's name.
    """
    practice = Practice.objects.get(pk=practice_id)
    message = Message.objects.create(
        practice_id=practice_id,
        client_id=client_id,
        kind=MessageKind.ANSWER.value,
        touchpoint=touchpoint.value,
        written_by_id=written_by_id,
        answers_id=reply_id,
        decided_at=now,
    )
    Delivery.objects.create(
        practice_id=practice_id,
        message=message,
        client_id=client_id,
        channel=channel.value,
        gateway=practice.sms_gateway if channel is Channel.SMS else practice.email_gateway,
        to_address=to_address,
        from_name=from_name or practice.name[:120],
        subject=subject,
        text=text,
        html=html,
        headers=dict(headers or {}),
        template_version_id=template_version_id,
        state=Delivery.State.READY,
        attempted_at=now,
        next_at=now,
        valid_until=valid_until,
    )
    transaction.on_commit(_nudger.nudge)
    return message
