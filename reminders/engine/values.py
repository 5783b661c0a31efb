"""Which facts does the engine decide on? Frozen values: no row, no clock, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from cadences.timeline import Cadence
from reminders.engine.words import (
    LIVE_SEQUENCE_STATES,
    OPEN_STATES,
    Channel,
    Reason,
    ReminderState,
    SequenceKind,
    SequenceState,
    Touchpoint,
)


@dataclass(frozen=True, slots=True)
class Treated:
    """A treatment that counts. `recorded_at`: when medspa first knew of it."""

    id: str
    treatment_type: str
    performed_on: date
    recorded_at: datetime
    provider: str | None = None
    is_series_complete: bool | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """What one service of an appointment means: `kind` in the words of ServiceKind (R6)."""

    kind: str
    treatment_type: str | None = None
    family: str | None = None
    unknown_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment; its start may be unknown (a cancellation that came before its booking)."""

    id: str
    status: str
    starts_at: datetime | None
    services: tuple[Booked, ...]
    learned_at: datetime
    location: str | None = None
    zone: str = "UTC"
    provider: str | None = None
    booked_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    duration_minutes: int = 30
    is_cancelled_by_practice: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """The client as far as rules look at them. Empty text: not known."""

    id: str
    home_zone: str
    zones: tuple[str, ...]
    states: tuple[str, ...] = ()
    status: str = "active"
    date_of_birth: date | None = None
    phone: str = ""
    email: str = ""
    preference: str = ""
    phone_shared_by: int = 1
    email_shared_by: int = 1


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the client agreed to and refused, drawn from the ledgers (RULES.md, Kinds of message)."""

    is_sms_consented: bool = False
    is_sms_attested: bool = False
    """It is the practice's word alone that allows texts (SEQ-12)."""
    is_sms_withdrawn: bool = False
    is_sms_vetoed: bool = False
    is_email_vetoed: bool = False
    is_email_withdrawn: bool = False
    is_photo_consented: bool = False
    is_opted_out: bool = False
    is_sms_stopped: bool = False
    is_email_stopped: bool = False
    is_phone_unreachable: bool = False
    is_email_unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """One planned outreach as the engine sees it; the row's columns say what each field means."""

    step: str
    position: int
    planned_at: datetime
    allowed_at: datetime
    due_at: datetime
    state: ReminderState = ReminderState.PLANNED
    reason: str = ""
    cycle: int = 0
    valid_until: datetime | None = None
    came_due: bool = False
    decided_at: datetime | None = None
    sent_at: datetime | None = None
    moved_to: datetime | None = None
    """Where staff moved it: its planned moment, whatever the cadence says (SEQ-10)."""

    @property
    def is_open(self) -> bool:
        """It may still leave."""
        return self.state in OPEN_STATES

    @property
    def is_skipped(self) -> bool:
        """Staff left it out: its step does not come again by itself (SEQ-10)."""
        return self.state is ReminderState.CANCELLED and self.reason == Reason.SKIPPED.value

    @property
    def may_come_again(self) -> bool:
        """It fell away for a reason that may fall away in its turn: a booking, a correction."""
        return self.state is ReminderState.CANCELLED and self.reason != Reason.SKIPPED.value


@dataclass(frozen=True, slots=True)
class Sequence:
    """One client in one cadence after one treatment, or around one appointment. `key` is its identity."""

    key: str
    kind: SequenceKind
    anchor: str
    opened_at: datetime
    state: SequenceState = SequenceState.OPEN
    reason: str = ""
    cycle: int = 0
    treatment_type: str = ""
    family: str = ""
    cadence_id: str = ""
    day_zero: date | None = None
    starts_at: datetime | None = None
    """Of a confirmation: the start of the visit that it is planned for."""
    told_starts_at: datetime | None = None
    reopened_at: datetime | None = None
    ended_at: datetime | None = None
    reminders: tuple[Reminder, ...] = ()

    @property
    def is_live(self) -> bool:
        """It has not ended."""
        return self.state in LIVE_SEQUENCE_STATES


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one client at one moment."""

    person: Person
    permissions: Permissions = Permissions()
    treatments: tuple[Treated, ...] = ()
    visits: tuple[Visit, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    has_open_issue: bool = False
    issues: tuple[tuple[str, datetime], ...] = ()
    """Open service issues: id, and since when (SEQ-8)."""
    is_paused_by_staff: bool = False
    has_unanswered_reply: bool = False
    has_unclear_reply: bool = False
    """An answer or a note that may be an opt-out waits for a person: meanwhile no text leaves, nor any promotion."""
    snoozed_until: date | None = None
    last_promotion_at: datetime | None = None
    """The last promotion to this client or to anyone at the same phone or email (R23)."""
    reactivates_on: date | None = None
    answered: frozenset[Channel] = frozenset()

    @property
    def is_paused(self) -> bool:
        """A person decides when promotion goes on: after a service issue, or because staff said so (R29, SEQ-10)."""
        return self.has_open_issue or self.is_paused_by_staff


@dataclass(frozen=True, slots=True)
class Policy:
    """What the practice chose. Every number is a default of RULES.md."""

    time_zone: str
    cadences: Mapping[str, Cadence]
    """Treatment type -> the current version of its cadence."""
    versions: Mapping[str, Cadence] = field(default_factory=dict)
    """Cadence id -> any version that a sequence still follows."""
    families_superseded: frozenset[str] = frozenset({"neuromodulator"})
    live_at: datetime | None = None
    is_paused: bool = False
    is_records_stale: bool = False
    cap_days: int = 3
    late_days: int = 5
    most_refills: int = 3
    join_days: int = 7
    consultation_fits: bool = True
    touch_up_resets: bool = False
    confirms: str = "all"
    reactivation_limit: int = 12
    holdout_percent: int = 0
    holdout_key: bytes = b""
    speaks_as_provider: bool = True
    promotion_opens: time | None = None
    promotion_closes: time | None = None
    approved: frozenset[tuple[Touchpoint, Channel, str | None]] = frozenset()
    """(touchpoint, channel, provider or None for the practice's own) that have an approved text."""
    providers: frozenset[str] = frozenset()
    """Active providers: an inactive one's voice is not used (R31)."""
    channels_down: frozenset[Channel] = frozenset()
    channels_busy: Mapping[Channel, datetime] = field(default_factory=dict)
    """Channels whose gateway has its fill just now, and when the next may leave (CHN-3)."""

    def cadence(self, sequence: Sequence) -> Cadence | None:
        """The version that a sequence follows, else the current one of its type."""
        return self.versions.get(sequence.cadence_id) or self.cadences.get(sequence.treatment_type)


@dataclass(frozen=True, slots=True)
class CallWanted:
    """A person should call: why, about what, and since when (R9, R10, R15)."""

    reason: str
    anchor: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall be: all sequences of the client, calls to make, and when time alone may change it."""

    sequences: tuple[Sequence, ...]
    calls: tuple[CallWanted, ...] = ()
    replan_at: datetime | None = None
    lapses: tuple[tuple[str, datetime], ...] = ()
    """Refills that finished without a booking: the family, and since when it counts as lapsed, or will (R24)."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Which reminder is meant: its sequence's key, its step and cycle."""

    sequence: str
    step: str
    cycle: int


@dataclass(frozen=True, slots=True)
class Send:
    """Leave now: on these channels, with this text, in this voice (None: the practice's)."""

    channels: tuple[Channel, ...]
    touchpoint: Touchpoint
    provider: str | None = None
    with_incentive: bool = False
    joined: tuple[Ref, ...] = ()
    leaves_by: datetime | None = None
    """When its window closes: a carrier that has it in a queue then must drop it. None: it may leave at any hour."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Decide again at `until`."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suppress:
    """It will not leave."""

    reason: Reason


Decision = Send | Wait | Suppress
