"""What can stand in the simulator's queue?"""

from dataclasses import dataclass
from datetime import datetime

from reminders.engine.claim import Claimed
from reminders.engine.simulate.life import Event
from reminders.engine.simulate.moods import Chooses, Turns
from reminders.engine.simulate.staff import Steers
from reminders.engine.words import Channel, ReminderState


@dataclass(frozen=True, slots=True)
class Look:
    """A client's next due reminder, or the moment at which time alone changes her plan."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A gateway's later word about a message."""

    claimed: Claimed
    state: ReminderState
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Bounce:
    """A carrier's later word that a message did not arrive on these channels, and never will (CHN-2)."""

    claimed: Claimed
    channels: tuple[Channel, ...]
    decided_at: datetime


Happening = Event | Turns | Chooses | Steers | Look | Fate | Bounce
