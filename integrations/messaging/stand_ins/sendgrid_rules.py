"""Which mails does SendGrid take? The checks of v3 mail/send, in its words (messaging.md 2.1)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from integrations.messaging.stand_ins.exchange import Json, Response

EMAIL: Final = re.compile(r"[^@\s<>()\",:;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
FIELDS: Final = frozenset(
    {
        "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments",
        "template_id", "headers", "categories", "custom_args", "send_at", "batch_id", "asm", "ip_pool_name",
        "mail_settings", "tracking_settings"
    }
)  # fmt: skip
OF_ONE: Final = frozenset(
    {
        "from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args",
        "send_at"
    }
)  # fmt: skip
RESERVED: Final = frozenset(
    {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to",
        "from", "subject", "reply-to", "cc", "bcc"
    }
)  # fmt: skip
LARGEST_ARGUMENTS: Final = 10_000
LARGEST_MAIL: Final = 30 * 1024 * 1024
MOST_RECIPIENTS: Final = 1000
TOO_LARGE: Final = (
    b"<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n"
    b"<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


class Wrong(Exception):
    """One thing that is wrong with a mail: the words and the field."""

    def __init__(self, words: str, field: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.field = field


def errors(status: int, *found: tuple[str, str | None], headers: dict[str, str] | None = None) -> Response:
    """SendGrid's JSON for errors."""
    return Response.of_json(status, {"errors": [{"message": words, "field": field} for words, field in found]}, headers)


def is_email(text: object) -> bool:
    """Whether a mail could be addressed so."""
    return isinstance(text, str) and EMAIL.fullmatch(text) is not None


def check(mail: Any) -> None:
    """Hold a mail against SendGrid's rules.

    Raises:
        Wrong: the first thing that is wrong.
    """
    if not isinstance(mail, dict):
        raise Wrong("Bad Request")
    for name in mail.keys() - FIELDS:
        raise Wrong(f"Additional property {name} is not allowed")
    envelopes = mail.get("personalizations")
    if not isinstance(envelopes, list) or not envelopes:
        raise Wrong(
            "The personalizations field is required and must have at least one personalization.", "personalizations"
        )
    if len(envelopes) > MOST_RECIPIENTS:
        raise Wrong("There are too many personalizations; 1000 is the most.", "personalizations")
    for number, envelope in enumerate(envelopes):
        _check_envelope(envelope, f"personalizations.{number}")
    if sum(len(list(recipients(envelope))) for envelope in envelopes) > MOST_RECIPIENTS:
        raise Wrong("The total number of recipients must be less than 1000.", "personalizations")
    _check_sender_and_subject(mail)
    _check_settings(mail)
    _check_content(mail)
    _check_headers(mail.get("headers", {}), "headers")
    _check_arguments(mail)


def _check_sender_and_subject(mail: Json) -> None:
    envelopes = mail["personalizations"]
    if not isinstance(mail.get("from"), dict) or not is_email(mail["from"].get("email")):
        raise Wrong(
            "The from object must be provided for every email send. It requires an email address.", "from.email"
        )
    reply_to = mail.get("reply_to", {"email": mail["from"]["email"]})
    if not isinstance(reply_to, dict) or not is_email(reply_to.get("email")):
        raise Wrong("The reply_to email does not contain a valid address.", "reply_to.email")
    if not mail.get("subject") and not all(each.get("subject") for each in envelopes) and not mail.get("template_id"):
        raise Wrong("The subject is required unless a template or every personalization has one.", "subject")


def _check_settings(mail: Json) -> None:
    for name in ("mail_settings", "tracking_settings"):
        settings = mail.get(name, {})
        if not isinstance(settings, dict) or any(not isinstance(each, dict) for each in settings.values()):
            raise Wrong(f"The {name} must be an object of objects.", name)
    categories = mail.get("categories", [])
    fits = isinstance(categories, list) and all(isinstance(each, str) and len(each) <= 255 for each in categories)
    if not fits or len(categories) > 10:
        raise Wrong("There may be up to 10 categories, each of at most 255 characters.", "categories")


def recipients(envelope: Json) -> Iterator[str]:
    """Every address of an envelope."""
    for kind in ("to", "cc", "bcc"):
        for each in envelope.get(kind) or []:
            yield str(each.get("email", "")) if isinstance(each, dict) else ""


def _check_envelope(envelope: Any, where: str) -> None:
    if not isinstance(envelope, dict) or not isinstance(envelope.get("to"), list) or not envelope["to"]:
        raise Wrong("The to array is required for all personalization objects, and must not be empty.", f"{where}.to")
    for name in envelope.keys() - OF_ONE:
        raise Wrong(f"Additional property {name} is not allowed", where)
    addresses = list(recipients(envelope))
    for number, address in enumerate(addresses):
        if not is_email(address):
            raise Wrong("Does not contain a valid address.", f"{where}.to.{number}.email")
    if len({address.lower() for address in addresses}) < len(addresses):
        raise Wrong("Each email address in the personalization block should be unique.", where)
    _check_headers(envelope.get("headers", {}), f"{where}.headers")


def _check_content(mail: Json) -> None:
    content = mail.get("content")
    if not content and mail.get("template_id"):
        return
    if not isinstance(content, list) or not content:
        raise Wrong("Unless a valid template_id is provided, the content parameter is required.", "content")
    for number, part in enumerate(content):
        if not isinstance(part, dict) or not isinstance(part.get("type"), str) or not part["type"]:
            raise Wrong("The content type must be a string.", f"content.{number}.type")
        if not isinstance(part.get("value"), str) or not part["value"]:
            raise Wrong(
                "The content value must be a string at least one character in length.", f"content.{number}.value"
            )
    order = [{"text/plain": 0, "text/html": 1}.get(part["type"], 2) for part in content]
    if order != sorted(order):
        raise Wrong("If present, text/plain must be first, followed by text/html, then any other content.", "content")


def _check_headers(headers: Any, where: str) -> None:
    if not isinstance(headers, dict) or any(not isinstance(value, str) for value in headers.values()):
        raise Wrong("The headers property must be an object of strings.", where)
    if taken := sorted(name for name in headers if name.lower() in RESERVED):
        raise Wrong(f"The header {taken[0]} is reserved and cannot be used.", where)


def _check_arguments(mail: Json) -> None:
    size = 0
    for where, holder in [
        ("custom_args", mail),
        *(("personalizations.custom_args", each) for each in mail["personalizations"]),
    ]:
        arguments = holder.get("custom_args", {})
        if not isinstance(arguments, dict) or any(not isinstance(value, str) for value in arguments.values()):
            raise Wrong("The custom_args must be an object of strings.", where)
        size += sum(len(name.encode()) + len(value.encode()) for name, value in arguments.items())
    if size > LARGEST_ARGUMENTS:
        raise Wrong("The total size of custom_args must be below 10,000 bytes.", "custom_args")
