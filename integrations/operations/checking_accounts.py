"""Do the credentials of an account work? Tried by a manager's press, and every few minutes while it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from integrations.messaging.base import NotSent
from integrations.models import GatewayAccount
from integrations.operations.account_health import note_failure, note_success
from integrations.operations.carriers import CarrierRefused, carrier_kind
from integrations.operations.telling_owners import tell_owners
from integrations.queries.accounts import Account, account_by_id, account_of, carrier_name, credentials_of, open_gateway
from integrations.queries.callback_routes import is_heard_at
from integrations.queries.carrier_list import DEAF
from integrations.queries.failing_accounts import Failing, failing_accounts
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

REST: Final = timedelta(hours=1)
NO_TIME: Final = timedelta()
RETRYING_LASTS: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Tried:
    """How trying the credentials went. `reason`: a sentence for people, empty where nothing is amiss."""

    works: bool
    reason: str = ""
    code: str = ""
    is_account: bool = False
    """The account is at fault; else the vendor could not be asked now, and nothing is known."""

    @property
    def is_deaf(self) -> bool:
        """It sends, but what clients answer does not arrive: `reason` says until when."""
        return self.works and bool(self.reason)


def check_account(practice_id: UUID, gateway_key: str, actor: Actor, now: datetime) -> Tried:
    """Will try the connected account at the vendor, sending nothing, and note how it went. No scope may be open.

    It takes 10 seconds at most, as any call of a gateway.

    Raises:
        CarrierRefused: no account is connected.
        UnknownGateway: there is no gateway of this key.
    """
    label = carrier_name(carrier_kind(gateway_key))
    with practice_scope(practice_id):
        account = account_of(practice_id, gateway_key)
    if account is None:
        raise CarrierRefused(f"{label} is not connected. Connect it first.")
    tried = _try(account)
    _note(account, tried, now)
    with practice_scope(practice_id):
        detail = {"gateway": gateway_key, "works": tried.works}
        audit(practice_id, actor, "carrier_tried", now, subject_id=account.id, detail=detail)
    return tried


def retry_failing(clock: Callable[[], datetime]) -> int:
    """Will try the accounts that fail again, mend those that work, and tell the owners of the others once.

    Returns how many work again. Practices that share the operator's account share one try. Where the vendor takes the
    credentials but refused messages soon after, owners are told as well, and it rests for an hour before messages are
    tried again.
    """
    ends_at = clock() + RETRYING_LASTS
    mended = 0
    known: dict[object, Tried] = {}
    for failing in failing_accounts():
        if clock() > ends_at:
            break
        with practice_scope(failing.practice_id):
            account = account_by_id(failing.practice_id, failing.account_id)
        if account is None or not account.is_failing:
            continue
        key = _same(account)
        tried = known[key] = known.get(key) or _try(account)
        passes_for_nothing = tried.works and _refuses_what_it_passed(failing)
        if tried.is_account or passes_for_nothing:
            tell_owners(failing.practice_id, failing.account_id, clock())
        if passes_for_nothing and clock() < failing.failing_since + REST:
            continue
        _note(account, tried, clock())
        mended += tried.works
    return mended


def _refuses_what_it_passed(failing: Failing) -> bool:
    """The vendor took the credentials and then refused messages: a number that is not registered, say."""
    return failing.checked_at is not None and NO_TIME < failing.failing_since - failing.checked_at < REST


def _same(account: Account) -> object:
    """What accounts have in common for which one try says how all of them fare."""
    try:
        credentials = credentials_of(account, account.gateway)
    except NotSent:
        return account.id
    return account.gateway, account.callback_url, frozenset(credentials.items())


def _try(account: Account) -> Tried:
    try:
        amiss = open_gateway(account, account.gateway).check()
    except NotSent as error:
        return Tried(works=False, reason=error.reason, code=error.code, is_account=error.is_account)
    except Exception as error:
        log.exception("gateway_check_failed", gateway=account.gateway, account_id=str(account.id))
        return Tried(works=False, reason=f"The check broke off with {type(error).__name__}.")
    if amiss is None or (amiss.tells and is_heard_at(account, amiss.tells)):
        return Tried(works=True)
    return Tried(works=True, reason=amiss.reason, code=DEAF)


def _note(account: Account, tried: Tried, now: datetime) -> None:
    """What was tried with credentials that were changed meanwhile says nothing of the new ones."""
    with practice_scope(account.practice_id):
        rows = GatewayAccount.objects.filter(pk=account.id, is_active=True, credentials=account.sealed)
        if not rows.update(checked_at=now):
            return
        if tried.works:
            note_success(account.practice_id, account.id, now)
            rows.update(trouble=tried.reason[:300], trouble_code=tried.code)
        elif tried.is_account:
            note_failure(account.practice_id, account.id, tried.reason, tried.code, now)
        else:
            rows.filter(failing_since=None).update(trouble=tried.reason[:300], trouble_code=tried.code[:40])
