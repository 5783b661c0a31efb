"""Which gateways could carry a practice's messages, which do, and how does each account stand? (CHN-1)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery

from integrations.messaging import registry
from integrations.messaging.base import Gateway
from integrations.models import GatewayAccount, GatewayRoute
from integrations.queries.accounts import CHANNEL_FIELDS, ROUTE, callback_url, operators_callback_url
from practices.models import Practice


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
    route = GatewayRoute.objects.filter(account_id=OuterRef("pk")).values("pk")
    rows = GatewayAccount.objects.filter(practice_id=practice.pk, is_active=True).annotate(**{ROUTE: Subquery(route)})
    return {row.gateway: _connected(row, getattr(row, ROUTE)) for row in rows}


def _connected(row: GatewayAccount, route_id: UUID | None) -> Connected:
    return Connected(
        is_operators=row.is_operators,
        shown=row.shown,
        sends_per_second=row.sends_per_second,
        created_at=row.created_at,
        checked_at=row.checked_at,
        failing_since=row.failing_since,
        trouble=row.trouble,
        trouble_code=row.trouble_code,
        callback_url=callback_url(route_id) if route_id else operators_callback_url(row.gateway),
    )
