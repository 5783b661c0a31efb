"""What does a word do here that was said to a neighbor on the same number? (R28, OPT-3)"""

from datetime import datetime
from uuid import UUID

from clients.models import Suppression
from clients.operations.reaching import CLIENT, EMAIL, PHONE, hold_whom_it_reaches, subjects_of
from clients.operations.stop_words import Intent, intent_of
from clients.operations.taking_back import SAID_THERE, would_change
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.heeding_replies import standing_of
from reminders.operations.refusals import lift_refusal
from reminders.operations.replies import receive_reply
from reminders.operations.whose_reply import normalized


def receive_copy(
    practice_id: UUID,
    channel: Channel,
    from_address: str,
    text: str,
    received_at: datetime,
    now: datetime,
    remote_id: str = "",
    *,
    to_address: str = "",
    gateway: str = "",
    is_answered_by_vendor: bool = True,
) -> Reply | None:
    """Will do what the words ask for as `receive_reply` does; who was written to answers.

    A START takes back only what was said to that number itself, a stop or the carrier's word of one. What the
    practice was told otherwise (at the desk, by a link, in a list) was not taken back by a word to somebody else:
    if anything of that would end or bind less, nothing changes. A START that changes nothing is not kept, so that
    nobody has to look at it; None. Runs in the practice's open scope, holds whom the word reaches.
    """
    if intent_of(text) is Intent.START:
        address = normalized(channel, from_address)
        if not address or not _may_start(practice_id, channel, address, received_at):
            lift_refusal(practice_id, channel, address, now)
            return None
    return receive_reply(
        practice_id,
        channel,
        from_address,
        text,
        received_at,
        now,
        remote_id,
        to_address=to_address,
        gateway=gateway,
        is_answered_by_vendor=is_answered_by_vendor,
    )


def _may_start(practice_id: UUID, channel: Channel, address: str, said_at: datetime) -> bool:
    phone, email = (address, "") if channel is Channel.SMS else ("", address)
    hold_whom_it_reaches(practice_id, phone=phone, email=email)
    standing = standing_of(practice_id, channel, address, None, said_at)
    changing = would_change(practice_id, subjects_of(phone, email), said_at)
    kinds = {PHONE if channel is Channel.SMS else EMAIL, CLIENT}
    was_said_there = all(subject in kinds and Suppression.Origin(origin) in SAID_THERE for subject, origin in changing)
    return bool(changing) and was_said_there and not standing.is_newer
