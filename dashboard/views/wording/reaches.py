"""Why may reminders leave to a client on a channel, or why not, in a sentence? (SEQ-12)"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reminders.engine.words import Channel, Reach

HEADS: Final[Mapping[Channel, str]] = MappingProxyType({Channel.SMS: "Texts", Channel.EMAIL: "Email"})
"""What stands above the clients of a channel."""
_TEXTS: Final[Mapping[Reach, str]] = MappingProxyType(
    {
        Reach.OWN: "Agreed in writing to texts, for the number that is known.",
        Reach.UNSAID: "Said nothing about texts, and the practice does not vouch for them.",
        Reach.PREFERS_OTHER: "Asked for email instead.",
        Reach.OPTED_OUT: "Opted out.",
        Reach.WITHDRAWN: "Took the agreement to texts back.",
        Reach.VETOED: "The records forbid texts.",
        Reach.NO_ADDRESS: "No phone number is known.",
        Reach.UNREACHABLE: "The number takes no texts; the carrier said so.",
        Reach.SHARED: "The number is shared by more than four clients.",
        Reach.PREFERS_NONE: "Asked for no messages.",
        Reach.BARRED: "The records call them inactive, deceased, under 18 or not to be contacted.",
    }
)
_EMAILS: Final[Mapping[Reach, str]] = MappingProxyType(
    {
        Reach.KNOWN: "Were treated here, gave an email address and refused nothing.",
        Reach.STRANGER: "Were never treated here, so nothing ties them to the practice yet.",
        Reach.PREFERS_OTHER: "Asked for texts instead.",
        Reach.OPTED_OUT: "Opted out.",
        Reach.WITHDRAWN: "Took the agreement to email back.",
        Reach.VETOED: "The records forbid email.",
        Reach.NO_ADDRESS: "No email address is known.",
        Reach.UNREACHABLE: "Email does not arrive there; the carrier said so.",
        Reach.SHARED: "The email address is shared by more than four clients.",
        Reach.PREFERS_NONE: "Asked for no messages.",
        Reach.BARRED: "The records call them inactive, deceased, under 18 or not to be contacted.",
    }
)
VOUCHED: Final = "Said nothing about texts; the practice vouches that they agreed."

WORDS: Final[Mapping[Channel, Mapping[Reach, str]]] = MappingProxyType({Channel.SMS: _TEXTS, Channel.EMAIL: _EMAILS})
"""Channel -> how clients can be reached there, in the order in which a page shows it."""


def reach_words(channel: Channel, reach: Reach, *, is_vouched: bool) -> str:
    """Return the sentence of a word; of who said nothing about texts, the practice's own word decides.

    >>> reach_words(Channel.SMS, Reach.OPTED_OUT, is_vouched=True)
    'Opted out.'
    """
    if channel is Channel.SMS and reach is Reach.UNSAID and is_vouched:
        return VOUCHED
    return WORDS[channel][reach]


def may_leave(channel: Channel, reach: Reach, *, is_vouched: bool) -> bool:
    """Return whether reminders may leave to clients who are reached so.

    >>> may_leave(Channel.SMS, Reach.UNSAID, is_vouched=True), may_leave(Channel.SMS, Reach.UNSAID, is_vouched=False)
    (True, False)
    """
    return reach in {Reach.OWN, Reach.KNOWN} or (channel is Channel.SMS and reach is Reach.UNSAID and is_vouched)
