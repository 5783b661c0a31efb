"""Whose account does a carrier's callback speak of, by the address that it was posted to? (CHN-2)"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from integrations.messaging.base import NotSent
from integrations.messaging.registry import GATEWAYS, gateway_kind
from integrations.models import GatewayRoute
from integrations.queries.accounts import Account, account_by_id, credentials_of, needs_account
from integrations.queries.remembering import Remembered
from practices.tenancy import practice_scope


class UnknownRoute(LookupError):
    """No account of a practice has this address, nor has the operator an account at a gateway of this key."""


@dataclass(frozen=True, slots=True)
class CallbackRoute:
    """An address at which a vendor calls back. `account` None: the operator's, which several practices share."""

    gateway: str
    account: Account | None

    @property
    def practice_id(self) -> UUID | None:
        """Whose account it is; None: the operator's."""
        return self.account.practice_id if self.account else None


def callback_route(name: str) -> CallbackRoute:
    """Return whose account calls back at /webhooks/messaging/<name>/: a GatewayRoute's id, or a gateway's key.

    Each process remembers an answer for 5 seconds, so that taking a callback costs no query; for as long one of an
    account that was just disconnected may still be taken. Unknown names are not remembered.

    Raises:
        UnknownRoute: there is no such address.
    """
    return _remembered.of(name)


def is_heard_at(account: Account, address: str) -> bool:
    """Return whether a text that is posted to an address which is not the account's own reaches its practice too.

    So it is at the address of another of its own accounts, or of another practice's, that takes callbacks and that
    the same key proves: `whose_message` shares what comes there. No scope may be open.
    """
    try:
        route = callback_route(address.removesuffix("/").rpartition("/")[2])
        other = route.account
        if other is None or other.callback_url != address or other.gateway != account.gateway or account.is_operators:
            return False
        there, here = (credentials_of(each, account.gateway) for each in (other, account))
    except (UnknownRoute, NotSent):
        return False
    signed_by = gateway_kind(account.gateway).signed_by
    return bool(signed_by) and all(there.get(name) == here.get(name) for name in signed_by)


def forget_callback_routes() -> None:
    """Will make this process ask again at once."""
    _remembered.forget()


def _read(name: str) -> CallbackRoute:
    if name in GATEWAYS:
        if not needs_account(name) or name not in settings.OPERATOR_GATEWAYS:
            raise UnknownRoute(name)
        return CallbackRoute(name, None)
    try:
        route = GatewayRoute.objects.filter(pk=UUID(name), is_active=True).first()
    except ValueError as error:
        raise UnknownRoute(name) from error
    if route is None:
        raise UnknownRoute(name)
    with practice_scope(route.practice_id):
        account = account_by_id(route.practice_id, route.account_id)
    if account is None:
        raise UnknownRoute(name)
    return CallbackRoute(route.gateway, account)


_remembered: Final = Remembered(_read)
