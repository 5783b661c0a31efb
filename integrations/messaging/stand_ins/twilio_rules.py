"""What is Twilio's word for what: errors, numbers with a fate, keywords (messaging.md 1.9, 1.10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from integrations.messaging.stand_ins.exchange import Response

ERRORS: Final[dict[int, tuple[int, str]]] = {
    12100: (0, "Document parse failure"),
    12300: (0, "Invalid Content-Type"),
    11200: (0, "HTTP retrieval failure"),
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20005: (401, "Account is not active"),
    20009: (409, "Cannot delete this resource before it is complete"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "Invalid 'To' Phone Number: {to}"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."),
    21601: (400, "Phone number {sender} is not a valid SMS-capable inbound phone number for your account."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number {sender} is not a valid, message-capable Twilio phone number for this account.",
    ),
    21608: (400, "The number {to} is unverified. Trial accounts cannot send messages to unverified numbers."),
    21609: (400, "The 'StatusCallback' URL {url} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' ({to}) and 'From' ({sender})."),
    21614: (400, "'To' number is not a valid mobile number: {to}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21635: (400, "'To' number cannot be a landline: {to}"),
    21703: (400, "The Messaging Service does not exist or contains no phone numbers"),
    30001: (429, "Queue overflow"),
    30002: (400, "Account suspended"),
    30003: (400, "Unreachable destination handset"),
    30004: (400, "Message blocked"),
    30005: (400, "Unknown destination handset"),
    30006: (400, "Landline or unreachable carrier"),
    30007: (400, "Message filtered"),
    30008: (400, "Unknown error"),
    30022: (400, "Exceeded carrier rate limit"),
    30023: (400, "Daily message cap reached"),
    30032: (400, "Toll-free number has not been verified"),
    30034: (400, "Message from an unregistered number"),
    30036: (400, "Validity period expired"),
    30400: (400, "Parameters are not valid"),
    30409: (400, "This message cannot be canceled"),
    30450: (400, "Message delivery blocked"),
}
"""Code -> status of the answer (0: never one) and the words."""

STOP: Final = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START: Final = frozenset({"START", "YES", "UNSTOP"})
HELP: Final = frozenset({"HELP", "INFO"})
ANSWERS: Final = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
LONGEST_BODY: Final = 1600
LONGEST_WAIT: Final = 36_000


@dataclass(frozen=True)
class Fate:
    """What becomes of texts to a number. `code` 0: nothing bad. `status`: how the message ends.

    `at_create`: the request itself is refused.
    """

    code: int = 0
    status: str = "undelivered"
    at_create: bool = False


FINE: Final = Fate(status="delivered")
DROPPED: Final = Fate(30036, "failed")
SILENT: Final = Fate(status="sent")
"""The carrier gives no receipt."""

MAGIC: Final[dict[str, tuple[Fate, str]]] = {
    "0001": (Fate(30006), "a landline: accepted, then undelivered (30006)"),
    "0002": (Fate(21614, at_create=True), "not a mobile number: refused at once (21614)"),
    "0003": (Fate(30005), "unknown or inactive: undelivered (30005)"),
    "0004": (Fate(30004), "blocked by its owner or carrier: undelivered (30004)"),
    "0005": (Fate(30007), "filtered by the carrier: undelivered (30007)"),
    "0006": (Fate(30003), "switched off: undelivered (30003)"),
    "0007": (Fate(21211, at_create=True), "no valid number: refused at once (21211)"),
    "0008": (Fate(21408, at_create=True), "a region that is not permitted: refused at once (21408)"),
    "0009": (SILENT, "a carrier without receipts: stays at sent"),
    "0010": (Fate(30008, "failed"), "fails for unknown reasons before it is sent (30008)"),
    "0011": (Fate(21612, at_create=True), "no route: refused at once (21612)"),
    "0012": (Fate(21610, at_create=True), "has opted out elsewhere: refused at once (21610)"),
}
"""The last four digits of a US number whose exchange is 990, such as +1 312 990 0001 -> its fate."""

MAGIC_NUMBER: Final = re.compile(r"\+1[2-9]\d\d990(\d{4})")
E164: Final = re.compile(r"\+[1-9]\d{7,14}")
US: Final = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")


class Refusal(Exception):
    """Twilio refuses a request, with one of its codes. `told`: what its words name."""

    def __init__(self, code: int, **told: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.told = told

    def response(self) -> Response:
        """As Twilio answers it."""
        status, words = ERRORS[self.code]
        return error_response(self.code, status, words.format_map(_Named(self.told)))


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def error_response(code: int, status: int, words: str, retry_after: float | None = None) -> Response:
    """Twilio's JSON for an error."""
    body = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Response.of_json(status, body, {"Retry-After": f"{retry_after:g}"} if retry_after is not None else None)


def is_number(text: str) -> bool:
    """Whether a text could be sent there.

    >>> is_number("+13125550142"), is_number("312 555 0142"), is_number("+10125550142")
    (True, False, False)
    """
    return bool((US if text.startswith("+1") else E164).fullmatch(text))


def fate_by_number(number: str) -> Fate:
    """The fate that a number carries in its digits."""
    found = MAGIC_NUMBER.fullmatch(number)
    return MAGIC[found[1]][0] if found and found[1] in MAGIC else FINE


def keyword_in(text: str) -> str:
    """STOP, START or HELP if the whole text, trimmed, is one of Twilio's words; else nothing.

    >>> keyword_in(" Stop "), keyword_in("Stop please")
    ('STOP', '')
    """
    word = text.strip().upper()
    return next((name for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)) if word in words), "")


def is_callable(url: str) -> bool:
    """Whether Twilio takes it for a status callback: absolute, no underscore in the host (messaging.md 1.1)."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")
    except ValueError:
        return False


def validity_in(form: Mapping[str, str]) -> int:
    """For how many seconds a text may wait (messaging.md 1.1).

    Raises:
        Refusal: 30400, no number from 1 to 36,000.

    >>> validity_in({}), validity_in({"ValidityPeriod": "58"})
    (36000, 58)
    """
    asked = form.get("ValidityPeriod", str(LONGEST_WAIT))
    if not re.fullmatch(r"[0-9]{1,5}", asked) or not 1 <= int(asked) <= LONGEST_WAIT:
        raise Refusal(30400)
    return int(asked)


def attempt_in(url: str) -> str:
    """Our reference in a status callback's query: o=…"""
    return dict(parse_qsl(urlsplit(url).query)).get("o", "")
