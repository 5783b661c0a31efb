"""What is every entry about a client's messages worded with?"""

from collections.abc import Mapping
from collections.abc import Sequence as Series
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cadences.timeline import Cadence
from clients.models import Client
from dashboard.views.parts.actions import Action
from dashboard.views.wording.deliveries import Reading
from practices.queries.client_trail import Deed
from reminders.models import Delivery
from reminders.operations.previewing import PreviewText
from reminders.queries.client_page import Openings


@dataclass(frozen=True, slots=True)
class Context:
    """What every entry about a client's reminders is worded with."""

    client: Client
    slug: str
    zone_name: str
    now: datetime
    cadences: Mapping[UUID, Cadence]
    deliveries: Mapping[UUID, tuple[Delivery, ...]]
    previews: Mapping[UUID, Series[PreviewText]]
    openings: Mapping[UUID, Openings] = field(default_factory=dict)
    """Reminder -> how often the booking links of its messages were opened."""
    actions: Mapping[UUID, tuple[Action, ...]] = field(default_factory=dict)
    """Reminder -> what staff can do to it."""
    settling: Mapping[UUID, tuple[Action, ...]] = field(default_factory=dict)
    """Delivery of which nobody knows whether it arrived -> how staff can say so."""
    moves: Mapping[UUID, Deed] = field(default_factory=dict)
    """Reminder -> who moved it last."""
    skips: Mapping[UUID, Deed] = field(default_factory=dict)
    peace_until: date | None = None
    """The day before which nothing but confirmations leaves, because the client asked for it (R27)."""

    @property
    def today(self) -> date:
        """Today where the client lives."""
        return self.now.astimezone(ZoneInfo(self.zone_name)).date()

    def on_day_of(self, moment: datetime) -> Reading:
        """How a delivery's fate is told below the day of this moment."""
        return Reading(self.zone_name, self.now).on_day_of(moment)
