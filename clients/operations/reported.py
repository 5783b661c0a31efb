"""What may a source report about clients? The words that imports, webhooks and connectors translate into."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

# Connectors import this module and no models (DESIGN.md 4): words of ours are plain strings here.


@dataclass(frozen=True, slots=True)
class ReportedConsent:
    """A word about consent. `is_flag`: a mere flag of the records, which can veto but not allow (SEQ-12).

    `scope` is one of `ConsentScope`. `address`: the number (E.164) or email it was given for, where that is known.
    """

    scope: str
    is_granted: bool
    at: datetime
    source: str
    wording: str = ""
    is_flag: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class ReportedClient:
    """A client as one source describes them. None means: not said, so what is known stays.

    `remote_id` empty: the source knows only a name (Aesthetic Record's invoices). `status` is one of
    `Client.Status`, `preferred_channel` one of `Client.Preference`.
    """

    remote_id: str
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    phone: str | None = None
    email: str | None = None
    postal_code: str | None = None
    state: str | None = None
    date_of_birth: date | None = None
    status: str | None = None
    preferred_channel: str | None = None
    time_zone: str | None = None
    language: str | None = None
    consents: tuple[ReportedConsent, ...] = ()
    said_at: datetime | None = None
    """When this and the line it stands in were said, where a report joins words of several moments."""


@dataclass(frozen=True, slots=True)
class ReportedTreatment:
    """One line about a service done. Exactly one of `performed_at` (aware) and `performed_local` is given.

    `performed_local`: a wall time or a bare date in the location's zone, as files have it. A void may name the line
    alone, `service` empty and no time: it counts even if the treatment itself is heard of later (R13).
    """

    line_key: str
    client: ReportedClient
    service: str
    performed_at: datetime | None = None
    performed_local: datetime | date | None = None
    is_voided: bool = False
    area: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    provider: str | None = None
    location: str | None = None
    series_key: str | None = None
    series_number: int | None = None
    is_series_complete: bool | None = None


@dataclass(frozen=True, slots=True)
class ReportedAppointment:
    """One booking. `status` is one of `AppointmentStatus`, or empty where the source did not say.

    At most one way of giving the start is used.

    `services` None means: not said. Rows of a file that are one booking arrive as one of these each;
    those with the same `remote_id` in one batch are joined, their services in order.
    """

    remote_id: str
    client: ReportedClient
    status: str
    services: tuple[str, ...] | None = None
    starts_at: datetime | None = None
    starts_local: datetime | None = None
    duration_minutes: int | None = None
    version: int | None = None
    booked_at: datetime | None = None
    booked_local: datetime | date | None = None
    is_cancelled_by_practice: bool | None = None
    provider: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A batch that one source said at one time. Order inside it means nothing but for equal keys."""

    identity_source: str
    """The namespace of the clients' ids: zenoti, jane, records."""
    document: str
    """The namespace of line keys and appointment ids: zenoti_sales_cash, or the connection's source."""
    reported_at: datetime | None
    """When the source said so; None for a file, whose word is as old as its reading."""
    clients: tuple[ReportedClient, ...] = ()
    treatments: tuple[ReportedTreatment, ...] = ()
    appointments: tuple[ReportedAppointment, ...] = ()


class Outcome(StrEnum):
    """What became of one line of a batch."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WAITING = "waiting"


@dataclass(slots=True)
class Recorded:
    """What became of a batch, line by line in the order of the report; ids are of clients whose plans may change.

    A repeat, and an older word that changes nothing, is UNCHANGED. WAITING: nobody can tell whose the line is.
    """

    clients: list[Outcome] = field(default_factory=list)
    treatments: list[Outcome] = field(default_factory=list)
    appointments: list[Outcome] = field(default_factory=list)
    client_ids: set[UUID] = field(default_factory=set)

    @property
    def created(self) -> int:
        """How many lines brought something new."""
        return self._count(Outcome.CREATED)

    @property
    def updated(self) -> int:
        """How many lines changed something known."""
        return self._count(Outcome.UPDATED)

    @property
    def unchanged(self) -> int:
        """How many lines said what was known, or something older."""
        return self._count(Outcome.UNCHANGED)

    @property
    def waiting(self) -> int:
        """How many lines wait for a person because nobody can tell whose they are."""
        return self._count(Outcome.WAITING)

    def _count(self, outcome: Outcome) -> int:
        return sum(lines.count(outcome) for lines in (self.clients, self.treatments, self.appointments))
