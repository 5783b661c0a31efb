"""What must every gateway do, and what may the rest of medspa rely on? (DESIGN.md 7)"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, Literal

Credentials = Mapping[str, str]

NO_CREDENTIALS: Final[Credentials] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do, shown to the manager who chooses it."""

    label: str
    """Its name on screen."""
    is_local: bool
    """Nothing leaves this installation; going live in production refuses it (CHN-1)."""
    can_be_asked: bool
    """`find` can tell what became of an attempt; if not, it always answers CannotSay."""
    carries_health_detail: bool
    """Its terms allow naming a treatment; if not, discreet texts are suggested (MSG-7)."""
    sends_per_second: float | None = None
    """How many sends a second one account may make; None: no limit that we must keep (CHN-3)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one address, ready to leave. `to`: an E.164 number or an email address."""

    channel: Literal["sms", "email"]
    to: str
    text: str
    from_name: str = ""
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway took the message. `remote_id` is its own name for it, up to 120 characters."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class NeverArrived:
    """The gateway knows that it never took this attempt: it may be made again."""


@dataclass(frozen=True, slots=True)
class CannotSay:
    """Neither yes nor no can be had, now or ever: the attempt is not made again."""


Found = Accepted | NeverArrived | CannotSay


class GatewayError(Exception):
    """Something kept a gateway from accepting a message. One of the three below is always meant."""


class NotSent(GatewayError):
    """Certainly not sent, and may be tried again: 429, refused connection, wrong credentials.

    `retry_after`: seconds to wait at least, if the vendor said so.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Refused(GatewayError):
    """Certainly not sent, and trying again is useless. `reason` is a sentence for people (CHN-2).

    `opted_out`: the vendor holds an opt-out of this address; it becomes a suppression of ours.
    """

    def __init__(self, reason: str, *, opted_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.opted_out = opted_out


class Unknown(GatewayError):
    """May have been sent: a timeout, a broken connection, a 5xx. `find` or a callback settles it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gateway(ABC):
    """Carries messages of one vendor. The whole contract:

    - A gateway is a translator: our words to the vendor's and back. It knows no models, no practice and no
      clock, and it never retries; whoever calls it does, by the error it raises.
    - `send` is called outside any transaction, after the attempt was committed under `attempt_id`: an opaque
      text of at most 40 characters. It travels with the message wherever the vendor echoes something back
      (a status callback's query, custom arguments), so that a callback finds the attempt even if this
      process dies before it has stored the answer. No vendor offers an idempotency key (messaging.md 1.2).
    - `send` returns `Accepted` only when the vendor took responsibility, and raises `NotSent` or `Refused`
      only when it certainly did not. Everything in doubt is `Unknown`. No other exception leaves it.
    - `send` ends within its own timeout of at most 10 seconds.
    - `find` says what became of an attempt whose outcome is unknown. It never sends. `NeverArrived` needs
      certainty: on that word the message is sent again. It raises only `NotSent`: ask again later.
    - Neither writes an address, a name or a text to the log.
    """

    key: ClassVar[str]
    """How practices and deliveries name it; never changed."""
    channels: ClassVar[frozenset[str]]
    """What it can carry: "sms", "email"."""
    capabilities: ClassVar[Capabilities]

    def __init__(self, credentials: Credentials = NO_CREDENTIALS) -> None:
        """`credentials`: decrypted, as the gateway's own form asks for them."""
        self.credentials = credentials

    @abstractmethod
    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Will hand one message over.

        Raises:
            NotSent: certainly not sent, may be tried again.
            Refused: certainly not sent, trying again is useless; also a channel that it does not carry.
            Unknown: may have been sent.
        """

    @abstractmethod
    def find(self, attempt_id: str) -> Found:
        """What became of an attempt.

        Raises:
            NotSent: the vendor could not be asked now.
        """
