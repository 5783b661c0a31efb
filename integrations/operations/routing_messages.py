"""Whose is a client's message, where several practices share the number or address it was sent to? (R28)"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from clients.models import Client
from clients.operations.stop_words import Intent, intent_of
from clients.operations.zones import normalize_email, normalize_phone
from integrations.events import LastWrittenTo, last_written_to
from integrations.messaging.base import Inbound, Incoming, NotAuthentic, NotSent
from integrations.models import SenderRoute
from integrations.operations.credentials import normalized_sender
from integrations.queries.accounts import Account, account_of, open_gateway
from integrations.queries.callback_routes import CallbackRoute
from practices.tenancy import practice_scope

MOST_SHARING: Final = 50
"""How many practices are asked about one message at most: each takes a short transaction of its own."""
FOR_ALL: Final = frozenset({Intent.STOP, Intent.START})


def whose_message(route: CallbackRoute, inbound: Inbound, incoming: Incoming) -> list[tuple[UUID, Inbound]]:
    """Return the practices that a message is for, with what each is told; none where nobody sends from there.

    A stop or a start is for all that share the number; one of them answers it, the others are told that it is
    answered (OPT-1: one confirmation). Anything else is for the practice that last wrote to that address and has
    the client, else one that has the client, else the first: there it is a reply that matches nobody.

    An account of a practice's own shares its number only with accounts that the callback's signature proves as
    well: naming somebody else's number brings nobody their clients' messages.
    """
    sharing = _sharing(route, inbound, incoming)
    if len(sharing) <= 1:
        return [(practice_id, inbound) for practice_id in sharing]
    first = _addressed(sharing, inbound)
    if intent_of(inbound.text) not in FOR_ALL:
        return [(first, inbound)]
    others = replace(inbound, is_answered_by_vendor=True)
    return [(each, inbound if each == first else others) for each in sharing]


def _sharing(route: CallbackRoute, inbound: Inbound, incoming: Incoming) -> list[UUID]:
    """The practices that send from where the message went to, the account's own first."""
    own = route.practice_id
    rows = SenderRoute.objects.filter(gateway=route.gateway, address=normalized_sender(inbound.to_address))
    named = rows.exclude(practice_id=own) if own else rows
    others = list(named.order_by("practice_id").values_list("practice_id", flat=True)[:MOST_SHARING])
    sharing = [each for each in others if _is_shared(route, _account(each, route.gateway), incoming)]
    return [own, *sharing] if own else sharing


def _account(practice_id: UUID, gateway: str) -> Account | None:
    with practice_scope(practice_id):
        return account_of(practice_id, gateway)


def _is_shared(route: CallbackRoute, account: Account | None, incoming: Incoming) -> bool:
    if account is None or route.account is None:
        return account is not None and account.is_operators
    if account.is_operators or route.account.is_operators:
        return False
    try:
        open_gateway(account, route.gateway).verify(incoming)
    except (NotAuthentic, NotSent):
        return False
    return True


def _addressed(sharing: Iterable[UUID], inbound: Inbound) -> UUID:
    """The practice that the client most likely answers."""
    is_text = inbound.channel == "sms"
    address = (normalize_phone(inbound.from_address) if is_text else normalize_email(inbound.from_address)) or ""
    ranked = []
    for practice_id in sharing:
        with practice_scope(practice_id):
            is_theirs = bool(address) and _has_client(practice_id, address, is_text=is_text)
            written_at = _last_written(practice_id, inbound.channel, address) if is_theirs else None
        ranked.append((not is_theirs, -written_at.timestamp() if written_at else 0.0, practice_id))
    return min(ranked)[2]


def _last_written(practice_id: UUID, channel: str, address: str) -> datetime | None:
    """When the practice last wrote to that address; who sends messages knows."""
    asked = LastWrittenTo(practice_id, channel, address)
    answers: list[Any] = [answer for _, answer in last_written_to.send(sender=Inbound, event=asked)]
    return max((at for at in answers if isinstance(at, datetime)), default=None)


def _has_client(practice_id: UUID, address: str, *, is_text: bool) -> bool:
    same = {"phone": address} if is_text else {"email": address}
    return Client.objects.filter(practice_id=practice_id, **same).exists()
