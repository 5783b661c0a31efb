"""What becomes of a mail at SendGrid, and which events tell it? (messaging.md 2.3)"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from integrations.messaging.stand_ins.calling import Call
from integrations.messaging.stand_ins.exchange import Json
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.sendgrid_account import Account, signer

if TYPE_CHECKING:
    from integrations.messaging.stand_ins.sendgrid import SendGrid

TRIES: Final = 12
NO_SUCH: Final = "550 5.1.1 The email account that you tried to reach does not exist."
BLOCKED: Final = "554 5.7.1 Message refused: policy of the recipient's server"
BUSY: Final = "452 4.2.2 The recipient's inbox is over quota."

MAGIC: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "bounce": (("processed", "bounce"), "there is no such mailbox: bounces, and is dropped from then on"),
    "blocked": (("processed", "blocked"), "the receiving server refuses: a bounce of type blocked"),
    "spam": (("processed", "delivered", "spamreport"), "arrives and is reported as spam; dropped from then on"),
    "unsubscribe": (
        ("processed", "delivered", "unsubscribe"),
        "arrives and unsubscribes at SendGrid; dropped from then on",
    ),
    "deferred": (("processed", "deferred", "delivered"), "is put off once, then arrives"),
    "latebounce": (("processed", "delivered", "late_bounce"), "arrives, and bounces later without sg_message_id"),
    "invalid": (("invalid",), "no valid address: dropped"),
    "silent": (("processed",), "nothing is told after processed"),
}
"""Local part (before any +) -> the events that follow; and what people read."""
USUAL: Final = ("processed", "delivered")

FORMS: Final[dict[str, tuple[Json, str, str]]] = {
    "processed": ({}, "", "processed"),
    "delivered": ({"response": "250 2.0.0 OK", "tls": 1}, "", "delivered"),
    "deferred": ({"response": BUSY, "attempt": "1", "tls": 1}, "", "deferred"),
    "bounce": (
        {"type": "bounce", "reason": NO_SUCH, "status": "5.1.1", "bounce_classification": "Invalid Address", "tls": 1},
        "bounces",
        "bounce",
    ),
    "late_bounce": ({"type": "bounce", "reason": NO_SUCH, "status": "5.1.1", "tls": 1}, "bounces", "bounce"),
    "blocked": (
        {"type": "blocked", "reason": BLOCKED, "status": "5.7.1", "bounce_classification": "Content", "tls": 1},
        "blocks",
        "bounce",
    ),
    "spamreport": ({}, "spam_reports", "spamreport"),
    "unsubscribe": ({}, "unsubscribes", "unsubscribe"),
    "invalid": ({"reason": "Invalid"}, "invalid_emails", "dropped"),
}
"""What happens -> the event's own fields, the list that the address goes on, the event's name."""


def what_happens(address: str) -> tuple[str, ...]:
    """The fate that an address carries in its local part.

    >>> what_happens("bounce+7@example.com")
    ('processed', 'bounce')
    """
    local = address.partition("@")[0].partition("+")[0].lower()
    return MAGIC[local][0] if local in MAGIC else USUAL


def event_of(sendgrid: SendGrid, account: Account, kept: Kept, arguments: Json, what: str, reason: str = "") -> Json:
    """Bring one thing about, and return the event that tells it."""
    now = sendgrid.now()
    fields, onto, name = FORMS[what] if what != "dropped" else ({"reason": reason}, "", "dropped")
    if onto:
        account.list(onto, kept.address, str(fields.get("reason", "")), now)
    kept.status = fields.get("type", name)
    kept.history.append(f"{kept.status} {now.isoformat()}")
    event: Json = {
        "email": kept.address,
        "timestamp": int(now.timestamp()),
        "smtp-id": f"<{kept.remote_id}@geopod-ismtpd-1>",
        "event": name,
        "sg_event_id": uuid4().hex[:22],
        "sg_message_id": f"{kept.remote_id}.filter0001.16648.5515E0B88.0",
        **fields,
    }
    if what == "late_bounce":
        del event["sg_message_id"], event["smtp-id"]
    return {**event, **arguments}


def events_call(sendgrid: SendGrid, account: Account, batch: list[Json]) -> Call:
    """Tells a batch of events in one signed POST. The body ends with a line break, which the signature covers."""
    return Call(
        vendor="sendgrid",
        what=f"{len(batch)} events",
        url=account.event_url,
        body=json.dumps(batch, separators=(",", ":")).encode() + b"\r\n",
        content_type="application/json",
        sign=signer(account.event_key, account.signs_events, sendgrid.now),
        user_agent="SendGrid Event API",
        tries=TRIES,
    )
