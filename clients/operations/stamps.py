"""Which of several words about one field counts, whatever the order in which they arrived? (R13)

A row keeps the stamp of its newest word, and in `field_stamps` those of the fields that the newest word did not
speak of. So each field ends at its newest word, however often and in whichever order the words come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a source said something, and the version it gave it, if it counts versions."""

    at: datetime
    version: int | None = None

    def order(self, other: "Stamp") -> int:
        """1 if later than the other, -1 if earlier, 0 if neither: by version where both have one, else by time."""
        if self.version is not None and other.version is not None and self.version != other.version:
            return 1 if self.version > other.version else -1
        return (self.at > other.at) - (self.at < other.at)


class Stamped(Protocol):
    """A row that remembers when its fields were said."""

    SAID: ClassVar[tuple[str, ...]]
    """Every attribute that a word may speak of."""
    reported_at: datetime | None
    version: int | None
    field_stamps: dict[str, Any]


def hear(row: Stamped, said: Mapping[str, Any], stamp: Stamp) -> set[str]:
    """Will let a word change a row; returns the fields whose value changed.

    `said` holds what the word speaks of, by the row's attributes. An earlier word never overrides a later one;
    of two words with the same stamp the greater value (as text) counts, so that their order does not matter.
    """
    standing = _stamp(row.version, row.reported_at)
    if standing is None:
        return _first_word(row, said, stamp)
    is_newest = stamp.order(standing) > 0
    if is_newest:
        for field in row.SAID:
            if field not in said and field not in row.field_stamps and not _is_empty(getattr(row, field)):
                row.field_stamps[field] = _written(standing)
    changed = set()
    for field, value in said.items():
        known = getattr(row, field)
        if _is_before(row, field, known, value, stamp, standing):
            continue
        if value != known:
            setattr(row, field, value)
            changed.add(field)
        if (is_newest or stamp == standing) and not _is_empty(value):
            row.field_stamps.pop(field, None)
        else:
            row.field_stamps[field] = _written(stamp)
    if is_newest:
        row.reported_at, row.version = stamp.at, stamp.version
    return changed


def _first_word(row: Stamped, said: Mapping[str, Any], stamp: Stamp) -> set[str]:
    for field, value in said.items():
        setattr(row, field, value)
        if _is_empty(value):
            row.field_stamps[field] = _written(stamp)
    row.reported_at, row.version = stamp.at, stamp.version
    return set(said)


def _is_before(row: Stamped, field: str, known: Any, value: Any, stamp: Stamp, standing: Stamp) -> bool:
    """Whether a later word about the field is known. A field that is empty and has no stamp was never said."""
    if field in row.field_stamps:
        order = stamp.order(_read(row.field_stamps[field]))
    elif _is_empty(known):
        return False
    else:
        order = stamp.order(standing)
    return order < 0 or (order == 0 and str(value) < str(known))


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", (), (None, None))


def _stamp(version: int | None, at: datetime | None) -> Stamp | None:
    return None if at is None else Stamp(at, version)


def _written(stamp: Stamp) -> list[Any]:
    return [stamp.at.isoformat(), stamp.version]


def _read(written: list[Any]) -> Stamp:
    return Stamp(datetime.fromisoformat(written[0]), written[1])
