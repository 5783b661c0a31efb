"""What must a connector be able to do, and what may it answer?"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from clients.operations.reported import Report, ReportedClient


class Malformed(ValueError):
    """What arrived is not what its sender promised: `why`, and `where` in it as a path (data.client.id)."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}" if where else why)
        self.where = where
        self.why = why


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connector can do; shown to the manager (INT-2)."""

    takes_webhooks: bool = False
    reads_clients: bool = False
    reads_treatments: bool = False
    reads_appointments: bool = False
    reads_providers: bool = False
    reads_free_slots: bool = False
    reads_photo_links: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ReportedOptOut:
    """A client said stop in the system that reports it. Channel None: on every channel."""

    client: ReportedClient
    channel: str | None
    wording: str


@dataclass(frozen=True, slots=True)
class ReportedNote:
    """Somebody wrote a note into a client's record."""

    client: ReportedClient
    remote_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportedSurvey:
    """A client answered a survey, 0 to 10."""

    client: ReportedClient
    remote_id: str
    score: int
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """One event in medspa's words. The report is recorded first, then what is said beyond it."""

    occurred_at: datetime
    report: Report
    said: ReportedOptOut | ReportedNote | ReportedSurvey | None = field(default=None)


class Connector(ABC):
    """A translator between one vendor's words and ours.

    It has no models, no retries, no tenant and no clock: text or JSON in, our values out (DESIGN.md 2, 7).
    The caller verifies, stores, scopes, applies and tries again. A connector refuses with `Malformed` and
    nothing else; what it does not know is None, never a guess.
    """

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    @abstractmethod
    def translate(self, event: Mapping[str, object], source: str) -> News | None:
        """Return what an event says, or None where its type is none that medspa acts on.

        `source` is the namespace of the ids that the event speaks of. Every field is checked, so that what
        this accepts once can be applied later.

        Raises:
            Malformed: a field is missing or not what the contract says.
        """
