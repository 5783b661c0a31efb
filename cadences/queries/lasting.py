"""How long does a treatment last, as a practice says it in words?"""

import re
from dataclasses import dataclass
from typing import Final

from cadences.timeline import Unit

DAYS_OF: Final = {Unit.DAYS: 1.0, Unit.WEEKS: 7.0, Unit.MONTHS: 30.4375}
"""A drawing needs every offset on one scale: a month is a twelfth of a year."""

_MONTHS_OF_A_YEAR: Final = 12
_WORDS: Final = re.compile(
    r"(?:(?P<first>\d{1,3})\s*(?:to|-|–)\s*|(?P<up_to>up to\s+))?(?P<last>\d{1,3})\s*(?P<unit>day|week|month|year)s?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Full effect until `full_days`, worn off by `worn_days`, counted from the visit.

    `full_days` None: "up to" tells only when it is over at the latest.
    """

    full_days: float | None
    worn_days: float


def lasting(words: str) -> Lasting | None:
    """Return what "10 to 12 weeks" says, in days; None where the words say it otherwise.

    >>> lasting("10 to 12 weeks"), lasting("2 years").worn_days, lasting("up to 24 months").full_days
    (Lasting(full_days=70.0, worn_days=84.0), 730.5, None)
    >>> lasting("differs") is None
    True
    """
    found = _WORDS.search(words)
    if found is None:
        return None
    unit = found["unit"].lower()
    days = _MONTHS_OF_A_YEAR * DAYS_OF[Unit.MONTHS] if unit == "year" else DAYS_OF[Unit(f"{unit}s")]
    worn = int(found["last"]) * days
    if found["up_to"]:
        return Lasting(None, worn)
    return Lasting(int(found["first"]) * days if found["first"] else worn, worn)
