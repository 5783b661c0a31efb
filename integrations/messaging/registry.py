"""Which gateways are there?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from integrations.messaging.base import Gateway
from integrations.messaging.outbox import Outbox
from integrations.messaging.podium import Podium
from integrations.messaging.sendgrid_email import SendGridEmail
from integrations.messaging.twilio_sms import TwilioSms

GATEWAYS: Final[Mapping[str, type[Gateway]]] = MappingProxyType(
    {kind.key: kind for kind in (Outbox, TwilioSms, SendGridEmail, Podium)}
)
"""Key -> class. A new vendor is one file and one name in this line (DESIGN.md 7)."""


def carries_html(key: str) -> bool:
    """Whether emails leave through it with their HTML part and headers; what is kept of a message says what left."""
    kind = GATEWAYS.get(key)
    return kind is None or kind.capabilities.carries_html


class UnknownGateway(LookupError):
    """No gateway has this key; the text lists those that there are."""


def gateway_kind(key: str) -> type[Gateway]:
    """The class of the gateway of that key.

    Raises:
        UnknownGateway: none has it.
    """
    try:
        return GATEWAYS[key]
    except KeyError as error:
        raise UnknownGateway(f"No gateway is called {key!r}; there are: {', '.join(sorted(GATEWAYS))}.") from error
