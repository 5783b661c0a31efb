"""What does a carrier's report change about one delivery, and what do all its deliveries make of a message? (CHN-2)

States only move forward, so that reports which come twice, late or in another order make the same of it (R13).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from integrations.messaging.base import Fate, Report
from reminders.models import Delivery

State = Delivery.State

RANK: Final[Mapping[str, int]] = MappingProxyType(
    {
        State.READY: 0,
        State.ATTEMPTED: 0,
        State.UNKNOWN: 0,
        State.REFUSED: 0,
        State.ACCEPTED: 1,
        State.UNDELIVERED: 2,
        State.DELIVERED: 3,
    }
)
"""A state of a higher rank stands against all below. A carrier that says both is believed that it arrived."""
REPORTED: Final[Mapping[Fate, State]] = MappingProxyType(
    {Fate.ACCEPTED: State.ACCEPTED, Fate.DELIVERED: State.DELIVERED, Fate.UNDELIVERED: State.UNDELIVERED}
)
_MOST_ERROR_CHARACTERS: Final = 300
_MOST_CODE_CHARACTERS: Final = 40
_MOST_ID_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class Known:
    """What a delivery's row says of its fate."""

    state: State
    remote_id: str = ""
    error: str = ""
    error_code: str = ""
    next_at: datetime | None = None
    settled_at: datetime | None = None
    delivered_at: datetime | None = None


def known_of(row: Delivery) -> Known:
    """Return it of a row."""
    return Known(
        State(row.state), row.remote_id, row.error, row.error_code, row.next_at, row.settled_at, row.delivered_at
    )


def reported(known: Known, report: Report, now: datetime) -> Known:
    """Return a delivery as it is after one report. A report without a fate changes nothing about it.

    The reason that a carrier gave is kept with UNDELIVERED alone; what stood there of a try in doubt goes.
    """
    if report.fate is None:
        return known
    state = REPORTED[report.fate]
    after = known if RANK[state] <= RANK[known.state] else _moved(known, state, report, now)
    if state is State.DELIVERED:
        at = report.at or now
        after = replace(after, delivered_at=min(after.delivered_at or at, at))
    if not after.remote_id and report.remote_id:
        after = replace(after, remote_id=report.remote_id[:_MOST_ID_CHARACTERS])
    return after


def _moved(known: Known, state: State, report: Report, now: datetime) -> Known:
    is_undelivered = state is State.UNDELIVERED
    return replace(
        known,
        state=state,
        error=report.reason[:_MOST_ERROR_CHARACTERS] if is_undelivered else "",
        error_code=report.code[:_MOST_CODE_CHARACTERS] if is_undelivered else "",
        next_at=None,
        settled_at=known.settled_at or now,
    )


class Verdict(StrEnum):
    """What all deliveries of a message together say of it."""

    OPEN = "open"
    """Nobody knows yet, or nothing was ever taken: reports say nothing more about it."""
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    """No channel brought it there, and none may still."""


def verdict_of(states: Iterable[str]) -> Verdict:
    """Return what the states of all deliveries of a message make of it: one that arrived is enough.

    >>> verdict_of(["undelivered", "accepted"]), verdict_of(["undelivered", "refused"])
    (<Verdict.SENT: 'sent'>, <Verdict.UNDELIVERED: 'undelivered'>)
    """
    found = set(states)
    if State.DELIVERED in found:
        return Verdict.DELIVERED
    if State.ACCEPTED in found:
        return Verdict.SENT
    if State.UNDELIVERED in found and found <= {State.UNDELIVERED, State.REFUSED}:
        return Verdict.UNDELIVERED
    return Verdict.OPEN
