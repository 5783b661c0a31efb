"""What is an account at Podium: its OAuth client, its locations, its webhooks? (messaging.md 3)"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from integrations.messaging.stand_ins.calling import Sign
from integrations.messaging.stand_ins.credentials import letters, uuid
from integrations.messaging.stand_ins.exchange import Json

TOKEN_LIVES: Final = timedelta(hours=10)
SCOPES: Final = "read_messages write_messages"
EVENTS: Final = ("message.sent", "message.failed", "message.received")


@dataclass
class Webhook:
    """Where events are told. Without a secret they are not signed."""

    url: str
    secret: str = ""
    events: tuple[str, ...] = EVENTS
    uid: str = field(default_factory=lambda: str(uuid4()))
    location_uid: str = ""

    def resource(self, at: datetime) -> Json:
        """As Podium gives it."""
        when = iso(at)
        return {
            "uid": self.uid,
            "url": self.url,
            "eventTypes": list(self.events),
            "disabled": False,
            "locationUid": self.location_uid or None,
            "organizationUid": None,
            "createdAt": when,
            "updatedAt": when,
        }


@dataclass
class Account:
    """One OAuth client with what it was granted."""

    client_id: str
    client_secret: str
    refresh_token: str
    locations: set[str]
    organization: str
    webhook_secret: str
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    """Access token -> when it ends."""

    @classmethod
    def made_up(cls) -> "Account":
        """The account that is there from the start."""
        return cls(
            client_id=uuid("podium client"),
            client_secret=letters("podium client secret", 43),
            refresh_token=letters("podium refresh token", 43),
            locations={uuid("podium location")},
            organization=uuid("podium organization"),
            webhook_secret=letters("podium webhook secret", 32),
        )

    def grant(self, now: datetime) -> Json:
        """A new access token, as the token endpoint gives it."""
        ends = now + TOKEN_LIVES
        claims = {"iss": "podium", "jti": uuid4().hex, "exp": int(ends.timestamp()), "scope": SCOPES}
        token = ".".join(_part(each) for each in ({"alg": "HS256", "typ": "JWT"}, claims)) + "." + uuid4().hex
        self.tokens[token] = ends
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LIVES.total_seconds()),
            "refresh_token": self.refresh_token,
            "scope": SCOPES,
            "created_at": int(now.timestamp()),
        }

    def change(self, told: Json) -> None:
        """Change secrets, `locations`, or where events are told (`webhook_url`).

        Raises:
            ValueError: a name that an account has not, or a value of another kind.
        """
        for name, value in told.items():
            if name == "webhook_url" and isinstance(value, str):
                webhook = Webhook(value, self.webhook_secret)
                self.webhooks = {webhook.uid: webhook} if value else {}
            elif name == "locations" and isinstance(value, list):
                self.locations = set(value)
            elif name in ("client_secret", "refresh_token", "webhook_secret") and isinstance(value, str):
                setattr(self, name, value)
                for webhook in self.webhooks.values():
                    webhook.secret = self.webhook_secret
            else:
                raise ValueError(f"A Podium account has no {name!r} of that kind.")


def signer(secret: str, now: Callable[[], datetime]) -> Sign:
    """Signs "{timestamp}.{raw body}" with HMAC-SHA256, in hexadecimal digits."""

    def sign(body: bytes) -> dict[str, str]:
        if not secret:
            return {}
        timestamp = str(int(now().timestamp()))
        digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"podium-timestamp": timestamp, "podium-signature": digest}

    return sign


def iso(at: datetime) -> str:
    """A moment as Podium writes it: 2015-01-23T23:50:07Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _part(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
