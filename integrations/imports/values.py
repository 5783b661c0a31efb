"""What does the text of a cell mean: which day, which moment, how much?"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from integrations.imports.refusals import BadRow

# American exports write month first; ISO cannot be misread. Day-first dates are not guessed at (pms.md 6.2).
_US_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:\s+(.+))?")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]\s*(.+))?")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(UTC|Z|\+00:?00)?")

_MONEY_LIMIT: Final = Decimal(10) ** 8
_QUANTITY_LIMIT: Final = Decimal(10) ** 7
_CENT: Final = Decimal("0.01")
_MONEY: Final = re.compile(
    r"(-\s*\$?|\$\s*-|\(\s*\$?|\$)?\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)\s*(\))?(?:\s*USD)?"
)
_EARLIEST: Final = date(1900, 1, 1)

# A unit as files write it -> as medspa writes it. A cc is a millilitre.
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unit": "unit", "units": "unit", "u": "unit", "iu": "unit",
        "ml": "ml", "mls": "ml", "cc": "ml", "ccs": "ml", "milliliter": "ml", "milliliters": "ml",
        "syringe": "syringe", "syringes": "syringe", "syr": "syringe",
        "vial": "vial", "vials": "vial",
        "session": "session", "sessions": "session",
    }
)  # fmt: skip

_TRUE: Final = frozenset({"true", "yes", "y", "1", "t", "x"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "f", ""})


@lru_cache(maxsize=8192)
def local_day(text: str, column: str) -> date:
    """Read a calendar day: `M/D/YYYY` or `YYYY-MM-DD`; a time of day after it is not looked at.

    >>> local_day("9/16/2024", "Date"), local_day("2024-09-16 13:30", "Date")
    (datetime.date(2024, 9, 16), datetime.date(2024, 9, 16))

    Raises:
        BadRow: it is no such day.
    """
    return _day_and_rest(text, column)[0]


@lru_cache(maxsize=8192)
def local_moment(text: str, column: str) -> datetime:
    """Read a wall time in the location's zone, or, where the text ends in UTC, an aware moment (pms.md 5.5).

    >>> local_moment("2024-09-16 13:30", "Start"), local_moment("09/16/2024 01:30 PM", "Start")
    (datetime.datetime(2024, 9, 16, 13, 30), datetime.datetime(2024, 9, 16, 13, 30))
    >>> local_moment("2024-09-16 13:30 UTC", "Start").tzinfo
    datetime.timezone.utc

    Raises:
        BadRow: it is no day with a time of day.
    """
    day, rest = _day_and_rest(text, column)
    if not rest:
        raise BadRow(f"The column “{column}” has no time of day: “{_shown(text)}”.")
    moment, zone = _time_of_day(rest, column)
    return datetime.combine(day, moment, tzinfo=zone)


@lru_cache(maxsize=4096)
def wall_time(text: str, column: str) -> time:
    """Read a time of day, `01:30 PM` or `13:30`.

    Raises:
        BadRow: it is none.
    """
    return _time_of_day(text, column)[0]


def money(text: str, column: str) -> Decimal | None:
    """Read an amount of dollars, to the cent; empty is None.

    >>> money("$1,900.00", "Paid"), money("(20)", "Paid"), money("", "Paid")
    (Decimal('1900.00'), Decimal('-20.00'), None)

    Raises:
        BadRow: it is no amount, or above 99,999,999.99.
    """
    if not text:
        return None
    found = _MONEY.fullmatch(text)
    sign = found[1] or "" if found else ""
    if found is None or ("(" in sign) != (found[3] is not None):
        raise BadRow(f"The column “{column}” is no amount: “{_shown(text)}”.")
    amount = Decimal(found[2].replace(",", "")).quantize(_CENT)
    if amount >= _MONEY_LIMIT:
        raise BadRow(f"The column “{column}” is too large an amount.")
    return -amount if "(" in sign or "-" in sign else amount


@lru_cache(maxsize=4096)
def quantity(text: str, column: str) -> Decimal | None:
    """Read a quantity, to two places; empty is None.

    >>> quantity("1.0", "Qty"), quantity("20", "Qty")
    (Decimal('1.00'), Decimal('20.00'))

    Raises:
        BadRow: it is no number, or above 9,999,999.99.
    """
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadRow(f"The column “{column}” is no number: “{_shown(text)}”.")
    if abs(number) >= _QUANTITY_LIMIT:
        raise BadRow(f"The column “{column}” is too large a number.")
    return number.quantize(_CENT)


def unit(text: str) -> str | None:
    """Read a unit by the table `UNITS`; another word stays as it is if it is short, else it is left out.

    >>> unit("Units"), unit("cc"), unit("pen"), unit("")
    ('unit', 'ml', 'pen', None)
    """
    word = text.strip().rstrip(".").lower()
    return UNITS.get(word) or (word if 0 < len(word) <= 12 else None)


def yes_or_no(text: str, column: str) -> bool:
    """Read a flag; empty is no.

    Raises:
        BadRow: it is neither.
    """
    word = text.lower()
    if word not in _TRUE and word not in _FALSE:
        raise BadRow(f"The column “{column}” is neither yes nor no: “{_shown(text)}”.")
    return word in _TRUE


def by_table(table: Mapping[str, str], text: str, column: str) -> str:
    """Read a word by a preset's table. A word that is not in it is never guessed.

    Raises:
        BadRow: the table does not know the word.
    """
    try:
        return table[text.lower()]
    except KeyError:
        raise BadRow(f"The column “{column}” holds an unknown word: “{_shown(text)}”.") from None


def _day_and_rest(text: str, column: str) -> tuple[date, str]:
    problem = BadRow(f"The column “{column}” is no date: “{_shown(text)}” (M/D/YYYY or YYYY-MM-DD).")
    if found := _ISO_DATE.fullmatch(text):
        year, month, day, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
    elif found := _US_DATE.fullmatch(text):
        month, day, year, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
        year += 2000 if year < 100 else 0
    else:
        raise problem
    try:
        read = date(year, month, day)
    except ValueError:
        raise problem from None
    if read < _EARLIEST:
        raise problem
    return read, rest or ""


def _time_of_day(text: str, column: str) -> tuple[time, tzinfo | None]:
    found = _TIME.fullmatch(text)
    if found is not None:
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if half := (found[4] or "").lower():
            hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second), UTC if found[5] else None
    raise BadRow(f"The column “{column}” has no time of day: “{_shown(text)}”.")


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
