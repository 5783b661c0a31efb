"""How does what a carrier calls back about come to stand in rows, before it is acknowledged? (CHN-2, CHN-4)"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from uuid6 import uuid7

from integrations.messaging.base import Inbound, Incoming, Report
from integrations.models import GatewayEvent
from integrations.operations.routing_messages import whose_message, whose_report
from integrations.operations.told_words import key_as_kept, written
from integrations.queries.accounts import open_gateway
from integrations.queries.attempt_references import read_reference
from integrations.queries.callback_routes import CallbackRoute, callback_route
from practices.models import Practice
from practices.operations.rows import insert_rows
from practices.tenancy import insert_once, practice_scope

log = structlog.get_logger(__name__)

_COLUMNS: Final = (
    "id",
    "practice_id",
    "gateway",
    "kind",
    "event_key",
    "told",
    "received_at",
    "state",
    "attempts",
    "next_attempt_at",
    "reason",
)
_TABLE: Final = GatewayEvent._meta.db_table
_ONCE: Final = "ON CONFLICT DO NOTHING RETURNING id"


@dataclass(frozen=True, slots=True)
class Taken:
    """A callback that was taken: how the vendor wants it acknowledged, and how many of its words were news."""

    receipt: tuple[str, str]
    news: int


def take_callback(route_name: str, incoming: Incoming, now: datetime) -> Taken:
    """Will prove a callback's sender and store each of its words, once however often it comes, a practice at a time.

    Nothing is applied here. What names a practice that is none, or a message of another practice's, is left out.

    Raises:
        UnknownRoute: nobody has this address.
        NotAuthentic: the vendor did not sign it with this account's key.
        Unreadable: it is signed, but not what the vendor documents.
        NotSent: the account's key cannot be read just now, so that nothing can be proved.
    """
    route = callback_route(route_name)
    gateway = open_gateway(route.account, route.gateway)
    gateway.verify(incoming)
    told: defaultdict[UUID, list[Report | Inbound]] = defaultdict(list)
    for said in gateway.read(incoming, now):
        for practice_id, word in _for_whom(route, said, incoming):
            told[practice_id].append(word)
    news = sum(_store(route, practice_id, words, now) for practice_id, words in told.items())
    return Taken(gateway.receipt, news)


def _for_whom(
    route: CallbackRoute, said: Report | Inbound, incoming: Incoming
) -> Iterable[tuple[UUID, Report | Inbound]]:
    if isinstance(said, Inbound):
        return whose_message(route, said, incoming)
    try:
        practice_id = read_reference(said.attempt_id)[0]
    except ValueError:
        practice_id = None
    own = route.practice_id
    if own is None:
        told = [(practice_id, said)] if practice_id else whose_report(route, said)
        if not told:
            log.warning("callback_names_no_attempt", gateway=route.gateway)
        return told
    if practice_id not in (own, None):
        said = replace(said, attempt_id="")  # another practice's message is none of this account's business
    return [(own, said)]


def _store(route: CallbackRoute, practice_id: UUID, words: Iterable[Report | Inbound], now: datetime) -> int:
    rows = [_row(practice_id, route.gateway, said, now) for said in words]
    if len(rows) == 1 and route.account is not None:
        # One word of a practice's own account, as most are: the row and its scope in one round trip.
        row = dict(zip(_COLUMNS, rows[0], strict=True))
        return insert_once(practice_id, _TABLE, {**row, "told": json.dumps(row["told"])})
    with practice_scope(practice_id):
        if route.account is None and not Practice.objects.filter(pk=practice_id).exists():
            return 0
        return len(insert_rows(GatewayEvent, _COLUMNS, rows, on_conflict=_ONCE))


def _row(practice_id: UUID, gateway: str, said: Report | Inbound, now: datetime) -> tuple[Any, ...]:
    kind = GatewayEvent.Kind.REPORT if isinstance(said, Report) else GatewayEvent.Kind.MESSAGE
    state = GatewayEvent.State.RECEIVED
    told = written(said, now)
    key = key_as_kept(said.event_key)
    return (uuid7(), practice_id, gateway, kind.value, key, told, now, state.value, 0, now, "")
