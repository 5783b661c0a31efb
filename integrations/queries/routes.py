"""Which practice does a webhook address belong to, and by what are its senders known?"""

from base64 import b64decode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from integrations.models import Connection, WebhookRoute
from integrations.queries.remembering import Remembered
from practices.operations.encryption import decrypt
from practices.tenancy import practice_scope

KEY_PREFIX: Final = "whsec_"


class UnknownConnection(LookupError):
    """No active connection has this id."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address that takes webhooks, with what proves a sender."""

    connection_id: UUID
    practice_id: UUID
    kind: str
    source: str
    signing_key: bytes
    bearer_hash: str


def route_of(connection_id: UUID) -> Route:
    """Return where a connection's webhooks belong.

    Each process remembers an answer for 5 seconds, so accepting costs no query; for as long a connection that
    was just closed may still be answered. Unknown ids are not remembered.

    Raises:
        UnknownConnection: there is none, or it is closed.
    """
    return _remembered.of(connection_id)


def forget_routes() -> None:
    """Will make this process ask again at once."""
    _remembered.forget()


def _read(connection_id: UUID) -> Route:
    route = WebhookRoute.objects.filter(pk=connection_id, is_active=True).first()
    if route is None:
        raise UnknownConnection(str(connection_id))
    with practice_scope(route.practice_id):
        connection = Connection.objects.filter(pk=connection_id, is_active=True).first()
    if connection is None:
        raise UnknownConnection(str(connection_id))
    secret = decrypt(bytes(connection.secret)).decode()
    return Route(
        connection_id=connection_id,
        practice_id=route.practice_id,
        kind=connection.kind,
        source=connection.source,
        signing_key=b64decode(secret.removeprefix(KEY_PREFIX)),
        bearer_hash=connection.bearer_hash,
    )


_remembered: Final = Remembered(_read)
