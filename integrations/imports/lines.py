"""What does one row of a file say, before rows of one booking are joined?"""

from dataclasses import dataclass
from datetime import date, datetime

from clients.operations.reported import ReportedClient, ReportedTreatment


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One service of one booking, as files have it: a booking of three services is three rows.

    `group` tells bookings apart; `remote_id` is the row's own claim to name the booking, of which the
    lowest of the group wins. Moments are wall times of the location, or aware where the file says UTC.
    """

    group: str
    remote_id: str
    client: ReportedClient
    service: str
    status: str
    starts: datetime
    ends: datetime | None = None
    booked: datetime | date | None = None
    provider: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says: of a client alone, of a treatment, of a booking, or of the last two at once."""

    client: ReportedClient | None = None
    treatment: ReportedTreatment | None = None
    booking: BookingRow | None = None
