"""Which rows are committed for the messages of a batch before any of them leaves? (DESIGN.md 5)"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from integrations.messaging.base import Outgoing
from practices.operations.rows import insert_rows
from reminders.engine.claim import Claim, Claimed
from reminders.engine.values import Ref
from reminders.engine.words import Channel, MessageKind, SequenceKind
from reminders.models import Delivery, Message
from reminders.operations.attempts import Attempt, channel_name
from reminders.operations.composing import Composed
from reminders.operations.facts import Gathered
from reminders.operations.speaking import Speaker
from reminders.operations.tracked_links import Said, keep
from reminders.operations.turns import Turns

ASKED_AFTER: Final = timedelta(seconds=60)
"""Before that nobody asks what became of an attempt: vendors list a message late (messaging.md 1.13)."""

MESSAGE = ("id", "practice_id", "client_id", "kind", "touchpoint", "provider_id", "decided_at", "is_void")
DELIVERY = (
    "id",
    "practice_id",
    "message_id",
    "client_id",
    "channel",
    "gateway",
    "number",
    "to_address",
    "from_name",
    "subject",
    "text",
    "html",
    "headers",
    "template_version_id",
    "state",
    "attempted_at",
    "next_at",
    "account_id",
    "remote_id",
    "error",
)


@dataclass(slots=True)
class Batch:
    """What one transaction claimed. `clients` counts those it decided on, with or without an attempt."""

    practice_id: UUID
    decided_at: datetime
    clients: int = 0
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(slots=True)
class Outbound:
    """The rows of messages and deliveries that a batch commits before anything is sent."""

    batch: Batch
    speaker: Speaker
    turns: Turns
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    deliveries: list[tuple[Any, ...]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    leaving: list[tuple[UUID, Gathered, tuple[UUID, ...], bool]] = field(default_factory=list)
    """Of each that is said: its message, its client, its reminders, and whether nothing open follows."""

    def add(self, gathered: Gathered, result: Claim, rows: dict[Ref, UUID]) -> dict[UUID, UUID]:
        """Note what leaves for one client. Returns the message of each reminder that does."""
        message_ids: dict[UUID, UUID] = {}
        opened = {each.key: any(r.is_open for r in each.reminders) for each in result.plan.sequences}
        for claimed in result.claimed:
            refs = (claimed.ref, *claimed.send.joined)
            reminder_ids = tuple(rows[ref] for ref in refs)
            said = self.speaker.say(claimed, gathered, self.batch.decided_at, reminder_ids[0])
            message_id = uuid7()
            self.messages.append(self._message(message_id, gathered, claimed))
            message_ids |= dict.fromkeys(reminder_ids, message_id)
            is_last = claimed.sequence.kind is SequenceKind.REACTIVATION or not all(
                opened[ref.sequence] for ref in refs
            )
            self.turns.leave(said)
            for channel, composed in said.items():
                self.said.append(Said(gathered.client.id, reminder_ids[0], channel, composed))
                self.leaving.append((message_id, gathered, reminder_ids, is_last))
        return message_ids

    def save(self) -> None:
        """Write them, with the links that they carry."""
        kept = keep(self.batch.practice_id, self.said, self.batch.decided_at)
        for each, composed, (message_id, gathered, reminder_ids, is_last) in zip(
            self.said, kept, self.leaving, strict=True
        ):
            self._attempt(message_id, gathered, each.channel, composed, reminder_ids, is_last=is_last)
        insert_rows(Message, MESSAGE, self.messages)
        insert_rows(Delivery, DELIVERY, self.deliveries)

    def _message(self, message_id: UUID, gathered: Gathered, claimed: Claimed) -> tuple[Any, ...]:
        is_confirmation = claimed.sequence.kind is SequenceKind.CONFIRMATION
        kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
        return (
            message_id,
            self.batch.practice_id,
            gathered.client.id,
            kind.value,
            claimed.send.touchpoint.value,
            UUID(claimed.send.provider) if claimed.send.provider else None,
            self.batch.decided_at,
            False,
        )

    def _attempt(
        self,
        message_id: UUID,
        gathered: Gathered,
        channel: Channel,
        composed: Composed,
        reminder_ids: tuple[UUID, ...],
        *,
        is_last: bool,
    ) -> None:
        lane = self.turns.lanes[channel]
        is_sms = channel is Channel.SMS
        outgoing = Outgoing(
            channel=channel_name(channel),
            to=gathered.client.phone if is_sms else gathered.client.email,
            text=composed.text,
            from_name=composed.from_name,
            subject=composed.subject,
            html=composed.html,
            headers=composed.headers,
        )
        delivery_id = uuid7()
        self.deliveries.append(
            (
                delivery_id,
                self.batch.practice_id,
                message_id,
                gathered.client.id,
                channel.value,
                lane.gateway,
                1,
                outgoing.to,
                outgoing.from_name,
                outgoing.subject,
                outgoing.text,
                outgoing.html,
                dict(outgoing.headers),
                composed.template_version_id,
                Delivery.State.ATTEMPTED.value,
                self.batch.decided_at,
                self.batch.decided_at + ASKED_AFTER,
                lane.account.id if lane.account else None,
                "",
                "",
            )
        )
        self.batch.attempts.append(
            Attempt(
                practice_id=self.batch.practice_id,
                delivery_id=delivery_id,
                message_id=message_id,
                client_id=gathered.client.id,
                reminder_ids=reminder_ids,
                gateway=lane.gateway,
                outgoing=outgoing,
                account=lane.account,
                is_last=is_last,
            )
        )
