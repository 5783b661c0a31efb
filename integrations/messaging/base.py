"""What must every gateway do, and what may the rest of medspa rely on? (DESIGN.md 7)"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, Literal

Credentials = Mapping[str, str]

NO_CREDENTIALS: Final[Credentials] = MappingProxyType({})

ChannelName = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do, shown to the manager who chooses it."""

    label: str
    """Its name on screen."""
    is_local: bool
    """Nothing leaves this installation; going live in production refuses it (CHN-1)."""
    can_be_asked: bool
    """`find` can tell of any account what became of an attempt; if not, it answers CannotSay for all but a few."""
    carries_health_detail: bool
    """Its terms allow naming a treatment; if not, discreet texts are suggested (MSG-7)."""
    sends_per_second: float | None = None
    """How many sends a second one account may make; None: no limit that we must keep (CHN-3)."""
    answers_stop: bool = False
    """The vendor itself confirms a text that is one of its stop words, and blocks the number (messaging.md 1.9)."""
    reports_delivery: bool = False
    """It calls back when a message arrived; if not, "sent" is the last that is known."""
    carries_html: bool = True
    """Emails leave with their HTML part and their headers; if not, as their text alone (MSG-6)."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of the form with which a manager connects an account; the gateway describes it (DESIGN.md 7)."""

    name: str
    label: str
    help: str = ""
    is_secret: bool = False
    """Encrypted and never shown again."""
    is_required: bool = True
    pattern: str = ""
    """A regular expression for the whole value; empty: anything."""
    is_sender: bool = False
    """It names from where messages come or where answers arrive: inbound messages are routed by it (R28)."""
    is_own: bool = False
    """Also with the operator's account a practice may have its own here: its number, say."""
    without: str = ""
    """What medspa does not hear while this is empty: a sentence that the manager reads until it is given."""


class Meaning(StrEnum):
    """What an error means for us. Each gateway's `codes` maps the vendor's codes to these; operators correct them."""

    RETRY = "retry"
    """Not sent; again in a moment, with back-off."""
    LATER = "later"
    """It did not get through now; once more in some hours."""
    REFUSED = "refused"
    """This message will not be carried; nothing is said of the address."""
    FILTERED = "filtered"
    """The carrier took offence at the text: the same one is not sent again."""
    NOT_MOBILE = "not_mobile"
    NO_SUCH = "no_such"
    BLOCKED = "blocked"
    COMPLAINT = "complaint"
    OPTED_OUT = "opted_out"
    ACCOUNT = "account"
    """The account or its credentials are at fault: nothing leaves until somebody mends it; owners are told."""


MARKS: Final = frozenset({Meaning.NOT_MOBILE, Meaning.NO_SUCH, Meaning.BLOCKED, Meaning.COMPLAINT})
"""What is wrong with the address itself: it is marked, and the other channel is used (CHN-2)."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One row of a gateway's table of codes: what it means, and the sentence that people read."""

    meaning: Meaning
    sentence: str


CodeTable = Mapping[str, Explained]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one address, ready to leave. `to`: an E.164 number or an email address."""

    channel: ChannelName
    to: str
    text: str
    from_name: str = ""
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    leave_within: int | None = None
    """Seconds after which it must not leave any more, though the vendor has taken it; None: at any hour (SEQ-7)."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An attempt of which nobody knows whether it was accepted, with all that a vendor may be asked by."""

    attempt_id: str
    channel: ChannelName
    to: str
    text: str
    subject: str
    attempted_at: datetime
    taken: frozenset[str] = frozenset()
    """Remote ids that belong to other attempts: the same words to the same address are told apart by them."""


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


class Fate(StrEnum):
    """What a callback says became of a message. States only move forward: whoever applies them sees to that."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Report:
    """What a callback tells of one message, in our words.

    `event_key` is the same for a repeat of the same news. `attempt_id` is what travelled with the message, empty
    where the vendor did not return it; then `remote_id` names it. `fate` None: nothing new of this message, but
    `meaning` says something of the address (a spam complaint, an unsubscription at the vendor).
    """

    event_key: str
    fate: Fate | None
    attempt_id: str = ""
    remote_id: str = ""
    address: str = ""
    """Whom it was sent to: E.164 or email, as the vendor repeats it."""
    at: datetime | None = None
    """When the vendor says that it happened."""
    meaning: Meaning | None = None
    code: str = ""
    reason: str = ""
    """A sentence for people, of an undelivered message."""
    sender: str = ""
    """The vendor's id of what it left through, where the vendor returns no `attempt_id`: a location at Podium."""
    is_copy: bool = False
    """Several practices send from there, and each was told: it is the message of one of them."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a client wrote to one of our numbers or addresses."""

    event_key: str
    channel: ChannelName
    from_address: str
    to_address: str
    text: str
    remote_id: str
    at: datetime | None = None
    is_answered_by_vendor: bool = False
    """The vendor has confirmed this stop, start or help word itself: a second confirmation would be one too many."""
    to_sender: str = ""
    """The vendor's id of what it came through, where that is not the address: a Messaging Service at Twilio."""
    is_copy: bool = False
    """Another practice on the same number was written to; this one hears of it because the words concern all (R28)."""


@dataclass(frozen=True, slots=True)
class Amiss:
    """What is wrong with an account although messages leave. `reason`: a sentence of at most 300 letters."""

    reason: str
    tells: str = ""
    """All that is wrong is that the vendor posts what clients answer here instead of to `callback_url`."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A callback as it arrived. `url`: the public address, with its query, that the vendor called and signed.

    `headers`: names in lower case. `body`: the raw bytes, which signatures cover.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class GatewayError(Exception):
    """Something kept a gateway from accepting a message. One of the three below is always meant.

    `reason`: a sentence for people (CHN-2). `code`: the vendor's own, empty where there is none.
    """

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class NotSent(GatewayError):
    """Certainly not sent, and may be tried again: 429, refused connection, wrong credentials.

    `retry_after`: seconds to wait at least, if the vendor said so. `is_account`: the account is at fault, not the
    message: nothing else would be accepted either.
    """

    def __init__(
        self, reason: str, retry_after: float | None = None, *, code: str = "", is_account: bool = False
    ) -> None:
        super().__init__(reason, code=code)
        self.retry_after = retry_after
        self.is_account = is_account


class Refused(GatewayError):
    """Certainly not sent, and trying again at once is useless.

    `meaning`: why. LATER: this one did not get through now; it is tried once more in some hours. OPTED_OUT: the vendor
    holds an opt-out of this address; it becomes a suppression of ours. One of MARKS: the address is marked.
    """

    def __init__(self, reason: str, *, code: str = "", meaning: Meaning = Meaning.REFUSED) -> None:
        super().__init__(reason, code=code)
        self.meaning = meaning


class Unknown(GatewayError):
    """May have been sent: a timeout, a broken connection, a 5xx. `find` or a callback settles it."""


class NotAuthentic(Exception):
    """A callback is not signed by the vendor, or not with this account's key. The text names no key."""


class Unreadable(Exception):
    """A callback is authentic, but is not what the vendor documents. The text says where."""


class Gateway(ABC):
    """Carries messages of one vendor. The whole contract:

    - A gateway is a translator: our words to the vendor's and back. It knows no models, no practice and no
      clock, and it never retries; whoever calls it does, by the error it raises.
    - `send` is called outside any transaction, after the attempt was committed under `attempt_id`: an opaque
      text of at most 64 characters of the base64url alphabet. It travels with the message wherever the vendor
      echoes something back (a status callback's query, custom arguments), so that a callback finds the attempt
      even if this process dies before it has stored the answer. No vendor offers an idempotency key
      (messaging.md 1.2).
    - `send` returns `Accepted` only when the vendor took responsibility, and raises `NotSent` or `Refused`
      only when it certainly did not. Everything in doubt is `Unknown`. No other exception leaves it.
    - `send` ends within its own timeout of at most 10 seconds.
    - `find` says what became of an attempt whose outcome is unknown. It never sends. `NeverArrived` needs
      certainty: on that word the message is sent again. It raises only `NotSent`: ask again later.
    - `check` tries the credentials without sending anything, and whether what is answered reaches us.
    - `verify` and `read` take callbacks: the first proves the sender, the second translates. `read` is only given
      what `verify` let pass. Both are pure. A callback that says nothing of use to us reads as nothing.
    - None of them writes an address, a name, a text or a key to the log, and the SDK's own logs are silenced.
    - An instance is used by one thread at a time.
    """

    key: ClassVar[str]
    """How practices and deliveries name it; never changed. At most 20 characters."""
    channels: ClassVar[frozenset[str]]
    """What it can carry: "sms", "email"."""
    capabilities: ClassVar[Capabilities]
    fields: ClassVar[tuple[CredentialField, ...]] = ()
    """What a manager fills in to connect an account."""
    signed_by: ClassVar[tuple[str, ...]] = ()
    """The fields that prove callbacks: what proves one of an account proves those of all that have the same in them."""
    codes: ClassVar[CodeTable] = MappingProxyType({})
    """The vendor's error codes, as far as they are known; operators correct single rows."""
    receipt: ClassVar[tuple[str, str]] = ("text/plain", "")
    """Content type and body with which a callback is acknowledged."""
    url: ClassVar[str] = ""
    """Where the vendor's API is; exchangeable for a stand-in."""
    pasted_with: ClassVar[str] = ""
    """What follows our address where a person pastes it into the vendor's console; the vendor does not send it."""

    def __init__(
        self,
        credentials: Credentials = NO_CREDENTIALS,
        *,
        callback_url: str = "",
        corrections: CodeTable = MappingProxyType({}),
        url: str = "",
    ) -> None:
        """`credentials`: decrypted, as `fields` asks for them. `callback_url`: where the vendor shall call back.

        `corrections`: rows of `codes` as the operator has corrected them. `url`: another base address.
        """
        self.credentials = credentials
        self.callback_url = callback_url
        self.base_url = url or self.url
        self._corrections = corrections

    def explain(self, code: str) -> Explained | None:
        """What one of the vendor's codes means, the operator's word first; None: nobody has said."""
        return self._corrections.get(code) or self.codes.get(code)

    @abstractmethod
    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Will hand one message over.

        Raises:
            NotSent: certainly not sent, may be tried again.
            Refused: certainly not sent, trying again is useless; also a channel that it does not carry.
            Unknown: may have been sent.
        """

    @abstractmethod
    def find(self, sought: Sought) -> Found:
        """What became of an attempt.

        Raises:
            NotSent: the vendor could not be asked now.
        """

    def check(self) -> Amiss | None:
        """Will try the credentials, sending nothing, and end within the same 10 seconds, however much is asked.

        Returns what is amiss although messages leave: that the vendor tells somebody else what clients answer, say.
        None: nothing that the vendor can tell.

        Raises:
            NotSent: they do not work (`is_account`), or the vendor could not be asked now.
        """
        return None

    def verify(self, incoming: Incoming) -> None:
        """Will let a callback pass only if the vendor signed it with this account's key.

        Raises:
            NotAuthentic: it is not signed, or wrongly; or this gateway takes no callbacks.
        """
        raise NotAuthentic(f"{self.capabilities.label} takes no callbacks.")

    def read(self, incoming: Incoming, now: datetime) -> list[Report | Inbound]:
        """A verified callback in our words. `now`: when it arrived.

        Raises:
            Unreadable: it is not what the vendor documents.
        """
        return []
