"""What does a gateway say of attempts whose outcome nobody knows? (CHN-3; messaging.md 1.13)"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from integrations.messaging.base import Accepted, NeverArrived, NotSent, Sought
from integrations.queries.accounts import Account
from reminders.models import Delivery
from reminders.operations.attempts import NEVER_ARRIVED, Attempt, Outcome
from reminders.operations.handing_over import log_broken
from reminders.operations.open_gateways import OpenGateway, OpenGateways

CANNOT_SAY: Final = "The gateway cannot say whether it arrived."


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An attempt to ask about. `ask_at`: when it is asked about again if nobody answers; `barred`: why nobody can."""

    attempt: Attempt
    sought: Sought
    ask_at: datetime
    barred: str = ""


def jobs_of(
    waiting: Iterable[Unsettled], gateways: OpenGateways, clock: Callable[[], datetime]
) -> list[Callable[[], list[Outcome]]]:
    """The questions as jobs, one an address, so that of two messages in the same words each finds its own."""
    by_address: dict[tuple[str, Account | None, str], list[Unsettled]] = defaultdict(list)
    for each in waiting:
        by_address[each.attempt.gateway, each.attempt.account, each.sought.to].append(each)
    jobs: list[Callable[[], list[Outcome]]] = []
    for (gateway, account, _), group in by_address.items():
        opened = gateways.of(gateway, account)
        try:
            opened.open(len(by_address))
        except NotSent as error:
            jobs.append(partial(_unanswered, group, error))
        else:
            jobs.append(partial(_asked, group, opened, clock))
    return jobs


def _asked(group: Iterable[Unsettled], opened: OpenGateway, clock: Callable[[], datetime]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    found_here: set[str] = set()
    for each in group:
        outcome = _answer(each, opened, found_here, clock)
        found_here.add(outcome.remote_id)
        outcomes.append(outcome)
    return outcomes


def _answer(each: Unsettled, opened: OpenGateway, found: set[str], clock: Callable[[], datetime]) -> Outcome:
    sought = replace(each.sought, taken=each.sought.taken | (found - {""}))
    try:
        with opened.one() as gateway:
            said = gateway.find(sought)
    except NotSent as error:
        return _unanswered([each], error)[0]
    except Exception as error:  # noqa: BLE001 - it broke its contract: as if it had not answered
        log_broken(each.attempt, error)
        return _unanswered([each], NotSent(f"The gateway failed with {type(error).__name__}."))[0]
    if isinstance(said, Accepted):
        return Outcome(each.attempt, Delivery.State.ACCEPTED, remote_id=said.remote_id[:120])
    if isinstance(said, NeverArrived):
        return Outcome(each.attempt, Delivery.State.REFUSED, error=NEVER_ARRIVED, retry_at=clock())
    return Outcome(each.attempt, Delivery.State.UNKNOWN, error=CANNOT_SAY)


def _unanswered(group: Iterable[Unsettled], error: NotSent) -> list[Outcome]:
    """Nobody knows yet; it is asked about again. Meanwhile a person may say what they know."""
    return [
        Outcome(
            each.attempt,
            Delivery.State.UNKNOWN,
            error=error.reason,
            code=error.code,
            ask_at=each.ask_at,
            is_account=error.is_account,
        )
        for each in group
    ]
