"""Which rows are committed for the messages of a batch before any of them leaves? (DESIGN.md 5)"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from integrations.messaging.base import Outgoing
from integrations.messaging.registry import carries_html
from practices.operations.rows import insert_rows
from reminders.engine.claim import Claim, Claimed
from reminders.engine.values import Ref
from reminders.engine.words import Channel, MessageKind, SequenceKind
from reminders.models import Delivery, Message
from reminders.operations.attempts import Attempt, channel_name
from reminders.operations.composing import Composed
from reminders.operations.facts import Gathered
from reminders.operations.handing_over import DECISION_HOLDS
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


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What one message is for. `is_last`: nothing open follows in its sequence; `leaves_by`: its window closes then."""

    message_id: UUID
    gathered: Gathered
    reminder_ids: tuple[UUID, ...]
    is_last: bool
    leaves_by: datetime | None


@dataclass(slots=True)
class Outbound:
    """The rows of messages and deliveries that a batch commits before anything is sent."""

    batch: Batch
    speaker: Speaker
    turns: Turns
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    deliveries: list[tuple[Any, ...]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    leaving: list[_Leaving] = field(default_factory=list)

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
                self.leaving.append(_Leaving(message_id, gathered, reminder_ids, is_last, claimed.send.leaves_by))
        return message_ids

    def save(self) -> None:
        """Write them, with the links that they carry."""
        kept = keep(self.batch.practice_id, self.said, self.batch.decided_at)
        for each, composed, leaving in zip(self.said, kept, self.leaving, strict=True):
            self._attempt(leaving, each.channel, composed)
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

    def _attempt(self, leaving: _Leaving, channel: Channel, composed: Composed) -> None:
        client = leaving.gathered.client
        lane = self.turns.lanes[channel]
        is_sms = channel is Channel.SMS
        has_html = carries_html(lane.gateway)
        outgoing = Outgoing(
            channel=channel_name(channel),
            to=client.phone if is_sms else client.email,
            text=composed.text,
            from_name=composed.from_name,
            subject=composed.subject,
            html=composed.html if has_html else "",
            headers=composed.headers if has_html else {},
            leave_within=self._seconds_until(leaving.leaves_by),
        )
        delivery_id = uuid7()
        self.deliveries.append(
            (
                delivery_id,
                self.batch.practice_id,
                leaving.message_id,
                client.id,
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
                message_id=leaving.message_id,
                client_id=client.id,
                reminder_ids=leaving.reminder_ids,
                gateway=lane.gateway,
                outgoing=outgoing,
                account=lane.account,
                is_last=leaving.is_last,
            )
        )

    def _seconds_until(self, leaves_by: datetime | None) -> int | None:
        """For how long the carrier may still hold it, counted from when it is called at the latest (R32)."""
        if leaves_by is None:
            return None
        return max(int((leaves_by - self.batch.decided_at - DECISION_HOLDS).total_seconds()), 0)
