"""What does Twilio post about an account's messages, and how does it sign that?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.test import Client as Browser
from twilio.request_validator import RequestValidator

from integrations.models import GatewayEvent, GatewayRoute
from integrations.operations.accounts import connect_account
from integrations.queries.attempt_references import refer
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.practices import MADE_AT

TWILIO: Final = "twilio_sms"
ACCOUNT_SID: Final = "AC" + "1f" * 16
NUMBER: Final = "+13128096490"
OPERATORS_TOKEN: Final = "fedcba9876543210fedcba9876543210"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Line:
    """A number at Twilio, and the address at which Twilio calls back about it."""

    practice: Practice
    route: str
    token: str
    number: str = NUMBER
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    @property
    def path(self) -> str:
        return f"/webhooks/messaging/{self.route}/"

    def status(self, status: str, delivery_id: UUID | None = None, **fields: str) -> Any:
        """Twilio says how a message stands; `delivery_id` travelled with it."""
        query = f"?o={refer(self.practice.pk, delivery_id)}" if delivery_id else ""
        form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+13125550142", "From": self.number, **fields}
        return self.post(form, query=query)

    def text(self, words: str, sender: str = "+13125550142", sid: str = "SM9", **fields: str) -> Any:
        """A client texts the number."""
        return self.post(
            {"MessageSid": sid, "SmsStatus": "received", "From": sender, "To": self.number, "Body": words, **fields}
        )

    def post(self, form: Mapping[str, str], *, query: str = "", path: str = "", token: str = "") -> Any:
        """Sign a form as Twilio does, and post it."""
        where = (path or self.path) + query
        signature = RequestValidator(token or self.token).compute_signature(settings.PUBLIC_URL + where, dict(form))
        return self.post_raw(urlencode(form).encode(), {"X-Twilio-Signature": signature}, where=where)

    def post_raw(
        self, body: bytes, headers: Mapping[str, str] | None = None, *, where: str = "", content_type: str = FORM
    ) -> Any:
        """Post bytes as they are."""
        return self.browser.generic(
            "POST", where or self.path, body, content_type=content_type, headers=dict(headers or {})
        )

    def stored(self) -> list[GatewayEvent]:
        """What the practice was told, in the order of arrival."""
        return told(self.practice)


def told(practice: Practice) -> list[GatewayEvent]:
    """What a practice was told by carriers, in the order of arrival."""
    with practice_scope(practice.pk):
        return list(GatewayEvent.objects.order_by("received_at", "id"))


def line(practice: Practice, *, number: str = NUMBER, token: str = "0123456789abcdef0123456789abcdef") -> Line:
    """The practice connects an account of its own."""
    values = {"account_sid": ACCOUNT_SID, "auth_token": token, "from_number": number}
    account_id = connect_account(practice.pk, TWILIO, values, Actor(), MADE_AT)
    route = GatewayRoute.objects.get(account_id=account_id)
    return Line(practice, str(route.pk), token, number)


OPERATORS: Final = {
    TWILIO: {"account_sid": ACCOUNT_SID, "auth_token": OPERATORS_TOKEN, "from_number": NUMBER},
}
"""What the operator's environment says."""


def operators_line(practice: Practice, **own: str) -> Line:
    """The practice sends with the operator's account, from the operator's number or one of its own there."""
    connect_account(practice.pk, TWILIO, own, Actor(), MADE_AT, use_operators=True)
    return Line(practice, TWILIO, OPERATORS_TOKEN, own.get("from_number", NUMBER))
