"""Which gateways could carry a practice's messages, which do, and how does each account stand? (CHN-1)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.conf import settings

from integrations.messaging import registry
from integrations.messaging.base import Gateway
from integrations.models import GatewayAccount
from integrations.queries.accounts import CHANNEL_FIELDS, account_rows, callback_url_of
from practices.models import Practice

DEAF: Final = "deaf"
"""The `trouble_code` of an account that sends, while what clients answer goes elsewhere; no vendor's code is a word."""


@dataclass(frozen=True, slots=True)
class Connected:
    """An account as a manager sees it."""

    is_operators: bool
    shown: Mapping[str, str]
    """The fields that are no secret."""
    sends_per_second: float | None
    created_at: datetime
    checked_at: datetime | None
    failing_since: datetime | None
    trouble: str
    trouble_code: str
    callback_url: str
    unheard: tuple[str, ...] = ()
    """What medspa does not hear while fields are empty that the practice may fill in: a sentence each."""

    @property
    def is_deaf(self) -> bool:
        """It sends, but when it was last tried its answers went elsewhere; `trouble` says what to do."""
        return self.trouble_code == DEAF and self.failing_since is None


@dataclass(frozen=True, slots=True)
class Carrier:
    """One gateway, seen from a practice."""

    kind: type[Gateway]
    carries: frozenset[str]
    """The channels that it carries now."""
    account: Connected | None
    has_operators: bool
    """The operator has an account there that the practice may use."""
    operators_shown: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the operator's account gives of the fields that a practice may have of its own, secrets left out."""

    @property
    def can_carry(self) -> bool:
        """Whether it can be chosen: it is local, or an account is connected."""
        return self.kind.capabilities.is_local or self.account is not None


def uncarried(practice: Practice) -> tuple[str, ...]:
    """Return the channels, texts first, whose messages stay on this installation: in production none may (CHN-1)."""
    local = {key for key, kind in registry.GATEWAYS.items() if kind.capabilities.is_local}
    return tuple(name for name, chosen in CHANNEL_FIELDS.items() if getattr(practice, chosen) in local)


def carriers(practice: Practice) -> tuple[Carrier, ...]:
    """Return every gateway, the local ones last, in the open scope: one query."""
    accounts = _accounts(practice)
    found = [_carrier(practice, kind, accounts.get(kind.key)) for kind in registry.GATEWAYS.values()]
    return tuple(sorted(found, key=lambda each: (each.kind.capabilities.is_local, each.kind.capabilities.label)))


def carrier(practice: Practice, gateway_key: str) -> Carrier:
    """Return one gateway, in the open scope: one query.

    Raises:
        UnknownGateway: there is no gateway of this key.
    """
    return _carrier(practice, registry.gateway_kind(gateway_key), _accounts(practice).get(gateway_key))


def _carrier(practice: Practice, kind: type[Gateway], account: Connected | None) -> Carrier:
    operators = settings.OPERATOR_GATEWAYS.get(kind.key)
    shown = {
        each.name: operators[each.name]
        for each in kind.fields
        if operators and each.is_own and not each.is_secret and each.name in operators
    }
    carried = frozenset(name for name, chosen in CHANNEL_FIELDS.items() if getattr(practice, chosen) == kind.key)
    return Carrier(kind, carried, account, operators is not None, shown)


def _accounts(practice: Practice) -> dict[str, Connected]:
    return {row.gateway: _connected(row) for row in account_rows(practice.pk).filter(is_active=True)}


def _connected(row: GatewayAccount) -> Connected:
    return Connected(
        is_operators=row.is_operators,
        shown=row.shown,
        sends_per_second=row.sends_per_second,
        created_at=row.created_at,
        checked_at=row.checked_at,
        failing_since=row.failing_since,
        trouble=row.trouble,
        trouble_code=row.trouble_code,
        callback_url=callback_url_of(row),
        unheard=_unheard(row),
    )


def _unheard(row: GatewayAccount) -> tuple[str, ...]:
    operators = settings.OPERATOR_GATEWAYS.get(row.gateway) or {}
    given = {**operators, **row.shown} if row.is_operators else row.shown
    kind = registry.GATEWAYS.get(row.gateway)
    asked = [each for each in kind.fields if each.is_own or not row.is_operators] if kind else []
    return tuple(each.without for each in asked if each.without and not given.get(each.name))
