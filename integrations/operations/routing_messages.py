"""Whose is what a carrier tells, where several practices share the number or address that it is about? (R28)"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from clients.models import Client
from clients.operations.stop_words import Intent, intent_of
from clients.operations.zones import normalize_email, normalize_phone
from integrations.events import LastWrittenTo, last_written_to
from integrations.messaging.base import Inbound, Incoming, NotAuthentic, NotSent, Report
from integrations.models import GatewayAccount, SenderRoute
from integrations.operations.credentials import normalized_sender
from integrations.queries.accounts import account_of, open_gateway
from integrations.queries.callback_routes import CallbackRoute
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

MOST_ASKED: Final = 50
"""Of how many practices it is asked whether they wrote to somebody who answers to a number that none has named."""
FOR_ALL: Final = frozenset({Intent.STOP, Intent.START})


@dataclass(frozen=True, slots=True)
class _Sharer:
    """A practice that sends from where a message went to. `is_named`: from that address, not only by its service."""

    practice_id: UUID
    is_proven: bool
    is_named: bool
    is_replaced: bool
    has_client: bool = False
    written_at: datetime | None = None

    @property
    def rank(self) -> tuple[bool, bool, float, UUID]:
        """The least is the one that the client most likely answers."""
        at = self.written_at
        return not self.has_client, self.is_replaced, -at.timestamp() if at else 0.0, self.practice_id


def whose_message(route: CallbackRoute, inbound: Inbound, incoming: Incoming) -> list[tuple[UUID, Inbound]]:
    """Return the practices that a message is for, the addressed one first; none where nobody sends from there.

    A stop or a start is for all that share the number or the service; what may be a stop, for those of them that have
    the client. One of them answers it, the others get a copy that says that it is answered (OPT-1: one confirmation).
    Anything else is for the practice that last wrote to that address and has the client, else one that has the
    client, else the first: there it is a reply that matches nobody. Where the number itself is known, those that only
    share its service are left out of that.

    An account of a practice's own shares its number only with accounts that the callback's signature proves as
    well: naming somebody else's number brings nobody their clients' messages.
    """
    sharing = _sharing(route, inbound, incoming) or _who_wrote(route, inbound, incoming)
    if not sharing:
        log.warning("callback_for_nobody", gateway=route.gateway)
        return []
    if len(sharing) == 1:
        return [(sharing[0].practice_id, inbound)]
    named = [each for each in sharing if each.is_named]
    addressed = min(named or sharing, key=lambda each: each.rank)
    intent = intent_of(inbound.text)
    told = [each for each in sharing if intent in FOR_ALL or (intent is Intent.UNSURE and each.has_client)]
    copy = replace(inbound, is_answered_by_vendor=True, is_copy=True)
    return [(addressed.practice_id, inbound), *((each.practice_id, copy) for each in told if each is not addressed)]


def whose_report(route: CallbackRoute, report: Report) -> list[tuple[UUID, Report]]:
    """Return the practices that send through the operator's account by the sender that a report names.

    Only one of them has the message: each looks for it by the vendor's name of it, as a copy.
    """
    address = normalized_sender(report.sender)
    if not address:
        return []
    rows = SenderRoute.objects.filter(gateway=route.gateway, address=address).order_by("practice_id")
    found = [each for each in rows.values_list("practice_id", flat=True) if _had_operators(each, route)]
    told = replace(report, is_copy=True) if len(found) > 1 else report
    return [(each, told) for each in found]


def _sharing(route: CallbackRoute, inbound: Inbound, incoming: Incoming) -> list[_Sharer]:
    """The practices that send from where the message went to, with the account's own."""
    address = normalized_sender(inbound.to_address)
    wanted = {address, normalized_sender(inbound.to_sender)} - {""}
    rows = SenderRoute.objects.filter(gateway=route.gateway, address__in=wanted).order_by("practice_id")
    found: dict[UUID, dict[str, datetime | None]] = {route.practice_id: {}} if route.practice_id else {}
    for practice_id, sender, replaced_at in rows.values_list("practice_id", "address", "replaced_at"):
        found.setdefault(practice_id, {})[sender] = replaced_at
    if len(found) == 1 and route.practice_id:
        return [_Sharer(route.practice_id, is_proven=True, is_named=True, is_replaced=False)]
    sharing = []
    for practice_id, senders in found.items():
        is_replaced = bool(senders.get(address, senders and all(senders.values())))
        each = _asked(practice_id, route, inbound, incoming, is_named=address in senders, is_replaced=is_replaced)
        if each.is_proven:
            sharing.append(each)
    return sharing


def _who_wrote(route: CallbackRoute, inbound: Inbound, incoming: Incoming) -> list[_Sharer]:
    """Of few practices at the operator's account, those that wrote to whoever answers to a number none has named."""
    if route.account is not None:
        return []
    rows = SenderRoute.objects.filter(gateway=route.gateway).order_by("practice_id").distinct()
    ids = list(rows.values_list("practice_id", flat=True)[: MOST_ASKED + 1])
    if len(ids) > MOST_ASKED:
        return []
    asked = [_asked(each, route, inbound, incoming, is_named=False, is_replaced=False) for each in ids]
    return [each for each in asked if each.is_proven and each.written_at is not None]


def _asked(
    practice_id: UUID, route: CallbackRoute, inbound: Inbound, incoming: Incoming, *, is_named: bool, is_replaced: bool
) -> _Sharer:
    """What a practice knows of whoever wrote, in one short transaction, and whether the callback is its business."""
    is_text = inbound.channel == "sms"
    address = (normalize_phone(inbound.from_address) if is_text else normalize_email(inbound.from_address)) or ""
    with practice_scope(practice_id):
        is_proven = practice_id == route.practice_id or _is_shared(practice_id, route, incoming)
        has_client = is_proven and bool(address) and _has_client(practice_id, address, is_text=is_text)
        written_at = _last_written(practice_id, inbound.channel, address) if has_client else None
    return _Sharer(practice_id, is_proven, is_named, is_replaced, has_client, written_at)


def _is_shared(practice_id: UUID, route: CallbackRoute, incoming: Incoming) -> bool:
    """Whether the practice of the open scope sends, or has sent, through the account that calls back."""
    if route.account is None:
        return _had_operators(practice_id, route)
    account = account_of(practice_id, route.gateway)
    if account is None or account.is_operators or route.account.is_operators:
        return False
    try:
        open_gateway(account, route.gateway).verify(incoming)
    except (NotAuthentic, NotSent):
        return False
    return True


def _had_operators(practice_id: UUID, route: CallbackRoute) -> bool:
    """Also before it connected its own: clients go on answering to the operator's number."""
    with practice_scope(practice_id):
        of_gateway = GatewayAccount.objects.filter(practice_id=practice_id, gateway=route.gateway)
        return of_gateway.filter(is_operators=True).exists()


def _last_written(practice_id: UUID, channel: str, address: str) -> datetime | None:
    """When the practice last wrote to that address; who sends messages knows."""
    asked = LastWrittenTo(practice_id, channel, address)
    answers: list[Any] = [answer for _, answer in last_written_to.send(sender=Inbound, event=asked)]
    return max((at for at in answers if isinstance(at, datetime)), default=None)


def _has_client(practice_id: UUID, address: str, *, is_text: bool) -> bool:
    same = {"phone": address} if is_text else {"email": address}
    return Client.objects.filter(practice_id=practice_id, **same).exists()
