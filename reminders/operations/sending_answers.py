"""How do answers leave? (CHN-4, OPT-1) As every message: the attempt is committed first, then the gateway is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from clients.models import Client
from integrations.messaging.base import Outgoing
from integrations.messaging.registry import UnknownGateway, carries_html
from integrations.operations import pacing
from integrations.queries.accounts import Account, account_of, needs_account
from practices.models import Practice
from practices.operations.rows import update_rows
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery, Message
from reminders.operations.answers_allowed import barred_answers
from reminders.operations.attempts import NOT_MADE, Attempt, channel_name
from reminders.operations.handing_over import hand_over
from reminders.operations.heeding_rates import heed_rates
from reminders.operations.noting import note_outcomes
from reminders.operations.open_gateways import OpenGateways
from reminders.operations.outbound import ASKED_AFTER
from reminders.operations.reopening_unanswered import reopen_unanswered
from reminders.operations.serving_practices import serve_each
from reminders.operations.unread_addresses import unread_addresses

BATCH: Final = 20
"""So few that none waits longer for its call than its decision holds (R32)."""
TICK_LASTS: Final = timedelta(seconds=20)
CLOSED_FOR: Final = timedelta(minutes=1)
"""How long an answer waits for a gateway that takes nothing now."""
UNREAD_FOR: Final = timedelta(seconds=5)
"""How long an answer waits while a message from there is not read: it may be a stop."""
_CLAIMED: Final = ("id", "state", "gateway", "account_id", "attempted_at", "next_at", "number")
_REFUSED: Final = ("id", "state", "settled_at", "next_at", "error")


def send_answers(clock: Callable[[], datetime]) -> int:
    """Will send the answers whose moment has come; returns how many it decided on.

    Any number of workers may do so at once. A practice in trouble is left out for this time, and what was wrong is
    raised when the others have had their turns.
    """
    return serve_each((Delivery.State.READY,), _send_some, clock, TICK_LASTS)


@dataclass(slots=True)
class _Gate:
    """Where the answers of a practice on one channel leave, and how many may now."""

    gateway: str
    account: Account | None = None
    is_open: bool = True
    taken: int = 0
    left: int = 0
    next_at: datetime | None = None


@dataclass(slots=True)
class _Claim:
    """What one transaction decided: what leaves, what does not, what waits."""

    attempts: list[Attempt] = field(default_factory=list)
    claimed: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[tuple[Any, ...]] = field(default_factory=list)
    waiting: list[tuple[UUID, datetime]] = field(default_factory=list)
    void: list[UUID] = field(default_factory=list)
    plain: list[UUID] = field(default_factory=list)
    """Emails that leave as their text alone, though another carrier was foreseen for them."""

    @property
    def count(self) -> int:
        """How many answers were decided on."""
        return len(self.claimed) + len(self.refused) + len(self.waiting)

    def save(self) -> None:
        """Write it, in the transaction that decided."""
        update_rows(Delivery, _CLAIMED, self.claimed)
        update_rows(Delivery, _REFUSED, self.refused)
        update_rows(Delivery, ("id", "next_at"), self.waiting)
        Message.objects.filter(pk__any_of=self.void).update(is_void=True)
        if self.plain:
            Delivery.objects.filter(pk__any_of=self.plain).update(html="", headers={})


def _send_some(practice_id: UUID, gateways: OpenGateways, clock: Callable[[], datetime]) -> int:
    now = clock()
    with practice_scope(practice_id):
        due = list(
            Delivery.objects.filter(practice_id=practice_id, state=Delivery.State.READY, next_at__lte=now)
            .order_by("next_at", "pk")
            .values_list("pk", "client_id", "channel")[:BATCH]
        )
        gates = _gates(practice_id, {channel for _, _, channel in due})
    _take_turns(gates, [channel for _, _, channel in due], now)
    with practice_scope(practice_id):
        claim = _decide(practice_id, {pk: client_id for pk, client_id, _ in due}, gates, now)
        claim.save()
        reopen_unanswered(practice_id, claim.void, now)
    for gate in gates.values():
        if gate.account is not None and gate.account.sends_per_second is not None:
            pacing.give_back(gate.account.pace_key, gate.left)
    handed = hand_over(claim.attempts, now, clock, gateways)
    note_outcomes(practice_id, handed.outcomes, clock)
    heed_rates(handed.outcomes, clock())
    if handed.stopped_by is not None:
        raise handed.stopped_by
    return claim.count


def _gates(practice_id: UUID, channels: set[str]) -> dict[str, _Gate]:
    """The gateways that the practice uses now: an answer that waited leaves through today's."""
    sms, email = Practice.objects.values_list("sms_gateway", "email_gateway").get(pk=practice_id)
    gates = {}
    for channel in channels:
        gate = _Gate(sms if channel == Channel.SMS else email)
        try:
            if needs_account(gate.gateway):
                gate.account = account_of(practice_id, gate.gateway)
                gate.is_open = gate.account is not None and not gate.account.is_failing
        except UnknownGateway:
            gate.is_open = False
        gates[channel] = gate
    return gates


def _take_turns(gates: Mapping[str, _Gate], channels: list[str], now: datetime) -> None:
    """Answers share the pace of their account, ahead of reminders (CHN-3)."""
    for channel, gate in gates.items():
        wanted = channels.count(channel)
        if gate.account is None:
            gate.taken = gate.left = wanted
        elif gate.is_open:
            turns = pacing.take(gate.account.pace_key, gate.account.sends_per_second, wanted, now, is_answer=True)
            gate.taken = gate.left = turns.count
            gate.next_at = turns.next_at


def _decide(practice_id: UUID, due: Mapping[UUID, UUID], gates: Mapping[str, _Gate], now: datetime) -> _Claim:
    """Decide once more under the clients' locks: a stop that was committed first wins, read or not (R32)."""
    claim = _Claim()
    people = Client.objects.filter(practice_id=practice_id, pk__any_of=set(due.values())).order_by("pk")
    locked = list(people.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    rows = list(
        Delivery.objects.filter(pk__any_of=list(due), client_id__any_of=locked, state=Delivery.State.READY)
        .select_related("message")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("next_at", "pk")
    )
    barred = barred_answers(practice_id, rows, now)
    unread = unread_addresses(practice_id) if rows else frozenset()
    for row in rows:
        gate = gates[row.channel]
        if row.pk in barred:
            claim.refused.append((row.pk, Delivery.State.REFUSED.value, now, None, barred[row.pk]))
            claim.void.append(row.message_id)
        elif (row.channel, row.to_address) in unread and row.message.touchpoint != Touchpoint.OPT_OUT_REPLY:
            claim.waiting.append((row.pk, now + UNREAD_FOR))
        elif not gate.is_open:
            claim.waiting.append((row.pk, now + CLOSED_FOR))
        elif not gate.left:
            claim.waiting.append((row.pk, max(gate.next_at or now, now + timedelta(seconds=1))))
        else:
            gate.left -= 1
            _claim(claim, row, gate, now)
    return claim


def _claim(claim: _Claim, row: Delivery, gate: _Gate, now: datetime) -> None:
    was_tried = bool(row.error) and row.error not in NOT_MADE
    number = row.number + 1 if was_tried else row.number
    account_id = gate.account.id if gate.account else None
    state = Delivery.State.ATTEMPTED.value
    if row.html and not carries_html(gate.gateway):
        row.html, row.headers = "", {}
        claim.plain.append(row.pk)
    claim.claimed.append((row.pk, state, gate.gateway, account_id, now, now + ASKED_AFTER, number))
    claim.attempts.append(
        Attempt(
            practice_id=row.practice_id,
            delivery_id=row.pk,
            message_id=row.message_id,
            client_id=row.client_id,
            reminder_ids=(),
            gateway=gate.gateway,
            outgoing=Outgoing(
                channel=channel_name(row.channel),
                to=row.to_address,
                text=row.text,
                from_name=row.from_name,
                subject=row.subject,
                html=row.html,
                headers=row.headers,
            ),
            account=gate.account,
            is_answer=True,
            number=number,
        )
    )
