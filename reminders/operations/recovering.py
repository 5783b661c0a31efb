"""What became of attempts whose worker was killed, or whose outcome nobody knew? (CHN-3; messaging.md 1.13)"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from integrations.messaging.base import Sought
from integrations.messaging.registry import UnknownGateway
from integrations.models import GatewayAccount
from integrations.queries.accounts import account_by_id, needs_account
from practices.operations.rows import update_rows
from practices.tenancy import practice_scope
from reminders.models import Delivery
from reminders.operations.asking import Unsettled, jobs_of
from reminders.operations.attempts import Attempt, Outcome, attempts_of, channel_name
from reminders.operations.noting import note_outcomes
from reminders.operations.open_gateways import OpenGateways
from reminders.operations.serving_practices import serve_each

UNSETTLED: Final = (Delivery.State.ATTEMPTED, Delivery.State.UNKNOWN)
MOST: Final = 100
TICK_LASTS: Final = timedelta(seconds=60)
NOT_THERE: Final = "The account that it left through is not connected any more, so nobody can be asked."
_GAPS: Final = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 60))
_AT_LAST: Final = timedelta(hours=6)
_LISTED_BEFORE: Final = timedelta(minutes=5)


def recover(clock: Callable[[], datetime]) -> int:
    """Ask the gateway about each attempt left without an outcome; make again only what never arrived.

    None is asked about within 60 seconds of its attempt, none that cannot be asked about, and each by one worker at
    a time. What goes wrong in one practice is raised when the others have had their turns. Returns how many were
    asked about and answered.
    """
    return serve_each(UNSETTLED, _recover_some, clock, TICK_LASTS)


def ask_again_after(age: timedelta) -> timedelta:
    """Return how long after an attempt of this age was asked about it is asked about again, if nobody answered.

    >>> [int(ask_again_after(timedelta(minutes=m)).total_seconds()) // 60 for m in (1, 2, 4, 9, 24, 84, 999)]
    [1, 2, 5, 15, 60, 360, 360]
    """
    asked = timedelta(minutes=1)
    for gap in _GAPS:
        if age < asked + gap:
            return gap
        asked += gap
    return _AT_LAST


def _recover_some(practice_id: UUID, gateways: OpenGateways, clock: Callable[[], datetime]) -> int:
    now = clock()
    with practice_scope(practice_id):
        waiting = _lease(practice_id, now)
    if not waiting:
        return 0
    outcomes = [Outcome(each.attempt, Delivery.State.UNKNOWN, error=each.barred) for each in waiting if each.barred]
    found, stopped_by = gateways.together(jobs_of([each for each in waiting if not each.barred], gateways, clock))
    outcomes += [outcome for some in found for outcome in some]
    note_outcomes(practice_id, outcomes, clock)
    if stopped_by is not None:
        raise stopped_by
    return len(outcomes)


def _lease(practice_id: UUID, now: datetime) -> list[Unsettled]:
    """Take what is to be asked about now, so that no other worker asks meanwhile; in the open scope."""
    rows = list(
        Delivery.objects.filter(practice_id=practice_id, state__in=UNSETTLED, next_at__lte=now)
        .select_related("message")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .defer("html", "headers")
        .order_by("next_at", "pk")[:MOST]
    )
    ask_at = {row.pk: now + ask_again_after(now - row.attempted_at) for row in rows}
    update_rows(Delivery, ("id", "next_at"), list(ask_at.items()))
    account_ids = {row.account_id for row in rows if row.account_id is not None}
    accounts = {account_id: account_by_id(practice_id, account_id) for account_id in account_ids}
    changed = dict(GatewayAccount.objects.filter(pk__in=accounts).values_list("pk", "changed_at"))
    attempts = attempts_of(practice_id, rows, filter(None, accounts.values()))
    taken = _taken(practice_id, rows)
    return [
        Unsettled(
            attempt,
            _sought(row, attempt, taken[row.to_address] - {row.remote_id}),
            ask_at[row.pk],
            _barred(attempt, row, changed),
        )
        for row, attempt in zip(rows, attempts, strict=True)
    ]


def _barred(attempt: Attempt, row: Delivery, changed: dict[UUID, datetime]) -> str:
    """Another account knows nothing of it, and would say that it never arrived: then it would leave twice."""
    try:
        if not needs_account(row.gateway):
            return ""
    except UnknownGateway as error:
        return str(error)
    account = attempt.account
    is_same = account is not None and account.sealed and changed[account.id] <= row.attempted_at
    return "" if is_same else NOT_THERE


def _taken(practice_id: UUID, rows: Collection[Delivery]) -> dict[str, frozenset[str]]:
    """The vendor's names of everything else that was sent to the same addresses since the first of these."""
    taken: dict[str, set[str]] = {row.to_address: set() for row in rows}
    if rows:
        since = min(row.attempted_at for row in rows) - _LISTED_BEFORE
        named = Delivery.objects.filter(practice_id=practice_id, attempted_at__gte=since).filter(
            ~Q(remote_id=""), to_address__in=list(taken)
        )
        for address, remote_id in named.values_list("to_address", "remote_id"):
            taken[address].add(remote_id)
    return {address: frozenset(names) for address, names in taken.items()}


def _sought(row: Delivery, attempt: Attempt, taken: frozenset[str]) -> Sought:
    return Sought(
        attempt_id=attempt.reference,
        channel=channel_name(row.channel),
        to=row.to_address,
        text=row.text,
        subject=row.subject,
        attempted_at=row.attempted_at,
        taken=taken,
    )
