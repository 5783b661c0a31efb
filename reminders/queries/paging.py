"""Where does a page of a long list begin? By key, so that no page counts what lies before it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a list in parts: its part (those of part 0 stand first), its moment and its id."""

    part: int
    at: datetime
    row_id: UUID

    def __str__(self) -> str:
        return f"{self.part}-{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.row_id.hex}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place that `str()` wrote.

        Raises:
            ValueError: it is none.

        >>> here = Place(1, datetime(2026, 11, 24, 19, 42, tzinfo=UTC), UUID(int=7))
        >>> Place.read(str(here)) == here
        True
        """
        part, moment, row_id = text.split("-")
        if part not in {"0", "1"} or not moment.isascii():
            raise ValueError("A list has two parts.")
        return cls(int(part), datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), UUID(hex=row_id))
