"""Which clients of a practice are due, and what is committed for them before any gateway is called? (R32)"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from integrations.messaging.base import Outgoing
from practices.operations.rows import insert_rows
from practices.tenancy import practice_scope
from reminders.engine.claim import Claim, Claimed, claim
from reminders.engine.values import Ref
from reminders.engine.words import OPEN_STATES, Channel, MessageKind, SequenceKind
from reminders.models import ClientPlan, Delivery, Message, Reminder
from reminders.operations.bound import bound
from reminders.operations.composing import Composed
from reminders.operations.facts import Gathered, gather
from reminders.operations.persisting import Writing
from reminders.operations.planning import lock_clients
from reminders.operations.sharing import OnePerAddress, held
from reminders.operations.speaking import Speaker

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
    "remote_id",
    "error",
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that is committed and may now be made. `is_last`: nothing open follows in its sequence."""

    delivery_id: UUID
    message_id: UUID
    client_id: UUID
    reminder_ids: tuple[UUID, ...]
    gateway: str
    outgoing: Outgoing
    is_last: bool


@dataclass(slots=True)
class Batch:
    """What one transaction claimed. `clients` counts those it decided on, with or without an attempt."""

    practice_id: UUID
    decided_at: datetime
    clients: int = 0
    attempts: list[Attempt] = field(default_factory=list)


def claim_batch(practice_id: UUID, now: datetime, most: int) -> Batch:
    """Decide on up to `most` due clients of one practice and commit an attempt for each message.

    Clients whose rows others hold are left to them. Facts, decision and attempt are one transaction.
    """
    batch = Batch(practice_id, now)
    with practice_scope(practice_id):
        locked = lock_clients(practice_id, due_clients(practice_id, now, most), skip_locked=True)
        if not locked:
            return batch
        known = bound(practice_id, now)
        writing = Writing(known)
        speaker = Speaker(known)
        outbound = _Outbound(batch, speaker)
        promoted = OnePerAddress(now)
        decided = held(known, gather(known, locked, now), now)
        for gathered in decided.values():
            result = claim(promoted.facts(gathered), known.policy, now)
            promoted.note(gathered, result.claimed)
            rows = writing.add(gathered, result.plan)
            writing.message_ids |= outbound.add(gathered, result, rows)
        outbound.save()
        writing.save(now)
        batch.clients = len(decided)
    return batch


def due_clients(practice_id: UUID, now: datetime, most: int) -> list[UUID]:
    """Return up to `most` clients with a reminder to decide or a plan to make again, the longest due first."""
    due = (
        Reminder.objects.filter(
            practice_id=practice_id, state__in=[state.value for state in OPEN_STATES], due_at__lte=now
        )
        .order_by("due_at")
        .values_list("client_id", flat=True)[: most * 2]
    )
    found = list(dict.fromkeys(due))[:most]
    if len(found) < most:
        replans = (
            ClientPlan.objects.filter(practice_id=practice_id, replan_at__lte=now)
            .order_by("replan_at")
            .values_list("client_id", flat=True)[: most - len(found)]
        )
        found = list(dict.fromkeys([*found, *replans]))
    return found


@dataclass(slots=True)
class _Outbound:
    """The rows of messages and deliveries that a batch commits before anything is sent."""

    batch: Batch
    speaker: Speaker
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    deliveries: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, gathered: Gathered, result: Claim, rows: dict[Ref, UUID]) -> dict[UUID, UUID]:
        """Note what leaves for one client. Returns the message of each reminder that does."""
        message_ids: dict[UUID, UUID] = {}
        opened = {each.key: any(r.is_open for r in each.reminders) for each in result.plan.sequences}
        for claimed in result.claimed:
            said = self.speaker.say(claimed, gathered, self.batch.decided_at)
            message_id = uuid7()
            self.messages.append(self._message(message_id, gathered, claimed))
            refs = (claimed.ref, *claimed.send.joined)
            reminder_ids = tuple(rows[ref] for ref in refs)
            message_ids |= dict.fromkeys(reminder_ids, message_id)
            is_last = claimed.sequence.kind is SequenceKind.REACTIVATION or not all(
                opened[ref.sequence] for ref in refs
            )
            for channel, composed in said.items():
                self._attempt(message_id, gathered, channel, composed, reminder_ids, is_last=is_last)
        return message_ids

    def save(self) -> None:
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
        practice = self.speaker.bound.practice
        is_sms = channel is Channel.SMS
        outgoing = Outgoing(
            channel="sms" if is_sms else "email",
            to=gathered.client.phone if is_sms else gathered.client.email,
            text=composed.text,
            from_name=composed.from_name,
            subject=composed.subject,
            html=composed.html,
            headers=composed.headers,
        )
        gateway = practice.sms_gateway if is_sms else practice.email_gateway
        delivery_id = uuid7()
        self.deliveries.append(
            (
                delivery_id,
                self.batch.practice_id,
                message_id,
                gathered.client.id,
                channel.value,
                gateway,
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
                "",
                "",
            )
        )
        self.batch.attempts.append(
            Attempt(delivery_id, message_id, gathered.client.id, reminder_ids, gateway, outgoing, is_last)
        )
