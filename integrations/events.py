"""Which news does the outside world send upwards?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal

from integrations.messaging.base import Inbound, Report


class NotOurs(LookupError):
    """A receiver of a report knows no such message: the carrier was quicker than our note of it, or it is not ours."""


@dataclass(frozen=True, slots=True)
class RecordsHeard:
    """The records of a practice spoke well: events were applied, or a file was imported to its end (R20)."""

    practice_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """A gateway called back about messages of a practice (CHN-2)."""

    practice_id: UUID
    gateway: str
    reports: tuple[Report, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A client wrote to a number or an address of the practice (CHN-4)."""

    practice_id: UUID
    gateway: str
    message: Inbound
    at: datetime


@dataclass(frozen=True, slots=True)
class LastWrittenTo:
    """A question upwards: when did the practice of the open scope last write to this phone or email? (R28)"""

    practice_id: UUID
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class AccountMended:
    """An account of the practice works again, or another was connected: what waited for it may leave (R26)."""

    practice_id: UUID
    gateway: str
    at: datetime


delivery_reported = Signal()
"""A gateway called back. Sent with `event: DeliveryReported`, inside the transaction that notes it as applied."""

message_received = Signal()
"""A client wrote. Sent with `event: MessageReceived`, inside the transaction that notes it as applied."""

last_written_to = Signal()
"""Asked with `event: LastWrittenTo`, inside the practice's scope; a receiver returns the moment, or None: never."""

account_mended = Signal()
"""An account works again. Sent with `event: AccountMended`, inside the transaction that notes it."""

records_heard = Signal()
"""Records are fresh again. Sent with `event: RecordsHeard`, inside the transaction that notes it."""
