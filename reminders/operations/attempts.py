"""What is one attempt to hand a message over, and what became of it? (DESIGN.md 5)"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.messaging.base import ChannelName, Meaning, Outgoing
from integrations.queries.accounts import Account
from integrations.queries.attempt_references import refer
from reminders.engine.words import Channel, MessageKind, Reason
from reminders.models import Delivery, Reminder

DECIDED_TOO_LONG_AGO: Final = "Decided too long ago; decided again."
HELD_BACK: Final = "The carrier took no more just then; decided again."
STOPPED: Final = "The worker was stopped before its turn; decided again."
NEVER_ARRIVED: Final = "It never arrived; decided again."
NOT_MADE: Final = frozenset({DECIDED_TOO_LONG_AGO, HELD_BACK, STOPPED, NEVER_ARRIVED})
"""What an attempt says that its gateway never heard of: it is not counted as a try."""
NOT_TRIED_AGAIN: Final = "The message had left by the other channel; this one was not tried again."
"""What such an attempt says instead once nothing will be decided again: neither is this counted as a try."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that is committed and may now be made. `is_last`: nothing open follows in its sequence.

    Of an answer (`is_answer`) there are no reminders behind it; `number` says which try of it this is.
    """

    practice_id: UUID
    delivery_id: UUID
    message_id: UUID
    client_id: UUID
    reminder_ids: tuple[UUID, ...]
    gateway: str
    outgoing: Outgoing
    account: Account | None = None
    is_last: bool = True
    is_answer: bool = False
    number: int = 1

    @property
    def reference(self) -> str:
        """The opaque name under which it travels."""
        return refer(self.practice_id, self.delivery_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `state` is the delivery's."""

    attempt: Attempt
    state: Delivery.State
    remote_id: str = ""
    error: str = ""
    """A sentence for people."""
    code: str = ""
    """The gateway's own word for it."""
    meaning: Meaning | None = None
    retry_at: datetime | None = None
    """From when on it may be made again; None: never, or nobody knows yet."""
    rung: int | None = None
    """Of a try that was made: on which rung of the back-off its wait begins. None: it waits for `retry_at` alone."""
    reason: Reason = Reason.CHANNEL_DOWN
    """What it waits for until then."""
    ask_at: datetime | None = None
    """Of one in doubt: when the gateway is asked about it; None: nobody can be asked."""
    is_account: bool = False
    """The account is at fault."""

    @property
    def is_too_old(self) -> bool:
        """It was not made, because its decision had grown too old by the time its turn came (R32)."""
        return self.error == DECIDED_TOO_LONG_AGO


def channel_name(channel: str) -> ChannelName:
    """Return a channel as gateways call it."""
    return "sms" if channel == Channel.SMS else "email"


def attempts_of(practice_id: UUID, rows: Collection[Delivery], accounts: Iterable[Account] = ()) -> list[Attempt]:
    """Return the attempts that deliveries stand for, in the open scope: one query. `rows` know their messages.

    `accounts`: those that may be needed to ask about them.
    """
    reminders: dict[UUID | None, list[UUID]] = defaultdict(list)
    behind = Reminder.objects.filter(practice_id=practice_id, message_id__any_of={row.message_id for row in rows})
    for message_id, reminder_id in behind.values_list("message_id", "pk"):
        reminders[message_id].append(reminder_id)
    known = {each.id: each for each in accounts}
    return [
        Attempt(
            practice_id=practice_id,
            delivery_id=row.pk,
            message_id=row.message_id,
            client_id=row.client_id,
            reminder_ids=tuple(reminders[row.message_id]),
            gateway=row.gateway,
            outgoing=Outgoing(channel_name(row.channel), row.to_address, row.text, subject=row.subject),
            account=known.get(row.account_id) if row.account_id else None,
            is_answer=row.message.kind == MessageKind.ANSWER,
            number=row.number,
        )
        for row in rows
    ]


def say_not_tried_again(message_ids: Iterable[UUID]) -> None:
    """Will have what was put off of messages that left by another channel say so, in the open scope."""
    wanted = list(message_ids)
    if wanted:
        put_off = Delivery.objects.filter(message_id__any_of=wanted, state=Delivery.State.REFUSED, error__in=NOT_MADE)
        put_off.update(error=NOT_TRIED_AGAIN)


def hold_tries(practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Hold all deliveries of these clients, in the open scope; whoever calls holds the clients.

    For whoever changes their reminders or messages next: what gateways said is recorded without the clients, and
    takes the deliveries first, in this order.
    """
    tries = Delivery.objects.filter(practice_id=practice_id, client_id__any_of=client_ids).order_by("pk")
    list(tries.select_for_update(no_key=True).values_list("pk"))
