"""How do texts and emails leave by Podium? (messaging.md 3)"""

from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

import httpx

from integrations.messaging import podium_callbacks
from integrations.messaging.base import (
    Accepted,
    CannotSay,
    Capabilities,
    CodeTable,
    CredentialField,
    Explained,
    Gateway,
    GatewayError,
    Inbound,
    Incoming,
    Meaning,
    NotSent,
    Outgoing,
    Refused,
    Report,
    Sought,
    Unknown,
)
from integrations.messaging.calling import SECONDS, Call, Failure
from integrations.messaging.podium_http import PODIUM, TOKEN_URL, PodiumAccount
from integrations.messaging.putting_into_requests import sendable
from integrations.messaging.refusing import LONGEST_CODE, asked_to_wait, refusal

CODES: Final[CodeTable] = MappingProxyType(
    {
        "rate_limit": Explained(Meaning.RETRY, "Podium asked us to slow down."),
        "429": Explained(Meaning.RETRY, "Podium asked us to slow down."),
        "400": Explained(Meaning.REFUSED, "Podium refused the message."),
        "401": Explained(Meaning.ACCOUNT, "Podium does not accept the access token."),
        "403": Explained(Meaning.ACCOUNT, "The Podium app may not send for this location."),
        "404": Explained(Meaning.ACCOUNT, "Podium does not know this location."),
        "failed:landline": Explained(Meaning.NOT_MOBILE, "The number is a landline."),
        "failed:opted out": Explained(Meaning.OPTED_OUT, "The person has told Podium to stop."),
        "failed:invalid": Explained(Meaning.NO_SUCH, "The number or address is not a valid one."),
    }
)
"""Podium's statuses and codes, and ours for the reasons of failures. An operator corrects and adds rows."""

TYPES: Final = {"sms": "phone", "email": "email"}


class Podium(Gateway):
    """Texts and emails by Podium's REST API; there is no SDK.

    Podium has no idempotency key, returns nothing of ours and lists messages by conversation only, which is not
    known when the answer was lost: an attempt in doubt is settled by a person. Its emails have a text alone, and
    carry no headers of ours, so none for unsubscribing with one press.
    """

    key: ClassVar[str] = "podium"
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        label="Podium (text messages and email)",
        is_local=False,
        can_be_asked=False,
        carries_health_detail=False,
        sends_per_second=5.0,
        reports_delivery=False,
        carries_html=False,
    )
    fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("client_id", "Client id", "Of your app at developer.podium.com.", pattern=r"\S{8,200}"),
        CredentialField("client_secret", "Client secret", is_secret=True, pattern=r"\S{8,200}"),
        CredentialField(
            "refresh_token",
            "Refresh token",
            "From connecting the app to the practice’s Podium account. No agreement on health details (BAA) is known: "
            "messages by it name no treatment.",
            is_secret=True,
            pattern=r"\S{8,4000}",
        ),
        CredentialField(
            "location_uid",
            "Location’s uid",
            "The Podium location that messages come from.",
            pattern=r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            is_sender=True,
            is_own=True,
        ),
        CredentialField(
            "webhook_secret",
            "Webhook secret",
            "The secret with which the webhook was made; Podium signs its callbacks with it.",
            is_secret=True,
            pattern=r"\S{8,200}",
        ),
        CredentialField(
            "token_url",
            "Address for tokens",
            "Only if Podium names another than api.podium.com.",
            is_required=False,
            pattern=TOKEN_URL,
        ),
    )
    codes: ClassVar[CodeTable] = CODES
    url: ClassVar[str] = PODIUM
    seconds: float = SECONDS

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Hands one text or email over, from the practice's location.

        Raises:
            NotSent: a connection that did not come about, 429, no access token, or the account is at fault.
            Refused: by the table of codes, or a 4xx that nobody has explained.
            Unknown: no answer, an unreadable one, a redirect, a 5xx.
        """
        body = self._body(outgoing)
        call = Call("Podium", self.seconds)
        try:
            answer = call.run(lambda: self._account.post(call, "/v4/messages", body))
        except GatewayError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes one of the three
            raise call.doubt(error) from None
        if answer.status_code not in {200, 201, 202}:
            raise self._refused(answer)
        uid = _uid(answer)
        if not uid:
            raise Unknown("Podium answered unreadably; the message may have been sent.")
        return Accepted(uid)

    def find(self, sought: Sought) -> CannotSay:
        """Never: Podium lists messages by conversation, and which it was is lost with the answer."""
        return CannotSay()

    def check(self) -> None:
        """Tries whether an access token is to be had, and the location.

        To list locations takes a permission that sending does not need: without it, the first message will show.

        Raises:
            NotSent: it is not (`is_account`), or Podium could not be asked now.
        """
        call = Call("Podium", self.seconds)
        self._account.forget_token()
        location = self.credentials.get("location_uid", "")
        try:
            known = call.run(lambda: self._account.locations(call))
        except NotSent:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the answer was not had
            raise call.unreachable() from None
        if not location:
            raise NotSent("The location is missing.", is_account=True)
        if known is not None and location.lower() not in known:
            raise NotSent("The location does not belong to this Podium account.", is_account=True)

    def verify(self, incoming: Incoming) -> None:
        """Podium signs time and body with the webhook's secret.

        Raises:
            NotAuthentic: it is not signed, or not with this account's secret.
        """
        podium_callbacks.verify(incoming, self.credentials.get("webhook_secret", ""))

    def read(self, incoming: Incoming, now: datetime) -> list[Report | Inbound]:
        """What became of a message, or a client's words.

        Raises:
            Unreadable: it is not what Podium documents.
        """
        return podium_callbacks.read(incoming, self.explain)

    @property
    def _account(self) -> PodiumAccount:
        return PodiumAccount(self.credentials, self.base_url)

    def _body(self, outgoing: Outgoing) -> dict[str, Any]:
        outgoing = sendable(outgoing, "Podium", self.channels)
        location = self.credentials.get("location_uid")
        if not location:
            raise NotSent("The location is missing.", is_account=True)
        body: dict[str, Any] = {
            "body": outgoing.text,
            "channel": {"identifier": outgoing.to, "type": TYPES[outgoing.channel]},
            "locationUid": location,
            "setOpenInbox": False,
        }
        if outgoing.from_name:
            body["senderName"] = outgoing.from_name
        if outgoing.channel == "email" and outgoing.subject:
            body["subject"] = outgoing.subject
        return body

    def _refused(self, answer: httpx.Response) -> Failure:
        """The answer in our words: by Podium's code, else by its status."""
        status = answer.status_code
        code = _code(answer) or str(status)
        explained = self.explain(code) or self.explain(str(status))
        if status == 429 or (400 <= status < 500 and code == "rate_limit"):
            return refusal(CODES["rate_limit"], code, asked_to_wait(answer.headers))
        if status < 400 or status == 408 or status >= 500:
            return Unknown(f"Podium answered with {status}; the message may have been sent.", code=code)
        if explained is None:
            return Refused("Podium refused the message.", code=code)
        return refusal(explained, code, asked_to_wait(answer.headers))


def _uid(answer: httpx.Response) -> str:
    try:
        uid = answer.json()["data"]["uid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return uid if isinstance(uid, str) and len(uid) <= 120 else ""


def _code(answer: httpx.Response) -> str:
    """Podium's own code: a word or a number."""
    try:
        code = answer.json()["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return str(code)[:LONGEST_CODE] if isinstance(code, str | int) else ""
