"""On which channels would coming reminders leave as things stand, and what would keep them? (R25, SEQ-12)"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cadences.timeline import Cadence, ChannelRule
from clients.models import Client
from clients.queries.permissions import Permission, permissions_of
from reminders.engine.channels import open_channels
from reminders.engine.values import Facts, Person, Policy, Treated
from reminders.engine.words import Channel, MessageKind, Reason, SequenceKind
from reminders.models import Reminder, Sequence
from reminders.queries.permitted import permitted

_NOTHING_IS_DOWN: Final = Policy(time_zone="UTC", cadences={})


@dataclass(frozen=True, slots=True)
class Ahead:
    """The channels it would leave on; where there is none, what it would wait for."""

    channels: tuple[Channel, ...]
    reason: Reason | None = None


def channels_ahead(
    practice_id: UUID, reminders: Collection[Reminder], cadences: Mapping[UUID, Cadence]
) -> Mapping[UUID, Ahead]:
    """Return it for each reminder (with its client and sequence read): as many queries for a page of them as for one.

    `cadences`: version -> cadence. What only the moment of leaving knows, an answer say, is left to it.
    """
    permissions = permissions_of(practice_id, {each.client_id for each in reminders})
    found = {}
    for each in reminders:
        facts = _facts(each.client, each.sequence, permissions[each.client_id])
        is_confirmation = each.sequence.kind == SequenceKind.CONFIRMATION
        kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
        channels, closed = open_channels(_rule(each, cadences), kind, facts, _NOTHING_IS_DOWN)
        found[each.pk] = Ahead(channels, None if channels else closed)
    return found


def _rule(reminder: Reminder, cadences: Mapping[UUID, Cadence]) -> ChannelRule:
    version_id = reminder.sequence.cadence_version_id
    cadence = cadences.get(version_id) if version_id else None
    steps = cadence.steps if cadence else ()
    return next((step.channel_rule for step in steps if step.key == reminder.step), ChannelRule.PREFERENCE)


def _facts(client: Client, sequence: Sequence, allowed: Permission) -> Facts:
    """What the channels' rules look at. A promotion follows a treatment: the relationship that email needs."""
    followed = Treated(
        id=str(sequence.treatment_id),
        treatment_type="",
        performed_on=sequence.day_zero or sequence.opened_at.date(),
        recorded_at=sequence.opened_at,
    )
    return Facts(
        person=Person(
            id=str(client.pk),
            home_zone="UTC",
            zones=("UTC",),
            phone=client.phone,
            email=client.email,
            preference=client.preferred_channel,
            phone_shared_by=allowed.phone_shared_by,
            email_shared_by=allowed.email_shared_by,
        ),
        permissions=permitted(allowed),
        treatments=(followed,),
    )
