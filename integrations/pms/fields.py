"""Is a field of a sender's JSON what the contract says, and if not, where does it stand?"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final, NoReturn
from zoneinfo import available_timezones

from integrations.pms.base import Malformed

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
CENT: Final = Decimal("0.01")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL: Final = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
# What PostgreSQL's text cannot hold: NUL, and halves of surrogate pairs.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a body holds. Raises: Malformed."""
    try:
        event = json.loads(body.decode(), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Malformed("", "The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed("", f"The body is not JSON: {error.msg} at line {error.lineno}.") from None
    except RecursionError:
        raise Malformed("", "The body is nested too deeply.") from None
    except ValueError:
        raise Malformed("", "The body holds a number that is none.") from None
    if not isinstance(event, dict):
        raise Malformed("", "The body must be a JSON object.")
    return event


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


class Fields:
    """One JSON object being read. A missing or null field was not said; a wrong one is refused by its path.

    >>> Fields({"id": 7, "name": None}, "data.client").text("id", most=10)
    '7'
    """

    __slots__ = ("path", "values")

    def __init__(self, values: Mapping[str, Any], path: str) -> None:
        self.values = values
        self.path = path

    def at(self, name: str) -> str:
        """The path of a field: data.client.id."""
        return f"{self.path}.{name}" if self.path else name

    def need(self, name: str) -> Any:
        """Return a field's raw value. Raises: Malformed, where it is missing, null or an empty text."""
        value = self.values.get(name)
        if value is None or value == "":
            raise Malformed(self.at(name), "is missing")
        return value

    def object(self, name: str) -> "Fields | None":
        """Return the object in a field."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Malformed(self.at(name), "must be an object")
        return Fields(value, self.at(name))

    def needed_object(self, name: str) -> "Fields":
        """Return the object in a field that must be there."""
        self.need(name)
        found = self.object(name)
        assert found is not None  # noqa: S101 - need() has seen to it
        return found

    def text(self, name: str, *, most: int) -> str | None:
        """Return a text of at most `most` characters; a whole number is taken as its digits."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Malformed(self.at(name), "must be a text")
        value = value.strip()
        if len(value) > most:
            raise Malformed(self.at(name), f"is longer than {most} characters")
        if _UNSTORABLE.search(value):
            raise Malformed(self.at(name), "holds a character that is no text (NUL or half of a surrogate pair)")
        return value or None

    def needed_text(self, name: str, *, most: int) -> str:
        """Return a text that must be there."""
        self.need(name)
        text = self.text(name, most=most)
        if text is None:
            raise Malformed(self.at(name), "is blank")
        return text

    def texts(self, name: str, *, most: int, most_items: int) -> tuple[str, ...] | None:
        """Return a list of texts."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > most_items:
            raise Malformed(self.at(name), f"must be a list of at most {most_items} texts")
        items = Fields({str(index): item for index, item in enumerate(value)}, self.at(name))
        return tuple(items.needed_text(index, most=most) for index in items.values)

    def word(self, name: str, words: Mapping[str, str]) -> str | None:
        """Return what one of the contract's words means for medspa."""
        value = self.text(name, most=200)
        if value is None:
            return None
        try:
            return words[value]
        except KeyError:
            raise Malformed(self.at(name), f"must be one of: {', '.join(words)}") from None

    def boolean(self, name: str) -> bool | None:
        """Return true or false."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise Malformed(self.at(name), "must be true or false")

    def whole(self, name: str, *, least: int, most: int) -> int | None:
        """Return a whole number within bounds."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Malformed(self.at(name), f"must be a whole number from {least} to {most}")
        return value

    def decimal(self, name: str, *, below: int, may_be_number: bool = False) -> Decimal | None:
        """Return a decimal from 0 to below `below`, to two places; a text, because a float loses cents."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if may_be_number and isinstance(value, int | float) and not isinstance(value, bool):
            value = format(Decimal(str(value)), "f")
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value.strip()):
            example = 'a decimal number: 40 or "40.5"' if may_be_number else 'a decimal number in a text: "480.00"'
            raise Malformed(self.at(name), f"must be {example}")
        try:
            number = Decimal(value.strip()).quantize(CENT)
        except InvalidOperation:
            number = Decimal(below)
        if not 0 <= number < below:
            raise Malformed(self.at(name), f"must be at least 0 and below {below}")
        return number

    def moment(self, name: str) -> datetime | None:
        """Return a moment, in UTC, from ISO 8601 with an offset."""
        value = self.text(name, most=40)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Malformed(self.at(name), "must be ISO 8601 with an offset: 2026-03-02T15:45:00-06:00") from None
        if moment.tzinfo is None:
            raise Malformed(self.at(name), "has no offset from UTC; write it out: 2026-03-02T15:45:00-06:00")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Malformed(self.at(name), f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
        return moment.astimezone(UTC)

    def needed_moment(self, name: str) -> datetime:
        """Return a moment that must be there."""
        self.need(name)
        moment = self.moment(name)
        if moment is None:
            raise Malformed(self.at(name), "is blank")
        return moment

    def day(self, name: str) -> date | None:
        """Return a date: 1984-05-17."""
        value = self.text(name, most=40)
        if value is None:
            return None
        try:
            day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Malformed(self.at(name), "must be a date: 1984-05-17")
        return day

    def time_zone(self, name: str) -> str | None:
        """Return the name of a time zone."""
        value = self.text(name, most=64)
        if value is not None and value not in _zones():
            raise Malformed(self.at(name), "must be a name of the tz database: America/Chicago")
        return value

    def objects(self) -> Iterator[tuple[str, "Fields"]]:
        """Return each named object in this one."""
        for name in self.values:
            if (found := self.object(name)) is not None:
                yield name, found


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
