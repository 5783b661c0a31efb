"""Can a message, and an account's key, be put into a vendor's request as they are?"""

import re
from dataclasses import replace
from typing import Final

from integrations.messaging.base import Meaning, NotSent, Outgoing, Refused

NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
EMAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def sendable(outgoing: Outgoing, vendor: str, channels: frozenset[str]) -> Outgoing:
    """The message with its name and subject in one line each: what comes from a client's name adds no header.

    An address in another form than ours is refused: a vendor that sets it right itself would take the message, and
    later list it under a number that nobody asks for.

    Raises:
        Refused: the vendor does not carry it, or it has what no request can carry.
    """
    if outgoing.channel not in channels:
        raise Refused(f"{vendor} does not carry {outgoing.channel}.")
    is_text = outgoing.channel == "sms"
    if not outgoing.to:
        raise Refused(f"There is no {'number' if is_text else 'address'} to send to.")
    if not (NUMBER if is_text else EMAIL).fullmatch(outgoing.to):
        kind = "phone number" if is_text else "email address"
        raise Refused(f"The {'number' if is_text else 'address'} is not a valid {kind}.", meaning=Meaning.NO_SUCH)
    for name, value in outgoing.headers.items():
        if _CONTROL.search(name + value):
            raise Refused("The message has a header of more than one line.")
    written = (outgoing.to, outgoing.text, outgoing.html, outgoing.subject, outgoing.from_name)
    if not all(_can_be_written(each) for each in (*written, *outgoing.headers, *outgoing.headers.values())):
        raise Refused("The message has characters that cannot be sent.")
    return replace(outgoing, subject=_one_line(outgoing.subject), from_name=_one_line(outgoing.from_name))


def require_plain(keys: str, reason: str) -> None:
    """Will let an account's keys pass only if they can stand in a header: letters, digits and signs of ASCII.

    Raises:
        NotSent: they cannot, so that the account is at fault and not the message.
    """
    if not re.fullmatch(r"[\x21-\x7e]*", keys):
        raise NotSent(reason, is_account=True)


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
