"""Which words do sequences, reminders and decisions speak in?"""

from enum import StrEnum


class SequenceKind(StrEnum):
    """What a sequence is for (DESIGN.md 5)."""

    REFILL = "refill"
    REACTIVATION = "reactivation"
    CONFIRMATION = "confirmation"
    SURVEY = "survey"


class SequenceState(StrEnum):
    """Where a sequence stands (RULES.md, last lines)."""

    OPEN = "open"
    BOOKED = "booked"
    PAUSED = "paused"
    HOLDOUT = "holdout"
    ENDED = "ended"


class ReminderState(StrEnum):
    """The life of one reminder (RULES.md, last lines)."""

    PLANNED = "planned"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN_STATES = frozenset({ReminderState.PLANNED, ReminderState.WAITING})
"""A reminder in one of these may still leave."""

SENT_STATES = frozenset({ReminderState.SENT, ReminderState.DELIVERED})
"""A reminder in one of these has reached the gateway."""

COUNTED_STATES = SENT_STATES | {ReminderState.CLAIMED, ReminderState.UNKNOWN}
"""What the client has got, or may have got: counts for caps, gaps and limits."""

LIVE_SEQUENCE_STATES = frozenset(
    {SequenceState.OPEN, SequenceState.BOOKED, SequenceState.PAUSED, SequenceState.HOLDOUT}
)


class Standing(StrEnum):
    """How a client stands, in one word: the first of these that holds."""

    BARRED = "barred"
    """Inactive, deceased, do-not-contact or under 18 (R21)."""
    OPTED_OUT = "opted_out"
    PAUSED = "paused"
    """A service issue is open, or staff paused (R29, SEQ-10)."""
    HELD = "held"
    """A reminder's moment has come and a hold keeps it: consent, address, text, stale records (R26)."""
    DUE = "due"
    """Within a refill window: a reminder's moment has come, and no booking."""
    BOOKED = "booked"
    ACTIVE = "active"
    """A refill sequence is open and its first reminder is still to come."""
    LAPSED = "lapsed"
    """No booking by the cadence's last day; monthly reactivation or its end (R24)."""
    NONE = "none"
    """Nothing is planned."""


class Reach(StrEnum):
    """Whether reminders and offers may leave to a client on a channel, in one word: the first of these that holds.

    The practice's own choices (its attestation, a gateway that is down) are not in it: they change for all at once.
    """

    BARRED = "barred"
    """Inactive, deceased, do-not-contact or under 18 (R21)."""
    OPTED_OUT = "opted_out"
    """Stopped everything, or this channel (OPT-3)."""
    PREFERS_NONE = "prefers_none"
    NO_ADDRESS = "no_address"
    WITHDRAWN = "withdrawn"
    """She took her own agreement back (SEQ-12)."""
    VETOED = "vetoed"
    """A flag of the records forbids it."""
    UNREACHABLE = "unreachable"
    """A gateway reported that the number takes no texts, or the mailbox no emails (CHN-2)."""
    SHARED = "shared"
    """More clients have that number or address than R23 allows."""
    STRANGER = "stranger"
    """Of email: she was never treated here, so there is no relationship that email rests on."""
    PREFERS_OTHER = "prefers_other"
    """She asked for the other channel (R25)."""
    UNSAID = "unsaid"
    """Of texts: she said nothing herself; the practice's attestation decides (SEQ-12)."""
    OWN = "own"
    """Of texts: she agreed herself, in writing."""
    KNOWN = "known"
    """Of email: she was treated here and refused nothing."""


class Channel(StrEnum):
    """What carries a message."""

    SMS = "sms"
    EMAIL = "email"


class MessageKind(StrEnum):
    """Which rules bind a message (RULES.md, Kinds of message)."""

    PROMOTION = "promotion"
    CARE = "care"
    CONFIRMATION = "confirmation"
    ANSWER = "answer"


class Touchpoint(StrEnum):
    """Which text a message uses (MSG-1)."""

    FIRST = "first"
    SECOND = "second"
    SECOND_INCENTIVE = "second_incentive"
    LAST = "last"
    COMBINED = "combined"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    HOURS_48 = "hours_48"
    HOURS_24 = "hours_24"
    MORNING = "morning"
    EVENING_BEFORE = "evening_before"
    CHECK_IN = "reactivation_check_in"
    SEASONAL = "reactivation_seasonal"
    BEFORE_AFTER = "reactivation_before_after"
    OFFER = "reactivation_offer"
    SURVEY = "survey"
    OPT_OUT_REPLY = "opt_out_reply"
    HELP_REPLY = "help_reply"
    START_REPLY = "start_reply"
    STAFF_ANSWER = "staff_answer"
    """What staff wrote to a client (CHN-4); it has no template."""


WRITTEN_BY_TEMPLATE = frozenset(Touchpoint) - {Touchpoint.STAFF_ANSWER}
"""The touchpoints that have a template; the others are written by a person, each time anew."""


class Reason(StrEnum):
    """Why a sequence ended, or a reminder waits or will not leave. Shown to people as a sentence."""

    BOOKED = "BOOKED"
    SUPERSEDED = "SUPERSEDED"
    VOIDED = "VOIDED"
    ERASED = "ERASED"
    """Nothing of the client is kept any more (REC-5)."""
    OPTED_OUT = "OPTED_OUT"
    CLIENT_INACTIVE = "CLIENT_INACTIVE"
    CLIENT_DECEASED = "CLIENT_DECEASED"
    DO_NOT_CONTACT = "DO_NOT_CONTACT"
    UNDER_18 = "UNDER_18"
    FINISHED = "FINISHED"
    LIMIT_REACHED = "LIMIT_REACHED"
    ENDED_BY_STAFF = "ENDED_BY_STAFF"
    TREATED = "TREATED"
    JOINED = "JOINED"

    APPOINTMENT_CANCELLED = "APPOINTMENT_CANCELLED"
    APPOINTMENT_MOVED = "APPOINTMENT_MOVED"
    APPOINTMENT_PASSED = "APPOINTMENT_PASSED"
    NO_SHOW = "NO_SHOW"
    ANOTHER_CONFIRMS = "ANOTHER_CONFIRMS"
    TOO_CLOSE = "TOO_CLOSE"

    BEFORE_GO_LIVE = "BEFORE_GO_LIVE"
    LEARNED_LATE = "LEARNED_LATE"
    TOO_LATE = "TOO_LATE"
    PAST_AT_RESUMPTION = "PAST_AT_RESUMPTION"
    NO_WINDOW = "NO_WINDOW"
    HOLDOUT = "HOLDOUT"
    CADENCE_CHANGED = "CADENCE_CHANGED"
    SKIPPED = "SKIPPED"
    """Staff left it out (SEQ-10)."""

    WINDOW = "WINDOW"
    GAP = "GAP"
    CAP = "CAP"
    ORDER = "ORDER"
    APPOINTMENT_SOON = "APPOINTMENT_SOON"
    SERVICE_ISSUE = "SERVICE_ISSUE"
    PAUSED_BY_STAFF = "PAUSED_BY_STAFF"
    REPLY_UNANSWERED = "REPLY_UNANSWERED"
    SNOOZED = "SNOOZED"
    """The client asked to be left in peace until a day (R27)."""
    SHARED_ADDRESS = "SHARED_ADDRESS"
    RECORDS_STALE = "RECORDS_STALE"
    PRACTICE_PAUSED = "PRACTICE_PAUSED"
    NO_CONSENT = "NO_CONSENT"
    NO_ADDRESS = "NO_ADDRESS"
    VETOED = "VETOED"
    PREFERS_NONE = "PREFERS_NONE"
    NO_APPROVED_TEXT = "NO_APPROVED_TEXT"
    CHANNEL_DOWN = "CHANNEL_DOWN"
    UNREACHABLE = "UNREACHABLE"
    """The gateway reported that this number takes no texts, or this mailbox no emails (CHN-2)."""
    PACE = "PACE"
    """The gateway takes only so many a second: it leaves in its turn (CHN-3)."""
    REPLY_UNCLEAR = "REPLY_UNCLEAR"
    """An answer, a note or a survey may be an opt-out: a person decides (OPT-1)."""
    REFUSED = "REFUSED"
