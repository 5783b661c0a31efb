"""How many messages of a practice may leave on each channel at once, and when is the turn of the others? (CHN-3)"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.messaging.registry import UnknownGateway, gateway_kind
from integrations.operations import pacing
from integrations.queries.accounts import Account, account_of
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.decide import HOLD
from reminders.engine.values import Plan, Policy
from reminders.engine.words import Channel, Reason, ReminderState

_BREATH: Final = timedelta(seconds=1)


@dataclass(slots=True)
class Lane:
    """One gateway of a practice in one batch: the account, and how many may still leave. It may carry both channels."""

    gateway: str
    account: Account | None = None
    taken: int | None = None
    """Sends that were taken for this batch; None: as many as there are."""
    sent: int = 0
    next_at: datetime | None = None
    """The turn of the next that must wait."""
    put_off: int = 0

    @property
    def is_busy(self) -> bool:
        """Its gateway takes no more for now."""
        return self.taken is not None and self.sent >= self.taken

    @property
    def apart(self) -> timedelta:
        """From one turn to the next."""
        rate = self.account.sends_per_second if self.account else None
        return timedelta(seconds=1 / rate) if rate else timedelta()


@dataclass(slots=True)
class Turns:
    """The lanes of one practice. Messages that must wait are given turns one behind the other."""

    practice_id: UUID
    now: datetime
    lanes: dict[Channel, Lane] = field(default_factory=dict)

    def fit(self, practice: Practice) -> bool:
        """Whether the practice still sends through the gateways that the turns were taken at."""
        chosen = {Channel.SMS: practice.sms_gateway, Channel.EMAIL: practice.email_gateway}
        return all(lane.gateway == chosen[channel] for channel, lane in self.lanes.items())

    def policy(self, policy: Policy) -> Policy:
        """What the practice chose, with the channels that have their fill just now."""
        busy = {
            channel: min(lane.next_at, self.now + HOLD)
            for channel, lane in self.lanes.items()
            if lane.is_busy and lane.next_at is not None
        }
        return replace(policy, channels_busy=busy) if busy else policy

    def leave(self, channels: Iterable[Channel]) -> None:
        """Note that a message leaves on these."""
        for channel in channels:
            self.lanes[channel].sent += 1

    def note(self, plan: Plan) -> None:
        """Give the next turn to the next message, if one of this plan was put off just now."""
        busy = [lane for lane in self._own() if lane.is_busy and lane.next_at is not None]
        put_off = sum(
            each.state is ReminderState.WAITING and each.reason == Reason.PACE and each.decided_at == self.now
            for sequence in plan.sequences
            for each in sequence.reminders
            if busy
        )
        for lane in busy:
            lane.put_off += put_off
            if put_off and lane.next_at is not None:
                lane.next_at += put_off * lane.apart

    def _own(self) -> list[Lane]:
        return list({id(lane): lane for lane in self.lanes.values()}.values())

    def close(self) -> None:
        """Give back what was not needed, and keep the line of those that wait."""
        for lane in self._own():
            if lane.account is None or lane.taken is None or lane.account.sends_per_second is None:
                continue
            pacing.give_back(lane.account.pace_key, lane.taken - lane.sent)
            rate = lane.account.sends_per_second
            pacing.line_up(lane.account.pace_key, self.practice_id, rate, lane.put_off, self.now)


def take_turns(practice_id: UUID, most: int, now: datetime) -> Turns:
    """Will take up to `most` sends on each channel that must keep to a rate; the others are free.

    Outside the transaction that decides, so that practices that share an account never wait for each other's.
    """
    turns = Turns(practice_id, now)
    with practice_scope(practice_id):
        sms, email = Practice.objects.values_list("sms_gateway", "email_gateway").get(pk=practice_id)
        by_gateway = {each: Lane(each, _account(practice_id, each)) for each in {sms, email}}
    turns.lanes = {Channel.SMS: by_gateway[sms], Channel.EMAIL: by_gateway[email]}
    for lane in by_gateway.values():
        if lane.account is not None:
            _take(lane, lane.account, most, turns)
    return turns


def _take(lane: Lane, account: Account, most: int, turns: Turns) -> None:
    rate = account.sends_per_second
    taken = pacing.take(account.pace_key, rate, most, turns.now)
    if rate is None and taken.count:
        return
    line = timedelta()
    if rate is not None and taken.count < most:
        line = pacing.line_of(account.pace_key, turns.practice_id, rate, turns.now)
    lane.taken = taken.count
    lane.next_at = max(taken.next_at, turns.now + line + (lane.apart or _BREATH))


def _account(practice_id: UUID, gateway: str) -> Account | None:
    try:
        return None if gateway_kind(gateway).capabilities.is_local else account_of(practice_id, gateway)
    except UnknownGateway:
        return None
