"""May reminders leave to this client by text, and by email? In one word each, for counts and lists. (SEQ-12)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reminders.engine.channels import closed_reason
from reminders.engine.plan import barred_reason
from reminders.engine.values import Facts, Policy
from reminders.engine.words import Channel, MessageKind, Reach, Reason

_NOTHING_IS_DOWN: Final = Policy(time_zone="UTC", cadences={})
"""What the practice chose has no part in the words: it changes for everybody at once."""

_SAME: Final = {
    Reason.PREFERS_NONE: Reach.PREFERS_NONE,
    Reason.NO_ADDRESS: Reach.NO_ADDRESS,
    Reason.UNREACHABLE: Reach.UNREACHABLE,
    Reason.VETOED: Reach.VETOED,
    Reason.SHARED_ADDRESS: Reach.SHARED,
}

_BEFORE_A_WITHDRAWAL: Final = frozenset({Reason.OPTED_OUT, Reason.PREFERS_NONE, Reason.NO_ADDRESS})


@dataclass(frozen=True, slots=True)
class Reached:
    """The words for texts and for email."""

    sms: Reach
    email: Reach


def reach_of(facts: Facts, now: datetime) -> Reached:
    """Return whether reminders and offers may leave to a client, and what closes each channel. Total, deterministic.

    It says what `closed_reason` would decide, and besides tells her own word from the practice's.
    """
    if barred_reason(facts, now) is not None:
        return Reached(Reach.BARRED, Reach.BARRED)
    return Reached(_word(Channel.SMS, facts), _word(Channel.EMAIL, facts))


def _word(channel: Channel, facts: Facts) -> Reach:
    closed = closed_reason(channel, MessageKind.PROMOTION, facts, _NOTHING_IS_DOWN)
    permissions = facts.permissions
    is_text = channel is Channel.SMS
    if is_text and permissions.is_sms_withdrawn and closed not in _BEFORE_A_WITHDRAWAL:
        return Reach.WITHDRAWN
    if closed in _SAME:
        return _SAME[closed]
    if closed is Reason.OPTED_OUT:
        is_own_word = not is_text and permissions.is_email_withdrawn and not permissions.is_opted_out
        return Reach.WITHDRAWN if is_own_word else Reach.OPTED_OUT
    if closed is Reason.NO_CONSENT and not is_text:
        return Reach.STRANGER
    if _prefers_other(channel, facts):
        return Reach.PREFERS_OTHER
    if not is_text:
        return Reach.KNOWN
    return Reach.OWN if permissions.is_sms_consented and not permissions.is_sms_attested else Reach.UNSAID


def _prefers_other(channel: Channel, facts: Facts) -> bool:
    """She asked for the other channel (R25), and this one does not stand in for it (CHN-2)."""
    other = Channel.EMAIL if channel is Channel.SMS else Channel.SMS
    if facts.person.preference != other.value:
        return False
    return closed_reason(other, MessageKind.PROMOTION, facts, _NOTHING_IS_DOWN) is not Reason.UNREACHABLE
