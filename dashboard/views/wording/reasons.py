"""Why does a reminder wait, or will it not leave? Each reason of the engine as a sentence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reminders.engine.words import Reason

SENTENCES: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.BOOKED: "A fitting appointment is booked, so reminding has stopped.",
        Reason.SUPERSEDED: "A newer treatment restarted the clock.",
        Reason.VOIDED: "The records took the treatment back.",
        Reason.ERASED: "The client was erased.",
        Reason.OPTED_OUT: "The client opted out.",
        Reason.CLIENT_INACTIVE: "The records call the client inactive.",
        Reason.CLIENT_DECEASED: "The records say that the client has died.",
        Reason.DO_NOT_CONTACT: "The records say not to contact this client.",
        Reason.UNDER_18: "The client is under 18.",
        Reason.FINISHED: "All messages of the sequence have left.",
        Reason.LIMIT_REACHED: "As many messages as the practice allows have left.",
        Reason.ENDED_BY_STAFF: "Staff ended it.",
        Reason.TREATED: "The client was treated.",
        Reason.JOINED: "It leaves together with another reminder, as one message.",
        Reason.APPOINTMENT_CANCELLED: "The appointment was cancelled.",
        Reason.APPOINTMENT_MOVED: "The appointment moved to another time.",
        Reason.APPOINTMENT_PASSED: "The appointment is over.",
        Reason.NO_SHOW: "The client did not come to the appointment.",
        Reason.ANOTHER_CONFIRMS: "Another message or system confirms this visit.",
        Reason.TOO_CLOSE: "It would have come within three hours of the previous confirmation.",
        Reason.BEFORE_GO_LIVE: "Its time had passed before the practice went live.",
        Reason.LEARNED_LATE: "medspa learned of it after its time had passed.",
        Reason.TOO_LATE: "It could not leave in time, and later it would no longer fit.",
        Reason.PAST_AT_RESUMPTION: "Its time passed while the sequence was on hold.",
        Reason.NO_WINDOW: "Within three days no hour was allowed for messages where the client lives.",
        Reason.HOLDOUT: "Holdout group: not reminded, so that the lift can be measured.",
        Reason.CADENCE_CHANGED: "The cadence changed, and this step is no longer part of it.",
        Reason.SKIPPED: "Staff left it out.",
        Reason.WINDOW: "It is outside the hours for messages where the client lives.",
        Reason.GAP: "The message before it left later than planned, and a few days are kept between the two.",
        Reason.CAP: "Another message left in the days before, and a pause is kept between them.",
        Reason.ORDER: "An earlier reminder of the sequence goes first.",
        Reason.APPOINTMENT_SOON: "An appointment is less than 48 hours away, so reminding waits until after it.",
        Reason.SERVICE_ISSUE: "Something went wrong, or the client may want fewer messages: a person looks first.",
        Reason.PAUSED_BY_STAFF: "Staff paused this client’s reminders.",
        Reason.REPLY_UNANSWERED: "The client’s reply has not been answered yet.",
        Reason.SNOOZED: "The client asked to be left in peace for a while.",
        Reason.SHARED_ADDRESS: "More than four clients share this phone or email, so a person looks first.",
        Reason.RECORDS_STALE: "The records are too old: a booking made since would not be seen.",
        Reason.PRACTICE_PAUSED: "The practice’s messages are switched off.",
        Reason.NO_CONSENT: "The client has not agreed to these messages.",
        Reason.NO_ADDRESS: "There is no phone number or email address to reach the client.",
        Reason.VETOED: "A flag in the records forbids it.",
        Reason.PREFERS_NONE: "The client asked for no messages.",
        Reason.NO_APPROVED_TEXT: "No approved text for it yet.",
        Reason.CHANNEL_DOWN: "The service that carries these messages does not take them just now.",
        Reason.UNREACHABLE: "The number takes no texts, or the mailbox no emails; the carrier said so.",
        Reason.PACE: "The carrier takes only so many messages a second, so it leaves in its turn.",
        Reason.REPLY_UNCLEAR: "What the client said may be an opt-out, so a person decides first.",
        Reason.REFUSED: "The service that carries these messages did not take it, or could not bring it there.",
    }
)


def reason_sentence(reason: str) -> str:
    """Return the sentence for a reason as a row keeps it; empty where the row has none.

    Raises:
        ValueError: the engine knows no such reason.

    >>> reason_sentence("SUPERSEDED")
    'A newer treatment restarted the clock.'
    """
    return SENTENCES[Reason(reason)] if reason else ""
