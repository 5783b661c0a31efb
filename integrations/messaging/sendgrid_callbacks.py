"""Is a callback SendGrid's, and which events does it bring? (messaging.md 2.3, 2.4)"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from sendgrid.helpers.eventwebhook import EventWebhook

from integrations.messaging.base import Explained, Fate, Incoming, Meaning, NotAuthentic, Report, Unreadable
from integrations.messaging.foreign_text import keepable
from integrations.messaging.sendgrid_codes import DROPPED

REFERENCE: Final = "medspa_attempt"
"""The custom argument that carries the attempt's reference; events have it beside their own fields."""

SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"

FATES: Final = {
    "processed": Fate.ACCEPTED,
    "deferred": Fate.ACCEPTED,
    "delivered": Fate.DELIVERED,
    "bounce": Fate.UNDELIVERED,
    "blocked": Fate.UNDELIVERED,
    "dropped": Fate.UNDELIVERED,
}
"""Event -> what became of the message."""

OF_ADDRESS: Final = frozenset({"spamreport", "unsubscribe", "group_unsubscribe"})
"""Events that say something of the address, after the message has arrived. All others say nothing of use."""


def verify(incoming: Incoming, public_key: str) -> None:
    """Will let it pass only if the raw body, with the time before it, was signed for this key.

    The SDK reads the key; it would take the body as text only, so the signature is checked on the bytes. The
    time is not judged: SendGrid repeats for 24 hours, and nobody says whether a repeat is signed anew.

    Raises:
        NotAuthentic: no signature, a wrong one, or nothing to check it with.
    """
    signature, timestamp = incoming.headers.get(SIGNATURE, ""), incoming.headers.get(TIMESTAMP, "")
    if not signature or not timestamp:
        raise NotAuthentic("The callback has no SendGrid signature.")
    if not public_key:
        raise NotAuthentic("The account has no verification key to check a signature with.")
    try:
        key = EventWebhook(public_key.strip()).public_key
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NotAuthentic("The account’s verification key is not one of SendGrid’s.")
        signed = hashlib.sha256(timestamp.encode())
        signed.update(incoming.body)  # not joined with the time: with its attachments it is large
        key.verify(base64.b64decode(signature), signed.digest(), ec.ECDSA(Prehashed(hashes.SHA256())))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise NotAuthentic("The callback’s signature is not of this SendGrid account.") from None


def read_events(incoming: Incoming, explain: Callable[[str], Explained | None]) -> list[Report]:
    """The events that are of use. One that cannot be read does not keep back the others.

    SendGrid's event webhook is of the whole account: it tells of a newsletter's messages, or another program's, just
    as of ours. Those are left out: every message of ours carries its reference. What is said of an address
    (an unsubscription, a spam complaint) counts whoever wrote there.

    Raises:
        Unreadable: it is no list of events, or none of them can be read.
    """
    try:
        events = json.loads(incoming.body.decode(errors="replace"))
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None
    if not isinstance(events, list):
        raise Unreadable("The body is not a list of events.")
    readable = [event for event in events if isinstance(event, dict) and isinstance(event.get("event"), str)]
    if events and not readable:
        raise Unreadable("None of the events has a name.")
    return [report for event in readable if (report := _report(event, explain)) is not None]


def _report(event: dict[str, Any], explain: Callable[[str], Explained | None]) -> Report | None:
    name = event["event"]
    if name == "bounce" and event.get("type") == "blocked":
        name = "blocked"
    fate = FATES.get(name)
    if fate is None and name not in OF_ADDRESS:
        return None
    reference = _reference(event)
    address = _text(event, "email").strip().lower()[:254]
    if not reference and (fate is not None or not address):
        return None
    code, explained = "", None
    if fate in {Fate.UNDELIVERED, None}:
        code, explained = _explained(name, event, explain)
    return Report(
        event_key=_key(event),
        fate=fate,
        attempt_id=reference,
        remote_id=_text(event, "sg_message_id").partition(".")[0][:120],
        address=address,
        at=_moment(event.get("timestamp")),
        meaning=explained.meaning if explained else None,
        code=code,
        reason=explained.sentence if explained else "",
    )


def _explained(
    name: str, event: dict[str, Any], explain: Callable[[str], Explained | None]
) -> tuple[str, Explained | None]:
    """The most exact row first: the event with its reason, then the event."""
    detail = _text(event, "reason" if name == "dropped" else "bounce_classification").strip().lower()
    detail = DROPPED.get(detail, detail)
    # One reason comes with a remark in brackets.
    for code in (f"{name}:{detail}", f"{name}:{detail.partition('(')[0].strip()}", name):
        if explained := explain(code):
            return code, explained
    return name, Explained(Meaning.REFUSED, "SendGrid did not deliver it.")


def _key(event: dict[str, Any]) -> str:
    if own := _text(event, "sg_event_id"):
        return own[:200]
    # Without a name of its own, the same words are the same event.
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _reference(event: dict[str, Any]) -> str:
    told = _text(event, REFERENCE)
    return told if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", told) else ""


def _moment(timestamp: object) -> datetime | None:
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return None
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(event: dict[str, Any], name: str) -> str:
    value = event.get(name)
    return keepable(value) if isinstance(value, str) else ""
