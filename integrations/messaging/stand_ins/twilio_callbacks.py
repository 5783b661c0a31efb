"""What does Twilio post to the application, and how is it signed? (messaging.md 1.5 to 1.8)"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urlencode
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from integrations.messaging.stand_ins.calling import Answered, Call
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.segments import segments_of
from integrations.messaging.stand_ins.twilio_account import Account
from integrations.messaging.stand_ins.twilio_messages import Message
from integrations.messaging.stand_ins.twilio_rules import ERRORS

if TYPE_CHECKING:
    from integrations.messaging.stand_ins.twilio import Twilio

FORM: Final = "application/x-www-form-urlencoded; charset=UTF-8"
USER_AGENT: Final = "TwilioProxy/1.1"
TWIML: Final = frozenset({"text/xml", "application/xml", "text/html"})
OVERRIDES: Final = re.compile(r"(?:^|&)(rc|rp)=([^&]+)")


def status_call(twilio: Twilio, account: Account, message: Message, status: str, code: int) -> Call:
    """Tells that a message reached a status."""
    kept = message.kept
    fields = {
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "From": message.sender or "",
        "To": kept.address,
        "MessageSid": kept.remote_id,
        "SmsSid": kept.remote_id,
        "MessageStatus": status,
        "SmsStatus": status,
    }
    if message.service:
        fields["MessagingServiceSid"] = message.service
    if code:
        fields["ErrorCode"] = str(code)
    if status in ("delivered", "undelivered"):
        fields["RawDlrDoneDate"] = twilio.now().strftime("%y%m%d%H%M")
    return _signed(twilio, account, f"message {status}", message.callback, fields, kept)


def inbound_call(twilio: Twilio, account: Account, kept: Kept, ours: str, keyword: str, url: str) -> Call:
    """Tells that somebody wrote."""
    fields = {
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "From": kept.address,
        "To": kept.ours,
        "Body": kept.text,
        "MessageSid": kept.remote_id,
        "SmsSid": kept.remote_id,
        "SmsMessageSid": kept.remote_id,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": str(segments_of(kept.text)),
        "FromCity": "CHICAGO",
        "FromState": "IL",
        "FromZip": "60614",
        "FromCountry": "US",
        "ToCity": "",
        "ToState": "IL",
        "ToZip": "",
        "ToCountry": "US",
    }
    if ours in account.services:
        fields["MessagingServiceSid"] = ours
    if keyword and account.advanced_opt_out:
        fields["OptOutType"] = keyword
    return _signed(twilio, account, "inbound", url, fields, kept)


def _signed(twilio: Twilio, account: Account, what: str, url: str, fields: dict[str, str], kept: Kept) -> Call:
    called, fragment = urldefrag(url)
    overrides = dict(OVERRIDES.findall(fragment))
    again = set(overrides.get("rp", "ct").split(","))

    def is_again(answered: Answered) -> bool:
        failed = {"all"} | ({"ct", "rt"} if answered.status == 0 else {f"{answered.status // 100}xx"})
        return not answered.is_good and bool(failed & again)

    return Call(
        vendor="twilio",
        what=what,
        url=called,
        body=urlencode(fields).encode(),
        content_type=FORM,
        sign=lambda _: {
            "X-Twilio-Signature": RequestValidator(account.auth_token).compute_signature(called, fields),
            "I-Twilio-Idempotency-Token": f"{kept.remote_id}:{what}",
        },
        user_agent=USER_AGENT,
        again=is_again,
        tries=1 + min(int(overrides.get("rc", "1")), 5),
        follows_redirects=True,
        heard=lambda answered: _hear(twilio, what, kept, answered),
    )


def _hear(twilio: Twilio, what: str, kept: Kept, answered: Answered) -> None:
    """What Twilio makes of the application's answer: alerts, and messages that it would send on."""
    if not answered.is_good:
        _alert(twilio, 11200, kept)
        return
    if what != "inbound" or answered.status == 204 or not answered.body.strip():
        return
    kind = answered.content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        _answered(twilio, kept, answered.body.decode("utf-8", "replace"))
    elif kind not in TWIML:
        _alert(twilio, 12300, kept)
    else:
        try:
            document = ET.fromstring(answered.body)  # noqa: S314 - it comes from the application under test
        except ET.ParseError:
            _alert(twilio, 12100, kept)
            return
        for message in document.iter("Message"):
            _answered(twilio, kept, "".join(message.itertext()))


def _alert(twilio: Twilio, code: int, kept: Kept) -> None:
    twilio.alerts.append((code, ERRORS[code][1], kept.remote_id))


def _answered(twilio: Twilio, kept: Kept, text: str) -> None:
    twilio.answers_in_twiml.append((kept.address, text))
