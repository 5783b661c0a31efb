"""Is a callback Podium's, and what does it say? (messaging.md 3)"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal

from integrations.messaging.base import (
    Explained,
    Fate,
    Inbound,
    Incoming,
    Meaning,
    NotAuthentic,
    Report,
    Unreadable,
)
from integrations.messaging.foreign_text import keepable
from integrations.messaging.refusing import LONGEST_CODE

# GUESSED. Podium documents the message object and the names of the events, but no whole callback, and its own page
# on signatures writes event_type where its other pages write eventType. Each name below is tried in its order; the
# first that is there counts. To be compared with real ones before a practice goes live (docs/adding-a-gateway.md).
Path = tuple[str | int, ...]
EVENT: Final[tuple[Path, ...]] = (("metadata", "eventType"), ("metadata", "event_type"), ("eventType",))
UID: Final[tuple[Path, ...]] = (("data", "uid"), ("data", "items", 0, "uid"))
PERSON: Final[tuple[Path, ...]] = (
    ("data", "conversation", "channel", "identifier"),
    ("data", "channel", "identifier"),
    ("data", "contact", "phone"),
    ("data", "contact", "email"),
)
CHANNEL: Final[tuple[Path, ...]] = (("data", "conversation", "channel", "type"), ("data", "channel", "type"))
LOCATION: Final[tuple[Path, ...]] = (("data", "location", "uid"), ("data", "locationUid"))
BODY: Final[tuple[Path, ...]] = (("data", "body"), ("data", "items", 0, "body"))
AT: Final[tuple[Path, ...]] = (("data", "createdAt"), ("data", "items", 0, "createdAt"))
FAILURE: Final[tuple[Path, ...]] = (("data", "items", 0, "failureReason"), ("data", "failureReason"))

REASONS: Final = {
    "opted out": "failed:opted out",
    "unsubscribed": "failed:opted out",
    "landline": "failed:landline",
    "not a valid": "failed:invalid",
    "invalid": "failed:invalid",
}
"""Words in a failure's reason -> our code for it: guessed too, Podium lists no reasons."""

CHANNELS: Final[dict[str, Literal["sms", "email"]]] = {
    "phone": "sms",
    "sms": "sms",
    "text": "sms",
    "email": "email",
    "fallback_email": "email",
}
"""Podium's channels that are ours; what comes by Facebook, say, belongs to no client of ours."""

FATES: Final = {"message.sent": Fate.ACCEPTED, "message.failed": Fate.UNDELIVERED}
RECEIVED: Final = "message.received"

SIGNATURE: Final = "podium-signature"
TIMESTAMP: Final = "podium-timestamp"
UNEXPLAINED: Final = Explained(Meaning.REFUSED, "Podium did not deliver it.")


def verify(incoming: Incoming, secret: str) -> None:
    """Will let it pass only if time and raw body were signed with the webhook's secret: HMAC-SHA256 in hex.

    That it is hex is likely, not documented. Podium repeats for eight hours, so the time is not judged.

    Raises:
        NotAuthentic: no signature, a wrong one, or nothing to check it with.
    """
    signature, timestamp = incoming.headers.get(SIGNATURE, ""), incoming.headers.get(TIMESTAMP, "")
    if not signature or not timestamp:
        raise NotAuthentic("The callback has no Podium signature.")
    if not secret:
        raise NotAuthentic("The account has no webhook secret to check a signature with.")
    signed = timestamp.encode(errors="replace") + b"." + incoming.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.strip().lower().encode(errors="replace")):
        raise NotAuthentic("The callback’s signature is not of this Podium account.")


def read(incoming: Incoming, explain: Callable[[str], Explained | None]) -> list[Report | Inbound]:
    """A verified callback in our words. Podium returns no reference of ours: a report names its own id.

    Raises:
        Unreadable: it is no event, or one of a message without an id.
    """
    try:
        event = json.loads(incoming.body.decode(errors="replace"))
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None
    name = _first(event, EVENT)
    if not name:
        raise Unreadable("The event has no type.")
    if name not in FATES and name != RECEIVED:
        return []
    uid = _first(event, UID)
    if not uid:
        raise Unreadable("The message has no uid.")
    channel = CHANNELS.get(_first(event, CHANNEL).lower())
    if name != RECEIVED:
        return [_report(event, name, uid, explain)]
    if channel is None:
        return []
    return [
        Inbound(
            event_key=f"{name}:{uid}"[:200],
            channel=channel,
            from_address=_address(_first(event, PERSON)),
            to_address=_first(event, LOCATION),
            text=_first(event, BODY),
            remote_id=uid[:120],
            at=_moment(_first(event, AT)),
        )
    ]


def _report(event: Any, name: str, uid: str, explain: Callable[[str], Explained | None]) -> Report:
    code, explained = _explained(_first(event, FAILURE), explain) if name == "message.failed" else ("", None)
    return Report(
        event_key=f"{name}:{uid}"[:200],
        fate=FATES[name],
        remote_id=uid[:120],
        address=_address(_first(event, PERSON)),
        at=_moment(_first(event, AT)),
        meaning=explained.meaning if explained else None,
        code=code,
        reason=explained.sentence if explained else "",
        sender=_first(event, LOCATION),
    )


def _explained(failure: str, explain: Callable[[str], Explained | None]) -> tuple[str, Explained]:
    """By a row for just this reason, which an operator may have added; else by a word in it."""
    reason = failure.strip().lower()
    guessed = next((code for words, code in REASONS.items() if words in reason), "")
    for code in (reason[:LONGEST_CODE], guessed):
        if code and (explained := explain(code)):
            return code, explained
    return reason[:LONGEST_CODE], UNEXPLAINED


def _first(told: Any, paths: tuple[Path, ...]) -> str:
    for path in paths:
        value = told
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and len(value) > step:
                value = value[step]
            else:
                value = None
        if isinstance(value, str) and value:
            return keepable(value)
    return ""


def _address(told: str) -> str:
    """Podium leaves the country out of numbers of the US and Canada.

    >>> _address("(312) 809-6490"), _address("1 312 809 6490"), _address("Ann@Example.com")
    ('+13128096490', '+13128096490', 'ann@example.com')
    """
    if "@" in told:
        return told.strip().lower()[:254]
    digits = re.sub(r"\D", "", told)
    if told.strip().startswith("+") or len(digits) == 11:
        return f"+{digits}" if digits else ""
    return f"+1{digits}" if len(digits) == 10 else digits


def _moment(told: str) -> datetime | None:
    """Podium's times are UTC by definition."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
