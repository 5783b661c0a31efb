"""What is gathered for one client before it is put together?"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from reminders.engine.values import Sequence, Treated, Visit
from reminders.engine.words import Channel

Row = tuple[Any, ...]
ReminderKey = tuple[str, str, int]
"""A sequence's key, a step, a cycle: by this a reminder finds its row."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What the planner's note on a client says of how she stands; texts and words as the row keeps them."""

    standing: str
    next_at: datetime | None
    name_key: str
    sms_word: str = ""
    email_word: str = ""


@dataclass(slots=True)
class Held:
    """What is gathered for one client before it is put together."""

    treatments: list[Treated] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    sequences: list[Sequence] = field(default_factory=list)
    sequence_ids: dict[str, UUID] = field(default_factory=dict)
    reminder_ids: dict[ReminderKey, UUID] = field(default_factory=dict)
    treatment_rows: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    location_id: UUID | None = None
    last_promotion_at: datetime | None = None
    replan_at: datetime | None = None
    noted: Noted | None = None
    reactivates_on: date | None = None
    snoozed_until: date | None = None
    is_paused_by_staff: bool = False
    has_unanswered_reply: bool = False
    has_unclear_reply: bool = False
    answered: frozenset[Channel] = frozenset()
