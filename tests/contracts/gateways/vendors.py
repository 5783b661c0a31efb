"""What does each vendor say on the wire, and with what does one sign in?"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from integrations.messaging.base import ChannelName, CodeTable, Gateway, Outgoing, Sought
from integrations.messaging.podium import Podium
from integrations.messaging.sendgrid_email import SendGridEmail
from integrations.messaging.twilio_sms import TwilioSms
from tests.contracts.gateways.wire import Do, Got, answer

NUMBER = "+13128096490"
ADDRESS = "ann.client@example.com"
WORDS = "Ann, it is time for your next visit: https://lakeview.example/b/7Kd"
ATTEMPT = "AZqC4w1xdGVzdGF0dGVtcHQtX0FhQmJDYw"
AT = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
OUTGOING = {
    "sms": Outgoing("sms", NUMBER, WORDS, from_name="Lakeview"),
    "email": Outgoing(
        "email",
        ADDRESS,
        WORDS,
        from_name="Lakeview",
        subject="Your next visit",
        html=f"<p>{WORDS}</p>",
        headers={
            "List-Unsubscribe": "<https://lakeview.example/u/7Kd>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    ),
}

TWILIO_SID = "AC" + "0a" * 16
TWILIO = {"account_sid": TWILIO_SID, "auth_token": "f" * 32, "from_number": "+13125550100"}
SENDGRID = {"api_key": "SG.abcdefghijk.secretsecretsecret", "from_email": "hello@lakeview.example"}
PODIUM = {
    "client_id": "client-0001",
    "client_secret": "secret-of-the-client",
    "refresh_token": "refresh-0001",
    "location_uid": "00000000-0000-4000-8000-000000000001",
    "webhook_secret": "hook-secret",
}
TOKEN = json.dumps({"access_token": "access-0001", "token_type": "Bearer", "expires_in": 36000})
UID = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Vendor:
    """One gateway, and its vendor's words."""

    kind: type[Gateway]
    credentials: dict[str, str]
    channel: ChannelName
    accepted: bytes
    error: Callable[[int, str], str]
    """The body of a refusal, by status and code."""
    send_path: str
    prefix: str = "/vendor"
    secrets: tuple[str, ...] = ()
    before: dict[str, bytes] = field(default_factory=dict)
    """Answers to what is asked before a message is sent: path -> answer."""

    @property
    def outgoing(self) -> Outgoing:
        return OUTGOING[self.channel]

    @property
    def sought(self) -> Sought:
        return Sought(ATTEMPT, self.channel, self.outgoing.to, WORDS, self.outgoing.subject, AT)

    def made(self, url: str, **credentials: str) -> Gateway:
        """The gateway, as a caller makes it."""
        return self.corrected(url, {}, **credentials)

    def corrected(self, url: str, corrections: CodeTable, **credentials: str) -> Gateway:
        """The same, with rows of its table of codes corrected."""
        gateway = self.kind(
            {**self.credentials, **credentials},
            callback_url="https://medspa.example/webhooks/messaging/1/",
            url=url + self.prefix,
            corrections=corrections,
        )
        gateway.seconds = 5.0  # type: ignore[attr-defined]  # every gateway that calls somebody has it
        return gateway

    def script(self, said: bytes | Do | None = None) -> Callable[[Got], bytes | Do]:
        """What to do with requests: that, or accept."""

        def told(got: Got) -> bytes | Do:
            if not got.method:
                return said if said is Do.HANG_UP_AT_ONCE and not self.before else b""
            path = got.target.partition("?")[0].removeprefix(self.prefix)
            if path in self.before:
                return self.before[path]
            return self.accepted if said is None else said

        return told

    def is_send(self, got: Got) -> bool:
        return got.method == "POST" and got.target == self.prefix + self.send_path


def twilio_message(**changed: Any) -> dict[str, Any]:
    """A message as Twilio shows it."""
    return {
        "sid": "SM" + "1b" * 16,
        "account_sid": TWILIO_SID,
        "body": WORDS,
        "to": NUMBER,
        "from": "+13125550100",
        "direction": "outbound-api",
        "status": "queued",
        "date_created": "Tue, 10 Nov 2026 15:00:01 +0000",
        "error_code": None,
        "num_segments": "1",
        **changed,
    }


def twilio_error(status: int, code: str) -> str:
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": int(code), "message": f"About {NUMBER}", "more_info": more, "status": status}
    return json.dumps(told)


def sendgrid_error(status: int, name: str) -> str:
    return json.dumps({"errors": [{"message": f"About {ADDRESS}", "field": name or None, "help": None}]})


def podium_error(status: int, code: str) -> str:
    return json.dumps({"code": code, "message": f"About {NUMBER}", "moreInfo": "https://docs.podium.com/"})


VENDORS = {
    "twilio_sms": Vendor(
        TwilioSms,
        TWILIO,
        "sms",
        answer(201, json.dumps(twilio_message())),
        lambda status, code: twilio_error(status, code or "99999"),
        f"/2010-04-01/Accounts/{TWILIO_SID}/Messages.json",
        secrets=("f" * 32,),
    ),
    "sendgrid_email": Vendor(
        SendGridEmail,
        SENDGRID,
        "email",
        answer(202, X_Message_Id="LRzXl_NHStOGhQ4kofSm_A"),
        sendgrid_error,
        "/v3/mail/send",
        secrets=(SENDGRID["api_key"],),
    ),
    "podium": Vendor(
        Podium,
        PODIUM,
        "sms",
        answer(200, json.dumps({"data": {"uid": UID, "items": [{"deliveryStatus": "sent"}]}})),
        lambda status, code: podium_error(status, code or "unheard_of"),
        "/v4/messages",
        secrets=("secret-of-the-client", "refresh-0001", "access-0001"),
        before={"/oauth/token": answer(200, TOKEN)},
    ),
}


def posted_form(got: Got) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(got.body.decode(), keep_blank_values=True).items()}
