"""What does SendGrid's Inbound Parse post when a mail comes in? (messaging.md 2.5)"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from integrations.messaging.stand_ins.calling import Answered, Call
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.sendgrid_account import Account, signer

if TYPE_CHECKING:
    from integrations.messaging.stand_ins.sendgrid import SendGrid

TRIES = 12


def parse_fields(kept: Kept, html: str = "") -> dict[str, str]:
    """The form's fields for one mail."""
    written = kept.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    headers = [
        f"Date: {written}",
        f"From: {kept.address}",
        f"To: {kept.ours}",
        f"Subject: {kept.subject}",
        f"Message-ID: {kept.remote_id}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ]
    fields = {
        "headers": "\n".join(headers) + "\n",
        "dkim": f"{{@{kept.address.rpartition('@')[2]} : pass}}",
        "to": kept.ours,
        "from": kept.address,
        "text": kept.text,
        "sender_ip": "127.0.0.1",
        "spam_report": "",
        "spam_score": "0.0",
        "envelope": json.dumps({"to": [kept.ours], "from": kept.address}, separators=(",", ":")),
        "attachments": "0",
        "subject": kept.subject,
        "charsets": json.dumps(dict.fromkeys(("to", "from", "subject", "text"), "UTF-8"), separators=(",", ":")),
        "SPF": "pass",
    }
    return fields | ({"html": html} if html else {})


def multipart(fields: dict[str, str]) -> tuple[str, bytes]:
    """Content type and body of a form with these fields."""
    boundary = f"xYzZY{uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def parse_call(sendgrid: SendGrid, account: Account, kept: Kept, html: str) -> Call:
    """Tells a mail that came in; tried again only while the application answers 5xx, or not at all."""
    content_type, body = multipart(parse_fields(kept, html))

    def is_again(answered: Answered) -> bool:
        return answered.status == 0 or answered.status >= 500

    return Call(
        vendor="sendgrid",
        what="inbound",
        url=account.parse_url,
        body=body,
        content_type=content_type,
        sign=signer(account.parse_key, account.signs_parse, sendgrid.now),
        user_agent="Sendlib/1.0 server.sendgrid.net",
        again=is_again,
        tries=TRIES,
    )
