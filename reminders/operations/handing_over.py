"""How is a committed attempt handed to its gateway, and what does the gateway's answer mean? (CHN-3, R32)"""

import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from integrations.messaging.base import Gateway, GatewayError, NotSent, Refused, Unknown
from integrations.messaging.registry import UnknownGateway
from integrations.queries.accounts import Account, needs_account
from reminders.engine.words import Reason
from reminders.models import Delivery
from reminders.operations.attempts import (
    DECIDED_TOO_LONG_AGO,
    HELD_BACK,
    STOPPED,
    Attempt,
    Outcome,
)
from reminders.operations.open_gateways import OpenGateway, OpenGateways

log = structlog.get_logger(__name__)

DECISION_HOLDS: Final = timedelta(seconds=2)
LEAST_HOLD: Final = timedelta(seconds=5)
"""How long nobody calls an account that said "too many requests", if it said nothing longer."""
_RATE_CODE: Final = "429"


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of attempts. `stopped_by`: what told this worker to stop; to be raised once this is recorded."""

    outcomes: list[Outcome]
    stopped_by: Exception | None = None


def hand_over(
    attempts: Iterable[Attempt], decided_at: datetime, clock: Callable[[], datetime], gateways: OpenGateways
) -> Handed:
    """Will make attempts, outside any transaction: those of remote gateways some at once, local ones in order.

    An attempt whose decision is older than 2 seconds is not made but decided again (R32). Whoever of this
    worker has not called yet does not call an account that asked to wait; for everybody else `heed_rates` says so,
    once the outcomes are recorded. Only what may not have been begun raises.
    """
    outcomes: list[Outcome] = []
    waiting: list[tuple[Attempt, OpenGateway]] = []
    for (gateway, account), group in _by_account(attempts).items():
        opened = gateways.of(gateway, account)
        closed = _opened(opened, len(group), clock())
        if closed is not None:
            outcomes += [closed(attempt) for attempt in group]
        elif opened.is_local:
            outcomes += [_made(attempt, opened, decided_at, clock) for attempt in group]
        else:
            waiting += [(attempt, opened) for attempt in group]
    jobs = [partial(_made, attempt, opened, decided_at, clock) for attempt, opened in waiting]
    made, stopped_by = gateways.together(jobs)
    outcomes += made
    if stopped_by is not None:
        known = {each.attempt.delivery_id for each in made}
        left = [attempt for attempt, _ in waiting if attempt.delivery_id not in known]
        outcomes += [_not_made(attempt, STOPPED, clock(), Reason.PACE) for attempt in left]
    return Handed(outcomes, stopped_by)


def _by_account(attempts: Iterable[Attempt]) -> dict[tuple[str, Account | None], list[Attempt]]:
    groups: dict[tuple[str, Account | None], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        groups[attempt.gateway, attempt.account].append(attempt)
    return groups


def _opened(opened: OpenGateway, wanted: int, now: datetime) -> Callable[[Attempt], Outcome] | None:
    """Open a gateway; where it cannot be opened, return what becomes of each attempt instead."""
    try:
        if opened.account is None and needs_account(opened.gateway):
            return partial(_not_sent, error=NotSent("No account is connected to send with."), now=now)
        opened.open(wanted)
    except UnknownGateway as error:
        return partial(_not_sent, error=NotSent(str(error)), now=now)
    except NotSent as error:
        return partial(_not_sent, error=error, now=now)
    return None


def _made(attempt: Attempt, opened: OpenGateway, decided_at: datetime, clock: Callable[[], datetime]) -> Outcome:
    """Make one attempt. Runs in a thread of its own where the gateway is remote: no database from here."""
    with opened.one() as gateway:
        now = clock()
        if abs(now - decided_at) > DECISION_HOLDS:  # also where the clock was set back meanwhile
            return _not_made(attempt, DECIDED_TOO_LONG_AGO, decided_at, Reason.PACE)
        if opened.held is not None and opened.held[0] > now:
            until, reason = opened.held
            return _not_made(attempt, HELD_BACK, until if reason is Reason.PACE else now, reason)
        outcome = _called(attempt, gateway, clock)
    if outcome.is_account:
        opened.held = (clock() + LEAST_HOLD, Reason.CHANNEL_DOWN)
    elif outcome.reason is Reason.PACE and outcome.retry_at is not None:
        opened.held = (outcome.retry_at, Reason.PACE)
    return outcome


def _called(attempt: Attempt, gateway: Gateway, clock: Callable[[], datetime]) -> Outcome:
    try:
        accepted = gateway.send(attempt.outgoing, attempt.reference)
    except NotSent as error:
        return _not_sent(attempt, error, clock())
    except Refused as error:
        state = Delivery.State.REFUSED
        return Outcome(attempt, state, error=error.reason, code=error.code, meaning=error.meaning)
    except Unknown as error:
        return _unknown(attempt, error.reason, clock(), code=error.code)
    except Exception as error:  # noqa: BLE001 - it broke its contract: nobody knows whether it was sent
        log_broken(attempt, error)
        return _unknown(attempt, f"The gateway failed with {type(error).__name__}.", clock())
    return Outcome(attempt, Delivery.State.ACCEPTED, remote_id=accepted.remote_id[:120])


def log_broken(attempt: Attempt, error: Exception) -> None:
    """Will log that a gateway broke its contract: where, but not what it said, which may be about a person."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
    log.error(
        "gateway_failed",
        gateway=attempt.gateway,
        delivery_id=str(attempt.delivery_id),
        error=type(error).__name__,
        places=places,
    )


def _not_made(attempt: Attempt, why: str, retry_at: datetime, reason: Reason) -> Outcome:
    return Outcome(attempt, Delivery.State.REFUSED, error=why, retry_at=retry_at, reason=reason)


def _not_sent(attempt: Attempt, error: NotSent, now: datetime) -> Outcome:
    """Certainly not sent. What the vendor says of when wins; else it waits longer with each try."""
    is_accounts = error.is_account and attempt.account is not None
    outcome = Outcome(attempt, Delivery.State.REFUSED, error=error.reason, code=error.code, is_account=is_accounts)
    if is_rate(error):
        until = now + max(timedelta(seconds=error.retry_after or 0), LEAST_HOLD)
        return replace(outcome, retry_at=until, rung=0, reason=Reason.PACE)
    return replace(outcome, retry_at=now, rung=0 if is_accounts else 1)


def is_rate(error: GatewayError) -> bool:
    """Return whether a vendor said that it is asked too often: 429, with or without a Retry-After."""
    if not isinstance(error, NotSent) or error.is_account:
        return False
    return error.retry_after is not None or error.code.endswith(_RATE_CODE)


def _unknown(attempt: Attempt, why: str, now: datetime, *, code: str = "") -> Outcome:
    return Outcome(attempt, Delivery.State.UNKNOWN, error=why, code=code, ask_at=now + timedelta(seconds=60))
