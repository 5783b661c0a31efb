"""How does a practice open an address for a system to post to?"""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings

from integrations.models import Connection, WebhookRoute
from integrations.pms.registry import connector_of
from integrations.queries.routes import KEY_PREFIX
from practices.operations.encryption import encrypt
from practices.tenancy import practice_scope

SECRET_BYTES: Final = 32  # Standard Webhooks asks for 24 to 64
DEFAULT_SOURCE: Final = "records"  # the namespace of files, too: their ids are found again


@dataclass(frozen=True, slots=True)
class OpenedConnection:
    """A new connection. Secret and bearer token are shown this once; neither can be read back."""

    id: UUID
    secret: str
    url: str
    bearer: str | None


def open_connection(
    practice_id: UUID, now: datetime, *, kind: str, source: str = DEFAULT_SOURCE, has_bearer: bool = False
) -> OpenedConnection:
    """Will open a connection that takes webhooks.

    `source` is the namespace of the ids it speaks of; `has_bearer` adds a token for one that cannot sign.

    Raises:
        LookupError: there is no connector of this kind.
        ValueError: `source` is not 1 to 40 characters.
    """
    connector_of(kind)
    if not 0 < len(source) <= 40:
        raise ValueError("The source is a name of 1 to 40 characters.")
    secret = KEY_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    bearer = secrets.token_urlsafe(SECRET_BYTES) if has_bearer else None
    with practice_scope(practice_id):
        connection = Connection.objects.create(
            practice_id=practice_id,
            kind=kind,
            source=source,
            secret=encrypt(secret.encode()),
            bearer_hash=hash_of_token(bearer) if bearer else "",
            created_at=now,
        )
        WebhookRoute.objects.create(id=connection.pk, practice_id=practice_id)
    return OpenedConnection(connection.pk, secret, url_of(connection.pk), bearer)


def close_connection(practice_id: UUID, connection_id: UUID) -> None:
    """Will take no more webhooks at a connection's address, 5 seconds later at the latest.

    Raises:
        LookupError: the practice has no such connection.
    """
    with practice_scope(practice_id):
        if not Connection.objects.filter(pk=connection_id).update(is_active=False):
            raise LookupError(str(connection_id))
        WebhookRoute.objects.filter(pk=connection_id).update(is_active=False)


def url_of(connection_id: UUID) -> str:
    """Return the address at which a connection takes webhooks."""
    return f"{settings.PUBLIC_URL}/webhooks/pms/{connection_id}/"


def hash_of_token(token: str) -> str:
    """Return what is kept of a bearer token. It is 256 random bits, so a plain hash holds."""
    return sha256(token.encode()).hexdigest()
