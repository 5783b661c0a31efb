"""Whose is what a carrier tells, where several practices share the number or address that it is about? (R28)"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import QuerySet

from clients.models import Client
from clients.operations.stop_words import Intent, intent_of
from clients.operations.zones import normalize_email, normalize_phone
from integrations.events import LastWrittenTo, last_written_to
from integrations.messaging.base import Inbound, Incoming, NotAuthentic, NotSent, Report
from integrations.models import SenderRoute
from integrations.operations.credentials import normalized_sender
from integrations.queries.accounts import account_of, open_gateway
from integrations.queries.callback_routes import CallbackRoute
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

MOST_ASKED: Final = 50
"""Of how many practices it is asked whether they wrote to somebody who answers to a number that none has named."""
FOR_ALL: Final = frozenset({Intent.STOP, Intent.START})


NONE_OF_ITS_OWN: Final[Mapping[str, datetime | None]] = MappingProxyType({})


@dataclass(frozen=True)
class _Came:
    """A text that a callback brought."""

    route: CallbackRoute
    inbound: Inbound
    incoming: Incoming

    @cached_property
    def intent(self) -> Intent:
        """What it asks for."""
        return intent_of(self.inbound.text)

    @cached_property
    def to(self) -> str:
        """Where it was sent to."""
        return normalized_sender(self.inbound.to_address)


@dataclass(frozen=True, slots=True)
class _Sharer:
    """A practice that sends from where a message went to. `is_named`: from that address, not only by its service."""

    practice_id: UUID
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
    well, and the operator's only with practices that had the number there: naming somebody else's number brings
    nobody their clients' messages.
    """
    came = _Came(route, inbound, incoming)
    sharing = _sharing(came) or _who_wrote(came)
    if not sharing:
        log.warning("callback_for_nobody", gateway=route.gateway)
        return []
    if len(sharing) == 1:
        return [(sharing[0].practice_id, inbound)]
    named = [each for each in sharing if each.is_named]
    addressed = min(named or sharing, key=lambda each: each.rank)
    told = [each for each in sharing if came.intent in FOR_ALL or (came.intent is Intent.UNSURE and each.has_client)]
    copy = replace(inbound, is_answered_by_vendor=True, is_copy=True)
    return [(addressed.practice_id, inbound), *((each.practice_id, copy) for each in told if each is not addressed)]


def whose_report(route: CallbackRoute, report: Report) -> list[tuple[UUID, Report]]:
    """Return the practices that send through the operator's account by the sender that a report names.

    Only one of them has the message: each looks for it by the vendor's name of it, as a copy.
    """
    address = normalized_sender(report.sender)
    if not address:
        return []
    rows = _senders(route).filter(address=address).order_by("practice_id")
    found = list(rows.values_list("practice_id", flat=True))
    told = replace(report, is_copy=True) if len(found) > 1 else report
    return [(each, told) for each in found]


def _senders(route: CallbackRoute) -> "QuerySet[SenderRoute, SenderRoute]":
    """Numbers and addresses of such an account: what a practice typed into its own proves nothing at the operator's."""
    return SenderRoute.objects.filter(gateway=route.gateway, is_operators=route.account is None)


def _sharing(came: _Came) -> list[_Sharer]:
    """The practices that send from where the message went to, with the account's own.

    Those that only share the service are asked where no other is proven, or where the words may concern them.
    """
    route = came.route
    wanted = {came.to, normalized_sender(came.inbound.to_sender)} - {""}
    rows = _senders(route).filter(address__in=wanted).order_by("practice_id")
    found: dict[UUID, dict[str, datetime | None]] = {route.practice_id: {}} if route.practice_id else {}
    for practice_id, sender, replaced_at in rows.values_list("practice_id", "address", "replaced_at"):
        found.setdefault(practice_id, {})[sender] = replaced_at
    if len(found) == 1 and route.practice_id:
        return [_Sharer(route.practice_id, is_named=True, is_replaced=False)]
    named = [_asked(came, each, senders) for each, senders in found.items() if came.to in senders]
    sharing = [each for each in named if each is not None]
    if sharing and came.intent not in FOR_ALL | {Intent.UNSURE}:
        return sharing
    is_beside = bool(sharing)
    others = [
        _asked(came, each, senders, is_beside=is_beside) for each, senders in found.items() if came.to not in senders
    ]
    return [*sharing, *(each for each in others if each is not None)]


def _who_wrote(came: _Came) -> list[_Sharer]:
    """Of few practices at the operator's account, those that wrote to whoever answers to a number none has named."""
    if came.route.account is not None:
        return []
    rows = _senders(came.route).order_by("practice_id").distinct()
    ids = list(rows.values_list("practice_id", flat=True)[: MOST_ASKED + 1])
    if len(ids) > MOST_ASKED:
        return []
    asked = [_asked(came, each) for each in ids]
    return [each for each in asked if each is not None and each.written_at is not None]


def _asked(
    came: _Came,
    practice_id: UUID,
    senders: Mapping[str, datetime | None] = NONE_OF_ITS_OWN,
    *,
    is_beside: bool = False,
) -> _Sharer | None:
    """What a practice knows of whoever wrote, in one short transaction; None: the callback is not its business.

    `is_beside`: another answers. Then it matters only whether it has the client, of what may be a stop.
    """
    if practice_id != came.route.practice_id and not _is_shared(practice_id, came):
        return None
    is_text, sender = came.inbound.channel == "sms", came.inbound.from_address
    address = normalize_phone(sender) if is_text else normalize_email(sender)
    has_client, written_at = False, None
    if address and not (is_beside and came.intent in FOR_ALL):
        with practice_scope(practice_id):
            has_client = _has_client(practice_id, address, is_text=is_text)
            if has_client and not is_beside:
                written_at = _last_written(practice_id, came.inbound.channel, address)
    is_replaced = bool(senders.get(came.to, senders and all(senders.values())))
    return _Sharer(practice_id, came.to in senders, is_replaced, has_client, written_at)


def _is_shared(practice_id: UUID, came: _Came) -> bool:
    """Whether a practice that has one of `_senders` sends, or has sent, through the account that calls back."""
    if came.route.account is None:
        return True  # the row was made there; clients go on answering to it after the practice connected its own
    with practice_scope(practice_id):
        account = account_of(practice_id, came.route.gateway)
    if account is None or account.is_operators or came.route.account.is_operators:
        return False
    try:
        open_gateway(account, came.route.gateway).verify(came.incoming)
    except (NotAuthentic, NotSent):
        return False
    return True


def _last_written(practice_id: UUID, channel: str, address: str) -> datetime | None:
    """When the practice last wrote to that address; who sends messages knows."""
    asked = LastWrittenTo(practice_id, channel, address)
    answers: list[Any] = [answer for _, answer in last_written_to.send(sender=Inbound, event=asked)]
    return max((at for at in answers if isinstance(at, datetime)), default=None)


def _has_client(practice_id: UUID, address: str, *, is_text: bool) -> bool:
    same = {"phone": address} if is_text else {"email": address}
    return Client.objects.filter(practice_id=practice_id, **same).exists()
