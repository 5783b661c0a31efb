"""What follows for everybody who shares an account from what it said of its rate, or did not say at all? (CHN-3)"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection

from integrations.operations import pacing
from integrations.queries.accounts import Account
from reminders.engine.words import Reason
from reminders.models import Delivery
from reminders.operations.attempts import NOT_MADE, Outcome

log = structlog.get_logger(__name__)

BREATHER: Final = timedelta(seconds=30)
"""How long nobody calls an account that answered nobody of a batch."""
IN_DOUBT: Final = 3
"""From so many calls on that nobody answered."""


def heed_rates(outcomes: Iterable[Outcome], now: datetime) -> None:
    """Will have everybody wait whom an account asked to, and give back the turns of what was not made.

    For outcomes that are recorded already: what a vendor said of a message can be lost, what it said of its rate
    it says again. So a database that is away only costs the hold.
    """
    try:
        _heed(outcomes, now)
    except (OperationalError, InterfaceError) as error:
        log.warning("rates_not_heeded", error=type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()


def _heed(outcomes: Iterable[Outcome], now: datetime) -> None:
    by_account: dict[Account, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        if each.attempt.account is not None:
            by_account[each.attempt.account].append(each)
    for account, said in by_account.items():
        asked = [each.retry_at for each in said if each.reason is Reason.PACE and each.rung is not None]
        asked += [now + BREATHER] if _nobody_answered(said) else []
        until = max((moment for moment in asked if moment is not None), default=None)
        if until is not None:
            pacing.hold(account.pace_key, until)
        if account.sends_per_second is not None:
            pacing.give_back(account.pace_key, sum(each.error in NOT_MADE for each in said))


def _nobody_answered(outcomes: Iterable[Outcome]) -> bool:
    """Several calls were made, and of none is it known what became of it, or it could not even be made."""
    made = [each for each in outcomes if each.error not in NOT_MADE and not each.is_account]
    silent = [
        each
        for each in made
        if each.state is Delivery.State.UNKNOWN or (each.rung is not None and each.reason is Reason.CHANNEL_DOWN)
    ]
    return len(silent) >= IN_DOUBT and len(silent) == len(made)
