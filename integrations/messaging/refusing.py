"""What does a vendor's no mean, and how long does it ask us to wait?"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

from integrations.messaging.base import Explained, Meaning, NotSent, Refused

LONGEST_CODE: Final = 40
"""Characters of a vendor's code that are kept."""

_SECONDS: Final = re.compile(r"\d{1,5}(\.\d{1,6})?")


def refusal(explained: Explained, code: str, wait: float | None = None) -> NotSent | Refused:
    """The error to raise when a vendor refused with a code that is explained. `wait`: seconds, as it asked."""
    match explained.meaning:
        case Meaning.RETRY:
            return NotSent(explained.sentence, wait, code=code)
        case Meaning.ACCOUNT:
            return NotSent(explained.sentence, wait, code=code, is_account=True)
        case meaning:
            return Refused(explained.sentence, code=code, meaning=meaning)


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """How many seconds an answer asks us to wait, by Retry-After or by SendGrid's X-RateLimit-Reset.

    Retry-After may also be a date, and the reset is one: the difference to the answer's own Date is taken, so that
    no clock of ours is needed.

    >>> asked_to_wait({"Retry-After": "3"})
    3.0
    >>> asked_to_wait({"x-ratelimit-reset": "1762700012", "Date": "Sun, 09 Nov 2025 14:53:20 GMT"})
    12.0
    >>> asked_to_wait({"Retry-After": "soon"}) is None
    True
    """
    told = {name.lower(): value.strip() for name, value in headers.items()}
    after = told.get("retry-after", "")
    if _SECONDS.fullmatch(after):
        return float(after)
    said_at = _moment(told.get("date", ""))
    until = _moment(after)
    if until is None and re.fullmatch(r"\d{9,11}", told.get("x-ratelimit-reset", "")):
        until = float(told["x-ratelimit-reset"])
    if said_at is None or until is None:
        return None
    return min(max(until - said_at, 0.0), 86_400.0)


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
