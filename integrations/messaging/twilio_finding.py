"""Which message in Twilio's list is the attempt that nobody heard of again? (messaging.md 1.13)"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.messaging.base import Accepted, CannotSay, Found, NeverArrived, Sought

EARLIER: Final = timedelta(seconds=60)
"""By how much the vendor's clock may be behind ours."""


def which(listed: Sequence[Any], sought: Sought, *, is_complete: bool) -> Found:
    """One of ours to that number, made since, with the same words. `listed`: the SDK's messages.

    The words may have been changed on their way (Twilio's smart encoding, the words that a trial account puts
    first), so if none is the same to the letter, letters and digits count. One whose text Twilio no longer shows,
    and a list that was cut off, leave it open.
    """
    mine = [each for each in listed if _may_be(each, sought)]
    letters = _letters(sought.text)
    same = [each for each in mine if each.body == sought.text] or [
        each for each in mine if letters and _letters(each.body).endswith(letters)
    ]
    if same:
        return Accepted(min(same, key=lambda each: (_apart(each, sought), each.sid)).sid)
    if not is_complete or any(not letters or not each.body for each in mine):
        return CannotSay()
    return NeverArrived()


def _may_be(message: Any, sought: Sought) -> bool:
    if message.sid in sought.taken or str(message.direction or "").startswith("inbound"):
        return False
    made_at = message.date_created
    return not isinstance(made_at, datetime) or made_at >= sought.attempted_at - EARLIER


def _letters(text: str | None) -> str:
    """What no encoding on the way changes: letters and digits, without accents.

    >>> _letters("It’s time – café") == _letters("It's time - cafe")
    True
    """
    return "".join(sign for sign in unicodedata.normalize("NFKD", text or "").casefold() if sign.isalnum())


def _apart(message: Any, sought: Sought) -> timedelta:
    made_at = message.date_created
    return abs(made_at - sought.attempted_at) if isinstance(made_at, datetime) else timedelta.max
