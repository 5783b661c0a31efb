"""What is an account at SendGrid: its key, its webhooks, its lists of those who get nothing?"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.messaging.stand_ins.calling import Sign
from integrations.messaging.stand_ins.credentials import letters, public_key, signing_key, uuid
from integrations.messaging.stand_ins.exchange import Json

LISTS = ("bounces", "blocks", "spam_reports", "invalid_emails", "unsubscribes")
DROPS = {
    "invalid_emails": ("Invalid", "bypass_bounce_management"),
    "bounces": ("Bounced Address", "bypass_bounce_management"),
    "spam_reports": ("Spam Reporting Address", "bypass_spam_management"),
    "unsubscribes": ("Unsubscribed Address", "bypass_unsubscribe_management"),
}
"""List -> the reason of the drop, and the setting that overrides it. Blocks do not drop."""
SCOPES = ("mail.send", "user.webhooks.event.settings.read", "suppression.read", "2fa_exempt")
TEXTS = ("event_url", "parse_url", "parse_domain")
SWITCHES = ("signs_events", "signs_parse", "has_activity_log")


@dataclass
class Account:
    """One account, known by its API key."""

    api_key: str
    event_url: str = ""
    parse_url: str = ""
    parse_domain: str = ""
    """Mails to any address below it are parsed; empty: all are."""
    senders: set[str] = field(default_factory=set)
    """Verified addresses or domains; empty: any."""
    signs_events: bool = True
    signs_parse: bool = True
    has_activity_log: bool = False
    scopes: tuple[str, ...] = SCOPES
    webhook_id: str = uuid("sendgrid webhook")
    event_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: signing_key("sendgrid events"))
    parse_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: signing_key("sendgrid parse"))
    lists: dict[str, dict[str, Json]] = field(default_factory=lambda: {name: {} for name in LISTS})

    @classmethod
    def made_up(cls) -> "Account":
        """The account that is there from the start."""
        return cls(f"SG.{letters('sendgrid key id', 22)}.{letters('sendgrid key', 43)}")

    @property
    def event_public_key(self) -> str:
        """With what events are verified."""
        return public_key(self.event_key)

    @property
    def parse_public_key(self) -> str:
        """With what parsed mails are verified."""
        return public_key(self.parse_key)

    def change(self, told: Json) -> None:
        """Change what is named: addresses of webhooks, `senders`, `scopes`, switches.

        Raises:
            ValueError: a name that an account has not, or a value of another kind.
        """
        for name, value in told.items():
            if (name in TEXTS and isinstance(value, str)) or (name in SWITCHES and isinstance(value, bool)):
                setattr(self, name, value)
            elif name == "senders" and isinstance(value, list):
                self.senders = set(value)
            elif name == "scopes" and isinstance(value, list):
                self.scopes = tuple(value)
            else:
                raise ValueError(f"A SendGrid account has no {name!r} of that kind.")

    def may_send_from(self, address: str) -> bool:
        """Whether the sender or its domain is verified."""
        return not self.senders or address in self.senders or address.rpartition("@")[2] in self.senders

    def list(self, name: str, email: str, reason: str, at: datetime) -> None:
        """Put an address on one of the lists."""
        entry: Json = {"email": email.lower(), "created": int(at.timestamp())}
        self.lists[name][email.lower()] = entry | ({"reason": reason} if reason else {})

    def drop_reason(self, email: str, settings: Json) -> str:
        """Why a mail to that address is dropped; empty: it is not."""
        if settings.get("bypass_list_management", {}).get("enable"):
            return ""
        for name, (reason, bypass) in DROPS.items():
            if email.lower() in self.lists[name] and not settings.get(bypass, {}).get("enable"):
                return reason
        return ""


def signer(key: ec.EllipticCurvePrivateKey, is_on: bool, now: Callable[[], datetime]) -> Sign:  # noqa: FBT001
    """Signs timestamp and raw body with ECDSA and SHA-256 (messaging.md 2.4)."""

    def sign(body: bytes) -> dict[str, str]:
        if not is_on:
            return {}
        timestamp = str(int(now().timestamp()))
        signature = key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }

    return sign
