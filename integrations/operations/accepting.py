"""How does what arrives by webhook come to stand in the inbox, before it is acknowledged?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from integrations.models import InboundEvent
from integrations.operations.authenticity import verify
from integrations.pms.base import Malformed
from integrations.pms.fields import parse_object
from integrations.pms.registry import connector_of
from integrations.queries.routes import route_of
from practices.tenancy import insert_once

MOST_ID_CHARACTERS: Final = 200
UNKNOWN_TYPE: Final = "medspa acts on no events of this type."
_TABLE: Final = InboundEvent._meta.db_table


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that stands in the inbox: under the sender's id, and whether it will be applied."""

    webhook_id: str
    will_be_applied: bool


def accept(connection_id: UUID, headers: Mapping[str, str], body: bytes, now: datetime) -> Accepted:
    """Will verify an event, check its shape and store it, once however often it comes (INT-3).

    `headers` has lower-case names. One round trip to the database: the row and its scope in one statement.

    Raises:
        UnknownConnection: no active connection has this id.
        NotAuthentic: its sender is not proved.
        Malformed: it is not what the contract says; where, and why.
    """
    route = route_of(connection_id)
    verify(route, headers, body)
    event = parse_object(body)
    news = connector_of(route.kind).translate(event, route.source)
    webhook_id = headers.get("webhook-id") or _derived_id(body)
    if len(webhook_id) > MOST_ID_CHARACTERS:
        raise Malformed("webhook-id", f"is longer than {MOST_ID_CHARACTERS} characters")
    state = InboundEvent.State.IGNORED if news is None else InboundEvent.State.RECEIVED
    row = {
        "id": uuid7(),
        "practice_id": route.practice_id,
        "connection_id": connection_id,
        "webhook_id": webhook_id,
        "type": str(event["type"]).strip(),
        "body": body.decode(),
        "received_at": now,
        "state": state.value,
        "attempts": 0,
        "next_attempt_at": None if news is None else now,
        "reason": UNKNOWN_TYPE if news is None else "",
    }
    insert_once(route.practice_id, _TABLE, row)
    return Accepted(webhook_id, will_be_applied=news is not None)


def _derived_id(body: bytes) -> str:
    """The id of an event whose sender gives none: its whole content, so that only a true repeat is one.

    Type, ids and date alone (pms.md 6.1) would take a second change on one day for a repeat of the first.
    """
    return f"sha256-{sha256(body).hexdigest()}"
