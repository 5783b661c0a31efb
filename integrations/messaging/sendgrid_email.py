"""How do emails leave by SendGrid? (messaging.md 2)"""

import json
import re
from datetime import datetime
from typing import Any, ClassVar, Final

from python_http_client.exceptions import HTTPError

from integrations.messaging import form_fields, inbound_email, sendgrid_callbacks
from integrations.messaging.base import (
    Accepted,
    CannotSay,
    Capabilities,
    CodeTable,
    CredentialField,
    Gateway,
    Inbound,
    Incoming,
    NotSent,
    Outgoing,
    Refused,
    Report,
    Sought,
    Unknown,
)
from integrations.messaging.calling import SECONDS, Call, Failure
from integrations.messaging.putting_into_requests import require_plain, sendable
from integrations.messaging.refusing import asked_to_wait, refusal
from integrations.messaging.sendgrid_activity import find_in_log
from integrations.messaging.sendgrid_codes import CODES, UNEXPLAINED
from integrations.messaging.sendgrid_http import session_of

SENDGRID: Final = "https://api.sendgrid.com"
SENDGRID_EU: Final = "https://api.eu.sendgrid.com"

UNTRACKED: Final = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
"""No third party learns who opened or pressed what, and the List-Unsubscribe stays ours (messaging.md 2.2, 5.8)."""

AT_FAULT: Final = re.compile(r"(?:personalizations\.\d+\.)?(to|from|reply_to)(?:\.|$)")


class SendGridEmail(Gateway):
    """Emails by SendGrid's v3 mail/send, over its own SDK.

    SendGrid has no idempotency key, and its activity log, which has to be paid for, comes late. So an attempt in
    doubt is settled by its events, which carry our reference, by that log, or by a person; it is never sent again on
    a guess.
    """

    key: ClassVar[str] = "sendgrid_email"
    channels: ClassVar[frozenset[str]] = frozenset({"email"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        label="SendGrid (email)",
        is_local=False,
        can_be_asked=False,
        carries_health_detail=False,
        sends_per_second=50.0,
        reports_delivery=True,
    )
    fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField(
            "api_key",
            "API key",
            "A restricted key with “Mail Send” is enough. SendGrid’s terms forbid health details: emails by it name no "
            "treatment.",
            is_secret=True,
            pattern=r"SG\.\S{10,120}",
        ),
        CredentialField(
            "from_email",
            "Sender’s address",
            "On a domain that is authenticated at SendGrid.",
            pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
            is_sender=True,
            is_own=True,
        ),
        CredentialField(
            "event_key",
            "Verification key of the event webhook",
            "From SendGrid’s settings of the signed event webhook.",
            is_required=False,
            pattern=r"[A-Za-z0-9+/=]{80,400}",
            without="Without the event webhook’s key medspa learns of no bounce and no spam complaint.",
        ),
        CredentialField(
            "reply_address",
            "Address for replies",
            "On a domain that SendGrid’s Inbound Parse receives for.",
            is_required=False,
            pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
            without="Without an address for replies they go to the sender’s address, and medspa does not see them.",
            is_sender=True,
            is_own=True,
        ),
        CredentialField(
            "parse_key",
            "Verification key of Inbound Parse",
            "The public key of the security policy that is attached to Inbound Parse.",
            is_required=False,
            pattern=r"[A-Za-z0-9+/=]{80,400}",
            without="Without Inbound Parse’s key replies are not taken: anybody could have posted them.",
        ),
        CredentialField(
            "region", "Region", "global, or eu for a subuser in the EU.", is_required=False, pattern=r"global|eu"
        ),
        CredentialField(
            "activity_log",
            "Activity log",
            "yes, if SendGrid’s additional email activity history is bought and the key may read it: emails whose fate "
            "is not known are looked for there.",
            is_required=False,
            pattern=r"yes|no",
        ),
    )
    codes: ClassVar[CodeTable] = CODES
    url: ClassVar[str] = SENDGRID
    seconds: float = SECONDS

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Hands one email over: the text part, then the HTML one, with the headers as they are given.

        A 202 is an acceptance also if it came without its X-Message-Id (SendGrid's own description of the API has
        none): then the attempt's reference stands in for it, by which events are matched in any case.

        Raises:
            NotSent: a connection that did not come about, 429, or the account is at fault.
            Refused: by the table of codes, or a 4xx that nobody has explained.
            Unknown: no answer, an unreadable one, a redirect, a 5xx.
        """
        body = self._body(outgoing, attempt_id)
        call = Call("SendGrid", self.seconds)
        session = session_of(call, self._key(), self._base())
        try:
            answer = call.run(lambda: session.send(body))
        except HTTPError as error:
            raise self._refused(error) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes one of the three
            raise call.doubt(error) from None
        if answer.status_code != 202:
            raise Unknown(f"SendGrid answered with {answer.status_code}; the message may have been sent.")
        return Accepted((answer.headers.get("X-Message-Id") or f"attempt:{attempt_id}")[:120])

    def find(self, sought: Sought) -> Accepted | CannotSay:
        """Looks for it in the activity log, if the account has paid for one.

        Raises:
            NotSent: it is not there (yet: the log comes late), or SendGrid could not be asked now.
        """
        if self.credentials.get("activity_log") != "yes":
            return CannotSay()
        call = Call("SendGrid", self.seconds)
        return find_in_log(session_of(call, self._key(), self._base()), call, sought.attempt_id)

    def check(self) -> None:
        """Tries the key, and whether it may send; where SendGrid calls back, it does not tell such a key.

        Raises:
            NotSent: it does not work (`is_account`), or SendGrid could not be asked now.
        """
        call = Call("SendGrid", self.seconds)
        session = session_of(call, self._key(), self._base())
        try:
            answer = call.run(session.client.scopes.get)
            scopes = json.loads(answer.body)["scopes"]
        except HTTPError as error:
            failure = self._refused(error)
            raise (failure if isinstance(failure, NotSent) else call.unreachable()) from None
        except Exception:  # noqa: BLE001 - whatever it is, the answer was not had
            raise call.unreachable() from None
        if "mail.send" not in scopes:
            raise NotSent("The API key may not send emails.", is_account=True)

    def verify(self, incoming: Incoming) -> None:
        """Events by the event webhook's key, replies by that of Inbound Parse's security policy.

        Raises:
            NotAuthentic: it is not signed, or not with this account's key.
        """
        is_reply = incoming.content_type == form_fields.FORM
        sendgrid_callbacks.verify(incoming, self.credentials.get("parse_key" if is_reply else "event_key", ""))

    def read(self, incoming: Incoming, now: datetime) -> list[Report | Inbound]:
        """What became of messages, many at once, or a client's email.

        Raises:
            Unreadable: it is not what SendGrid documents.
        """
        if incoming.content_type == form_fields.FORM:
            return [*inbound_email.read_email(incoming)]
        return [*sendgrid_callbacks.read_events(incoming, self.explain)]

    def _base(self) -> str:
        is_eu = self.credentials.get("region") == "eu" and self.base_url == self.url
        return SENDGRID_EU if is_eu else self.base_url

    def _key(self) -> str:
        key = self.credentials.get("api_key")
        if not key:
            raise NotSent("The API key is missing.", is_account=True)
        require_plain(key, "SendGrid’s API keys have no such characters.")
        return key

    def _body(self, outgoing: Outgoing, attempt_id: str) -> dict[str, Any]:
        outgoing = sendable(outgoing, "SendGrid", self.channels)
        sender = self.credentials.get("from_email")
        if not sender:
            raise NotSent("The sender’s address is missing.", is_account=True)
        parts = (("text/plain", outgoing.text), ("text/html", outgoing.html))
        body: dict[str, Any] = {
            "personalizations": [
                {"to": [{"email": outgoing.to}], "custom_args": {sendgrid_callbacks.REFERENCE: attempt_id}}
            ],
            "from": {"email": sender, **({"name": outgoing.from_name} if outgoing.from_name else {})},
            "subject": outgoing.subject,
            "content": [{"type": kind, "value": words} for kind, words in parts if words],
            "tracking_settings": UNTRACKED,
        }
        if outgoing.headers:
            body["headers"] = dict(outgoing.headers)
        if reply_to := self.credentials.get("reply_address"):
            body["reply_to"] = {"email": reply_to}
        return body

    def _refused(self, error: HTTPError) -> Failure:
        """The answer in our words: by its status, and by the part of the message that it names."""
        status = int(error.status_code)
        if status < 400 or status == 408 or status >= 500:
            return Unknown(f"SendGrid answered with {status}; the message may have been sent.", code=str(status))
        wait = asked_to_wait(dict(error.headers.items()))
        for code in (f"{status}:{_part(error)}", str(status)):
            if explained := self.explain(code):
                return refusal(explained, code, wait)
        return Refused(UNEXPLAINED, code=str(status))


def _part(error: HTTPError) -> str:
    """What the answer finds fault with: to, from, reply_to, credits; empty: nothing that we know."""
    try:
        errors = json.loads(error.body)["errors"]
        found = [(str(each.get("field") or ""), str(each.get("message") or "")) for each in errors]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    for name, message in found:
        if "credits exceeded" in message.lower():
            return "credits"
        if at_fault := AT_FAULT.match(name):
            return at_fault[1]
    return ""
