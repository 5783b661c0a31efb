"""How do texts leave by Twilio? (messaging.md 1)"""

from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

from twilio.base.exceptions import TwilioException

from integrations.messaging import twilio_callbacks
from integrations.messaging.base import (
    Accepted,
    Amiss,
    Capabilities,
    CodeTable,
    CredentialField,
    Found,
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
from integrations.messaging.calling import SECONDS, Failure
from integrations.messaging.putting_into_requests import sendable
from integrations.messaging.refusing import LONGEST_CODE, asked_to_wait, refusal
from integrations.messaging.twilio_account import FIELDS, OF_STATUS, TwilioAccount, at_fault
from integrations.messaging.twilio_checking import NO_SENDER, check_twilio
from integrations.messaging.twilio_codes import CODES, UNEXPLAINED
from integrations.messaging.twilio_finding import which
from integrations.messaging.twilio_http import TWILIO, TwilioHttp

MOST_SECONDS: Final = 3600
"""A text that has waited so long at Twilio is dropped (30036), or as soon as it may not leave any more."""
LEAST_SECONDS: Final = 6
"""Twilio advises more than five (messaging.md 1.1)."""

MOST_LISTED: Final = 1000


class TwilioSms(Gateway):
    """Texts by Twilio's Messages API, over Twilio's own SDK.

    Twilio has no idempotency key. The attempt's reference travels in the address of the status callback; an
    attempt in doubt is looked up in the list of messages to that number.
    """

    key: ClassVar[str] = "twilio_sms"
    channels: ClassVar[frozenset[str]] = frozenset({"sms"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        label="Twilio (text messages)",
        is_local=False,
        can_be_asked=True,
        carries_health_detail=True,
        sends_per_second=1.0,
        answers_stop=True,
        reports_delivery=True,
    )
    fields: ClassVar[tuple[CredentialField, ...]] = FIELDS
    signed_by: ClassVar[tuple[str, ...]] = ("account_sid", "auth_token")
    codes: ClassVar[CodeTable] = CODES
    receipt: ClassVar[tuple[str, str]] = ("text/xml", "<Response/>")
    url: ClassVar[str] = TWILIO
    # Else Twilio calls again only where it could not connect, and a STOP that meets a 5xx of ours is lost
    # (messaging.md 1.7: connection overrides).
    pasted_with: ClassVar[str] = "#rc=3&rp=5xx,ct,rt"
    seconds: float = SECONDS

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Hands one text over; Twilio drops it if it cannot leave within an hour, or within its `leave_within`.

        Raises:
            NotSent: a connection that did not come about, 429, or the account is at fault.
            Refused: by the table of codes, or a 4xx that nobody has explained.
            Unknown: no answer, an unreadable one, a redirect, a 5xx.
        """
        fields = self._fields(outgoing, attempt_id)
        call, http = self._account.begin()
        try:
            message = self._account.run(call, http, lambda session: session.messages.create(**fields))
        except NotSent:
            raise
        except TwilioException as error:
            raise (self._refused(error, http) if http.status else call.doubt(error)) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes one of the three
            raise call.doubt(error) from None
        if not isinstance(message.sid, str) or not 0 < len(message.sid) <= 120:
            raise Unknown("Twilio answered unreadably; the message may have been sent.")
        return Accepted(message.sid)

    def find(self, sought: Sought) -> Found:
        """Looks for it among the last thousand texts to that number.

        Twilio lists a message within seconds; callers wait a minute before they ask.

        Raises:
            NotSent: Twilio could not be asked now.
        """
        listed = self._account.ask(lambda session: session.messages.list(to=sought.to, limit=MOST_LISTED))
        return which(listed, sought, is_complete=len(listed) < MOST_LISTED)

    def check(self) -> Amiss | None:
        """Tries the SID with its token, the API key if there is one, the number and the messaging service.

        Twilio also says where it tells of clients' answers: elsewhere than here, and that is what is amiss.

        Raises:
            NotSent: they do not work (`is_account`), or Twilio could not be asked now.
        """
        return self._account.ask_all(lambda ask: check_twilio(ask, self.credentials, self.callback_url))

    def verify(self, incoming: Incoming) -> None:
        """Twilio signs the address and the form with the auth token; no time is in it, so that repeats pass.

        Raises:
            NotAuthentic: it is not signed, or not with this account's token.
        """
        twilio_callbacks.verify(incoming, self.credentials.get("auth_token", ""))

    def read(self, incoming: Incoming, now: datetime) -> list[Report | Inbound]:
        """A status of a message, or a client's text.

        Raises:
            Unreadable: it is no form, or names no message.
        """
        is_twilios = self.credentials.get("stop_handling") != "medspa"
        return twilio_callbacks.read(incoming, self.explain, twilio_answers=is_twilios)

    @property
    def _account(self) -> TwilioAccount:
        return TwilioAccount(self.credentials, self.base_url, self.seconds)

    def _fields(self, outgoing: Outgoing, attempt_id: str) -> dict[str, Any]:
        outgoing = sendable(outgoing, "Twilio", self.channels)
        fields: dict[str, Any] = {"to": outgoing.to, "body": outgoing.text, "validity_period": _validity(outgoing)}
        if service := self.credentials.get("messaging_service_sid"):
            fields["messaging_service_sid"] = service
        if number := self.credentials.get("from_number"):
            fields["from_"] = number
        if not service and not number:
            raise at_fault(NO_SENDER)
        if self._may_call_back():
            sign = "&" if "?" in self.callback_url else "?"
            reference = f"{twilio_callbacks.REFERENCE}={quote(attempt_id, safe='')}"
            fields["status_callback"] = f"{self.callback_url}{sign}{reference}"
        return fields

    def _may_call_back(self) -> bool:
        """Twilio takes no host with an underscore (messaging.md 1.1), and cannot reach one of this machine."""
        parts = urlsplit(self.callback_url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host or "_" in host:
            return False
        is_here = "." not in host or host.startswith("127.")
        return not is_here or self.base_url != self.url

    def _refused(self, error: TwilioException, http: TwilioHttp) -> Failure:
        """The answer in our words: what the table says of its code, else what its status says."""
        status = http.status
        told = getattr(error, "code", None)
        code = str(told)[:LONGEST_CODE] if told and isinstance(told, int | str) else str(status)
        if status < 400 or status == 408 or status >= 500:
            return Unknown(f"Twilio answered with {status}; the message may have been sent.", code=code)
        explained = OF_STATUS[429] if status == 429 else self.explain(code) or OF_STATUS.get(status)
        if explained is None:
            return Refused(UNEXPLAINED, code=code)
        return refusal(explained, code, asked_to_wait(http.headers))


def _validity(outgoing: Outgoing) -> int:
    """For how many seconds Twilio may try."""
    if outgoing.leave_within is None:
        return MOST_SECONDS
    return max(LEAST_SECONDS, min(MOST_SECONDS, outgoing.leave_within))
