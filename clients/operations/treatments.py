"""Which treatments follow from the lines of all sources? (R16, R17)"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.models import Treatment, TreatmentRecord
from clients.models.treatment import TreatmentStatus
from clients.operations.counting import Counted, count
from clients.operations.treatment_lines import Line, lines_of_treatments
from practices.operations.rows import array, arrays, insert_rows, run, update_rows

Key = tuple[UUID, UUID, date]
"""Client, treatment type, day: one treatment (R16)."""

_COUNTED: Final = (
    "area",
    "quantity",
    "unit",
    "price",
    "currency",
    "provider_id",
    "location_id",
    "series_key",
    "series_number",
    "is_series_complete",
)
_SELECT: Final = f"""
    SELECT t.id, t.client_id, t.treatment_type_id, t.performed_on, t.status, {", ".join(f"t.{c}" for c in _COUNTED)}
"""
_BY_KEY: Final = f"""{_SELECT}
    FROM unnest(%s::uuid[], %s::uuid[], %s::date[]) AS given(client_id, type_id, day)
    CROSS JOIN LATERAL (
        SELECT * FROM clients_treatment WHERE practice_id = %s AND client_id = given.client_id
        AND treatment_type_id = given.type_id AND performed_on = given.day OFFSET 0
    ) t
"""  # noqa: S608  our own column names
_BY_ID: Final = f"{_SELECT} FROM clients_treatment t WHERE t.practice_id = %s AND t.id = ANY(%s::uuid[])"


@dataclass(slots=True)
class _Stored:
    """A treatment's row in memory."""

    id: UUID
    key: Key
    status: str
    counted: Counted

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> "_Stored":
        return cls(row[0], (row[1], row[2], row[3]), row[4], Counted(*row[5:]))


def derive(practice_id: UUID, lines: Sequence[Line], types: dict[UUID, UUID], now: datetime) -> None:
    """Will make the practice's treatments follow these changed lines, and set what each line counts as.

    The lines are the caller's to store, with `treatment_id` as it is then; their clients must be held.
    `types` maps services to treatment types. A treatment all of whose lines moved to another day or type moves
    with them and keeps its id, because sequences hang on it, unless another stands there; one that nothing
    counts towards any more is voided (R17).
    """
    derivation = _Derivation(practice_id, lines, types, now)
    derivation.move()
    derivation.settle()


class _Derivation:
    """One batch's lines on their way to treatments."""

    def __init__(self, practice_id: UUID, lines: Sequence[Line], types: dict[UUID, UUID], now: datetime) -> None:
        self.practice_id, self.types, self.now = practice_id, types, now
        self.lines = {line.id: line for line in lines}
        self.at_key: dict[Key, _Stored] = {}
        self.by_id: dict[UUID, _Stored] = {}
        keys = {key for line in lines if (key := self._key(line))}
        old = {line.treatment_id for line in lines if line.treatment_id}
        rows = run(_BY_KEY, [*arrays(keys), practice_id]) if keys else []
        if old:
            rows += run(_BY_ID, [practice_id, array(old)])
        for stored in map(_Stored.of_row, rows):
            self.at_key[stored.key] = self.by_id[stored.id] = stored
        self.others = [line for line in lines_of_treatments(practice_id, self.by_id) if line.id not in self.lines]
        self.groups: dict[Key, list[Line]] = defaultdict(list)
        for line in (*lines, *self.others):
            if key := self._key(line):
                self.groups[key].append(line)

    def _key(self, line: Line) -> Key | None:
        type_id = self.types.get(line.service_id) if line.service_id else None
        if type_id is None or line.performed_on is None or not line.is_live:
            return None
        return line.client_id, type_id, line.performed_on

    def move(self) -> None:
        """Moves treatments all of whose lines went to one other place that is free, until none can."""
        goes_to: dict[UUID, set[Key]] = defaultdict(set)
        for line in (*self.lines.values(), *self.others):
            if line.treatment_id in self.by_id and (key := self._key(line)):
                goes_to[line.treatment_id].add(key)
        waiting = {id_: next(iter(keys)) for id_, keys in sorted(goes_to.items()) if len(keys) == 1}
        waiting = {id_: key for id_, key in waiting.items() if key != self.by_id[id_].key}
        while moves := self._free(waiting):
            for id_, key in moves.items():
                stored = self.by_id[id_]
                self.at_key.pop(stored.key, None)
                self.at_key[key], stored.key = stored, key
                del waiting[id_]
            update_rows(
                Treatment,
                ("id", "client_id", "treatment_type_id", "performed_on"),
                [(id_, *key) for id_, key in moves.items()],
            )

    def _free(self, waiting: dict[UUID, Key]) -> dict[UUID, Key]:
        taken: set[Key] = set()
        moves: dict[UUID, Key] = {}
        for id_, key in waiting.items():
            if key not in self.at_key and key not in taken:
                taken.add(key)
                moves[id_] = key
        return moves

    def settle(self) -> None:
        """Writes what each treatment counts as, makes the missing ones and voids those without a line."""
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        completed, voided = TreatmentStatus.COMPLETED.value, TreatmentStatus.VOIDED.value
        for key, group in self.groups.items():
            counted = count(group)
            stored = self.at_key.get(key)
            if stored is None:
                stored = self.at_key[key] = _Stored(uuid7(), key, completed, counted)
                new.append((stored.id, self.practice_id, *key, completed, *_values(counted), self.now))
            elif (stored.counted, stored.status) != (counted, completed):
                changed.append((stored.id, completed, *_values(counted)))
            for line in group:
                line.treatment_id = stored.id
        changed += [
            (stored.id, voided, *_values(stored.counted))
            for stored in self.by_id.values()
            if stored.key not in self.groups and stored.status != voided
        ]
        for line in self.lines.values():
            if self._key(line) is None:
                line.treatment_id = None
        insert_rows(
            Treatment,
            (
                "id",
                "practice_id",
                "client_id",
                "treatment_type_id",
                "performed_on",
                "status",
                *_COUNTED,
                "recorded_at",
            ),
            new,
        )
        update_rows(Treatment, ("id", "status", *_COUNTED), changed)


def link(lines: Iterable[Line]) -> None:
    """Will store what these lines count as, and nothing else of them."""
    update_rows(TreatmentRecord, ("id", "treatment_id"), [(line.id, line.treatment_id) for line in lines])


_values: Final = attrgetter(*_COUNTED)
