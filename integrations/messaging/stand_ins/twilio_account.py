"""What is an account at Twilio: its keys, numbers and messaging services?"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime

from integrations.messaging.stand_ins.credentials import hexadecimal
from integrations.messaging.stand_ins.exchange import Json, Request
from integrations.messaging.stand_ins.twilio_rules import Refusal

NUMBERS = (*(f"+131255501{last:02}" for last in range(10)), "+13035550110")
"""Fictional ones, among them those of the demo's practices."""


@dataclass
class Account:
    """One account. `inbound_urls`: of single numbers and services; `inbound_url`: of all others."""

    sid: str
    auth_token: str
    keys: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    inbound_url: str = ""
    inbound_urls: dict[str, str] = field(default_factory=dict)
    status_callback: str = ""
    """For messages that name none."""
    status: str = "active"
    queue_seconds: int = 0
    """For how long texts wait before they are sent; what may not wait so long is dropped (30036)."""
    handles_stop: bool = True
    """Twilio's default: it heeds its keywords itself."""
    advanced_opt_out: bool = False
    """Callbacks of keywords then carry OptOutType."""

    @classmethod
    def made_up(cls) -> "Account":
        """The account that is there from the start."""
        return cls(
            sid="AC" + hexadecimal("twilio account", 32),
            auth_token=hexadecimal("twilio auth token", 32),
            keys={"SK" + hexadecimal("twilio api key", 32): hexadecimal("twilio api key secret", 32)},
            numbers=set(NUMBERS),
            services={"MG" + hexadecimal("twilio messaging service", 32)},
        )

    def change(self, told: Json) -> None:
        """Change what is named.

        Raises:
            ValueError: a name that an account has not, or a value of another kind.
        """
        for name, value in told.items():
            before = getattr(self, name, None) if name in self.__dataclass_fields__ and name != "sid" else None
            kept = set(value) if isinstance(before, set) and isinstance(value, list) else value
            if before is None or type(kept) is not type(before):
                raise ValueError(f"A Twilio account has no {name!r} of that kind.")
            setattr(self, name, kept)

    def owns(self, sender: str) -> bool:
        """Whether it may send from that number or service."""
        return sender in self.numbers or sender in self.services

    def inbound_url_of(self, ours: str) -> str:
        """Where texts to one of its numbers are told."""
        return self.inbound_urls.get(ours) or self.inbound_url

    def resource(self, since: datetime) -> Json:
        """As `GET /Accounts/{Sid}.json` gives it."""
        when, uri = rfc_2822(since), f"/2010-04-01/Accounts/{self.sid}"
        parts = {"messages": "Messages", "incoming_phone_numbers": "IncomingPhoneNumbers"}
        return {
            "sid": self.sid,
            "friendly_name": "Stand-in",
            "owner_account_sid": self.sid,
            "auth_token": self.auth_token,
            "status": self.status,
            "type": "Full",
            "date_created": when,
            "date_updated": when,
            "subresource_uris": {name: f"{uri}/{part}.json" for name, part in parts.items()},
            "uri": f"{uri}.json",
        }

    def number_resource(self, number: str, since: datetime) -> Json:
        """As the list of its numbers gives one."""
        sid, when = "PN" + hexadecimal(number, 32), rfc_2822(since)
        return {
            "sid": sid,
            "account_sid": self.sid,
            "phone_number": number,
            "friendly_name": number,
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "sms_url": self.inbound_url_of(number),
            "sms_method": "POST",
            "status_callback": "",
            "status_callback_method": "POST",
            "origin": "twilio",
            "beta": False,
            "address_requirements": "none",
            "api_version": "2010-04-01",
            "date_created": when,
            "date_updated": when,
            "uri": f"/2010-04-01/Accounts/{self.sid}/IncomingPhoneNumbers/{sid}.json",
        }

    def service_resource(self, sid: str, since: datetime) -> Json:
        """As `GET /v1/Services/{Sid}` gives it."""
        when = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        url = f"https://messaging.twilio.com/v1/Services/{sid}"
        return {
            "sid": sid,
            "account_sid": self.sid,
            "friendly_name": "Stand-in",
            "date_created": when,
            "date_updated": when,
            "inbound_request_url": self.inbound_url_of(sid) or None,
            "inbound_method": "POST",
            "status_callback": self.status_callback or None,
            "sticky_sender": True,
            "smart_encoding": False,
            "validity_period": 36000,
            "usecase": "undeclared",
            "use_inbound_webhook_on_number": False,
            "url": url,
            "links": {"phone_numbers": f"{url}/PhoneNumbers"},
        }


def rfc_2822(at: datetime) -> str:
    """A moment as Twilio writes it.

    >>> from datetime import UTC
    >>> rfc_2822(datetime(2026, 11, 9, 8, 5, tzinfo=UTC))
    'Mon, 09 Nov 2026 08:05:00 +0000'
    """
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000")


def signed_in(request: Request, accounts: dict[str, Account], named: str) -> Account:
    """The account whose SID or API key signs the request, for the account that its path names, if any.

    Raises:
        Refusal: 20003, or 20404 for another's account.
    """
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(20003) from error
    for account in accounts.values():
        own = user == account.sid and secret == account.auth_token
        if scheme.lower() == "basic" and secret and (own or account.keys.get(user) == secret):
            if named and named != account.sid:
                raise Refusal(20003 if named in accounts else 20404, path=request.path)
            return account
    raise Refusal(20003)
