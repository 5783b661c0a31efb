"""With which account does a practice send through a gateway, and how is that gateway opened? (CHN-1)"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from integrations.messaging.base import CodeTable, Credentials, Explained, Gateway, Meaning, NotSent
from integrations.messaging.registry import gateway_kind
from integrations.models import ErrorCode, GatewayAccount, GatewayRoute
from integrations.queries.remembering import Remembered
from practices.operations.encryption import NotDecryptable, decrypt

ROUTE: Final = "route_id"
CHANNEL_FIELDS: Final = MappingProxyType({"sms": "sms_gateway", "email": "email_gateway"})
"""Channel -> the field of Practice that names the gateway which carries it."""


@dataclass(frozen=True, slots=True)
class Account:
    """One practice's account at one gateway, as sending and callbacks need it; it outlives the scope it was read in."""

    id: UUID
    practice_id: UUID
    gateway: str
    is_operators: bool
    """The operator's credentials are used, with what the practice has of its own there."""
    pace_key: str
    """Whose rate it shares: its own, or that of everybody with the operator's account (CHN-3)."""
    sends_per_second: float | None
    """None: no limit that must be kept."""
    is_failing: bool
    """The vendor refuses the account: nothing leaves until it is mended."""
    callback_url: str = ""
    """Where the vendor calls back."""
    sealed: bytes = field(default=b"", repr=False)
    """The credentials as they are kept, encrypted; empty: the practice has disconnected it."""


def account_of(practice_id: UUID, gateway_key: str) -> Account | None:
    """Return the account with which a practice sends through a gateway, in the open scope: one query."""
    row = account_rows(practice_id).filter(gateway=gateway_key, is_active=True).first()
    return _account(row) if row else None


def accounts_of(practice_id: UUID) -> Mapping[str, Account]:
    """Return all accounts with which a practice may send, by gateway, in the open scope: one query."""
    return {row.gateway: _account(row) for row in account_rows(practice_id).filter(is_active=True)}


def account_by_id(practice_id: UUID, account_id: UUID) -> Account | None:
    """Return an account of the practice of the open scope, also one that another took the place of: one query."""
    row = account_rows(practice_id).filter(pk=account_id).first()
    return _account(row) if row else None


def open_gateway(account: Account | None, gateway_key: str) -> Gateway:
    """Return the gateway, ready to send, to be asked and to read callbacks. Needs no scope and no transaction.

    Without an account: the local outbox, or the operator's own account at that gateway (its callbacks).

    Raises:
        UnknownGateway: there is no gateway of this key.
        NotSent: there are no credentials, or none of FIELD_KEYS opens them (`is_account`).
    """
    kind = gateway_kind(gateway_key)
    url = settings.GATEWAY_URLS.get(gateway_key, "")
    if account is None and (kind.capabilities.is_local or not kind.fields):
        return kind(url=url)
    return kind(
        credentials_of(account, gateway_key),
        callback_url=account.callback_url if account else operators_callback_url(gateway_key),
        corrections=corrections_of(gateway_key),
        url=url,
    )


def credentials_of(account: Account | None, gateway_key: str) -> Credentials:
    """Return what the gateway signs in with, decrypted: the practice's own, over the operator's where they are used.

    Raises:
        NotSent: there are none, or none of FIELD_KEYS opens them (`is_account`).
    """
    label = carrier_name(gateway_kind(gateway_key))
    operators = settings.OPERATOR_GATEWAYS.get(gateway_key)
    if (account is None or account.is_operators) and operators is None:
        raise NotSent(f"The operator of this installation has no account at {label}.", is_account=True)
    if account is None:
        return dict(operators or {})
    if not account.sealed:
        raise NotSent(f"{label} was disconnected.", is_account=True)
    try:
        own = own_credentials(account.sealed)
    except NotDecryptable as error:
        raise NotSent(f"The credentials for {label} open with none of FIELD_KEYS.", is_account=True) from error
    return {**(operators or {}), **own} if account.is_operators else own


def own_credentials(kept: bytes) -> Credentials:
    """Return what a practice itself has given, as it is kept in an account.

    Raises:
        NotDecryptable: none of FIELD_KEYS opens it.
    """
    given: dict[str, str] = json.loads(decrypt(kept)) if kept else {}
    return given


def carrier_name(kind: type[Gateway]) -> str:
    """Return what a gateway is called within a sentence: "Twilio", not "Twilio (text messages)"."""
    return kind.capabilities.label.partition(" (")[0]


def needs_account(gateway_key: str) -> bool:
    """Return whether nothing can leave through this gateway before an account is connected.

    Raises:
        UnknownGateway: there is no gateway of this key.
    """
    kind = gateway_kind(gateway_key)
    return not kind.capabilities.is_local and bool(kind.fields)


def callback_url(route_id: UUID) -> str:
    """Return the address at which the vendor calls back about a practice's own account."""
    return f"{settings.PUBLIC_URL}/webhooks/messaging/{route_id}/"


def operators_callback_url(gateway_key: str) -> str:
    """Return the address at which the vendor calls back about the operator's account."""
    return f"{settings.PUBLIC_URL}/webhooks/messaging/{gateway_key}/"


def account_rows(practice_id: UUID) -> "QuerySet[GatewayAccount, GatewayAccount]":
    """Return a practice's accounts with their routes, also those that others took the place of, in the open scope."""
    route = GatewayRoute.objects.filter(account_id=OuterRef("pk")).values("pk")
    return GatewayAccount.objects.filter(practice_id=practice_id).annotate(**{ROUTE: Subquery(route)})


def callback_url_of(row: GatewayAccount) -> str:
    """Return where the vendor calls back about one of `account_rows`: its own address, or the operator's."""
    route_id: UUID | None = getattr(row, ROUTE)
    return callback_url(route_id) if route_id else operators_callback_url(row.gateway)


def corrections_of(gateway_key: str) -> CodeTable:
    """Return the rows of a gateway's table of codes as the operator corrected them; remembered for 5 seconds."""
    return _corrections.of(gateway_key)


def forget_corrections() -> None:
    """Will make this process read the operator's corrections again at once."""
    _corrections.forget()


def _read_corrections(gateway_key: str) -> CodeTable:
    rows = ErrorCode.objects.filter(gateway=gateway_key).values_list("code", "meaning", "sentence")
    return {code: Explained(Meaning(meaning), sentence) for code, meaning, sentence in rows}


_corrections: Final = Remembered(_read_corrections)


def _account(row: GatewayAccount) -> Account:
    return Account(
        id=row.pk,
        practice_id=row.practice_id,
        gateway=row.gateway,
        is_operators=row.is_operators,
        pace_key=f"operator:{row.gateway}" if row.is_operators else str(row.pk),
        sends_per_second=_rate(row),
        is_failing=row.failing_since is not None,
        callback_url=callback_url_of(row),
        sealed=bytes(row.credentials),
    )


def _rate(row: GatewayAccount) -> float | None:
    """The rate of the operator's account is the operator's, for its practices share it."""
    own = settings.OPERATOR_RATES.get(row.gateway) if row.is_operators else row.sends_per_second
    return own if own is not None else gateway_kind(row.gateway).capabilities.sends_per_second
