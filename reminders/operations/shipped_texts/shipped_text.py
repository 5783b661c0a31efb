"""What is one text that medspa brings along, and how do they all begin and end?"""

import re
from dataclasses import dataclass
from typing import Final

from practices.models import Practice
from reminders.engine.words import Channel, Touchpoint


@dataclass(frozen=True, slots=True)
class ShippedText:
    """One text in the words of wording.py; `subject` is empty in a text message."""

    touchpoint: Touchpoint
    channel: Channel
    detail: Practice.Detail
    subject: str
    body: str


_LINK_AT_END: Final = re.compile(r": (\{[a-z_]+_link\})")

HELLO: Final = "Hi[[ {client_first_name}]], it's[[ {provider} at]] {practice}."
"""How every text message begins: carriers want the practice's name in it (messaging.md 5.4)."""

DEAR: Final = "Hi[[ {client_first_name}]],\n\n[[{provider} at {practice} here.||{practice} here.]]"
"""How every email begins."""

SIGNED: Final = "\n\n{sign_off}"
"""How every email ends; address and unsubscribe link are the frame's (MSG-6)."""


def choose_a_time(invitation: str) -> str:
    """An invitation with openings, with a link, with a phone, or by a reply: whatever there is."""
    return (
        f"[[{invitation}, {{we}} have {{openings}}: {{booking_link}}"
        f"||{invitation}, {{our}} times are here: {{booking_link}}"
        f"||{invitation}, call {{phone}}."
        f"||{invitation}, just reply.]]"
    )


def choose_a_time_by_email(invitation: str) -> str:
    """The same in an email: openings one a line, the link a paragraph of its own, so that it is a button."""
    return (
        f"[[{invitation}, {{we}} have these times:\n\n{{openings}}\n\n{{booking_link}}"
        f"||{invitation}, choose a time that suits you:\n\n{{booking_link}}"
        f"||{invitation}, call {{phone}}."
        f"||{invitation}, just reply to this email.]]"
    )


def with_button(paragraph: str) -> str:
    """The same words with a link after a colon in a paragraph of its own: an email makes a button of it."""
    return _LINK_AT_END.sub(r":\n\n\1", paragraph)


def text_message(touchpoint: Touchpoint, named: str, discreet: str | None = None) -> tuple[ShippedText, ...]:
    """Both amounts of detail of a text message; without `discreet` the same words serve both."""
    return (
        ShippedText(touchpoint, Channel.SMS, Practice.Detail.NAMED, "", named),
        ShippedText(touchpoint, Channel.SMS, Practice.Detail.DISCREET, "", discreet or named),
    )


def email(
    touchpoint: Touchpoint, named: tuple[str, str], discreet: tuple[str, str] | None = None
) -> tuple[ShippedText, ...]:
    """Both amounts of detail of an email, each a subject and a body; without `discreet` one serves both."""
    return (
        ShippedText(touchpoint, Channel.EMAIL, Practice.Detail.NAMED, *named),
        ShippedText(touchpoint, Channel.EMAIL, Practice.Detail.DISCREET, *(discreet or named)),
    )
