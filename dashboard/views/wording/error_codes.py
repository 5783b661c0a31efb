"""What follows from what a vendor's error code means, for the operator who corrects it?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from integrations.messaging.base import Meaning

MEANINGS: Final[Mapping[Meaning, str]] = MappingProxyType(
    {
        Meaning.RETRY: "Again in a moment",
        Meaning.LATER: "Once more in some hours",
        Meaning.REFUSED: "Not this message",
        Meaning.FILTERED: "Not this text: the network objects to its words",
        Meaning.NOT_MOBILE: "Not a mobile number",
        Meaning.NO_SUCH: "No such number or mailbox",
        Meaning.BLOCKED: "Blocked by the recipient or the network",
        Meaning.COMPLAINT: "Reported as spam",
        Meaning.OPTED_OUT: "The recipient has opted out",
        Meaning.ACCOUNT: "The account is at fault: everything waits",
    }
)
"""Meaning -> what it is called where it is chosen."""
