"""What did a client write by email, as SendGrid's Inbound Parse posts it? (messaging.md 2.5)"""

import hashlib
import json
import re
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.utils import getaddresses
from typing import Any, Final

from integrations.messaging.base import Inbound, Incoming, Unreadable
from integrations.messaging.foreign_text import keepable
from integrations.messaging.new_words import new_words, words_of_html

FORM: Final = "multipart/form-data"
MOST_PARTS: Final = 200
_ANSWERING: Final = re.compile(r"(?:re|r|rv|fwd?|wg|aw)\s*:", re.IGNORECASE)
LONGEST: Final = 20_000
"""Characters of an answer that are kept."""


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
    text = new_words(keepable(_text(fields, "text") or words_of_html(_text(fields, "html"))))
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
    """The form's fields; files are left out."""
    head = b"Content-Type: " + incoming.headers.get("content-type", "").encode("latin-1", "replace")
    try:
        form = BytesParser().parsebytes(head + b"\r\n\r\n" + incoming.body)
    except RecursionError:
        raise Unreadable("The form is a thousand forms deep.") from None
    parts: Any = form.get_payload()
    if incoming.content_type != FORM or not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise Unreadable("The body is not the form that Inbound Parse posts.")
    fields: dict[str, bytes] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes) and part.get_filename() is None:
            fields.setdefault(name, value)
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
