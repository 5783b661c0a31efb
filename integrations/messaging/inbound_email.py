"""What did a client write by email, as SendGrid's Inbound Parse posts it? (messaging.md 2.5)"""

import hashlib
import json
import re
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Any, Final

from integrations.messaging.base import Inbound, Incoming, Unreadable
from integrations.messaging.foreign_text import keepable
from integrations.messaging.form_fields import form_fields
from integrations.messaging.html_words import words_of_html
from integrations.messaging.new_words import new_words

_ANSWERING: Final = re.compile(r"(?:re|r|rv|fwd?|wg|aw)\s*:", re.IGNORECASE)
LONGEST: Final = 20_000
"""Characters of an answer that are kept."""
LONGEST_READ: Final = 100_000
"""Characters of a text in which the answer is looked for: it stands above what it quotes, or among it."""
LONGEST_HTML: Final = 500_000
"""The same of HTML: mail programs put a hundred thousand characters of styles above a word."""


def read_email(incoming: Incoming) -> list[Inbound]:
    """The client's words, without what they quote. What a machine answered (RFC 3834) says nothing of use.

    Raises:
        Unreadable: it is no form, or has no sender.
    """
    fields = _fields(incoming)
    head = HeaderParser().parsestr(_text(fields, "headers"))
    if _is_automatic(head):
        return []
    envelope = _json(fields, "envelope")
    sender = _address(_text(fields, "from")) or _address(str(envelope.get("from") or ""))
    if not sender:
        raise Unreadable("The email has no sender.")
    written_to = envelope.get("to")
    to = written_to[0] if isinstance(written_to, list) and written_to else _text(fields, "to")
    own_id = str(head.get("Message-ID", "")).strip().strip("<>")
    digest = hashlib.sha256(own_id.encode(errors="replace") if own_id else incoming.body).hexdigest()
    words = _text(fields, "text") or words_of_html(_text(fields, "html")[:LONGEST_HTML])
    text = new_words(keepable(words[:LONGEST_READ]))
    subject = keepable(_text(fields, "subject")).strip()
    if subject and _is_of_its_own(head, subject):
        text = f"{subject}\n\n{text}".strip()
    return [
        Inbound(
            event_key=own_id if 0 < len(own_id) <= 120 else digest,
            channel="email",
            from_address=sender,
            to_address=_address(str(to)),
            text=text[:LONGEST],
            remote_id=own_id if 0 < len(own_id) <= 120 else digest,
        )
    ]


def _fields(incoming: Incoming) -> dict[str, bytes]:
    fields = form_fields(incoming)
    if "email" in fields and "headers" not in fields:
        raise Unreadable("Inbound Parse is set to post the raw message; switch that off.")
    return fields


def _text(fields: dict[str, bytes], name: str) -> str:
    """A field in its own charset, which a field beside it names."""
    value = fields.get(name, b"")
    charset = str(_json(fields, "charsets").get(name) or "utf-8")
    try:
        return value.decode(charset)
    except (LookupError, ValueError):
        return value.decode(errors="replace")


def _json(fields: dict[str, bytes], name: str) -> dict[str, Any]:
    try:
        told = json.loads(fields.get(name, b"{}"))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _address(text: str) -> str:
    try:
        found = getaddresses([keepable(text).replace("\r", " ").replace("\n", " ")])
    except RecursionError:
        return ""  # remarks within remarks within remarks
    for _name, address in found:
        if "@" in address and len(address) <= 254:
            return address.strip().lower()
    return ""


def _is_of_its_own(head: "Message[str, str]", subject: str) -> bool:
    """Whether it answers nothing: then its subject is the client's words too, "Unsubscribe" say, and at times all."""
    return not (head.get("In-Reply-To") or head.get("References") or _ANSWERING.match(subject))


def _is_automatic(head: "Message[str, str]") -> bool:
    """An absence note or a bounce: nobody wrote it."""
    if str(head.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no":
        return True
    return str(head.get("Precedence", "")).strip().lower() == "auto_reply" or "X-Autoreply" in head
