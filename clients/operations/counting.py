"""As what does a treatment count that several lines of several sources speak of? (R16)"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from clients.operations.treatment_lines import Line

_LONGEST_AREA = 120

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a treatment's lines say together."""

    area: str
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    currency: str
    provider_id: UUID | None
    location_id: UUID | None
    series_key: str
    series_number: int | None
    is_series_complete: bool | None


def count(lines: Sequence[Line]) -> Counted:
    """The lines of one source add up; of several sources the one with money leads, the others fill gaps (R16).

    Of several with money the one with the most leads. The order of the lines does not matter.
    """
    if len(lines) == 1:
        (line,) = lines
        return Counted(
            line.area,
            line.quantity,
            line.unit,
            line.price,
            line.currency,
            line.provider_id,
            line.location_id,
            line.series_key,
            line.series_number,
            line.is_series_complete,
        )
    by_source: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.line_key):
        by_source[line.source].append(line)
    sources = sorted(by_source.items(), key=lambda item: (-(_sum(item[1], "price") or 0), item[0]))
    groups = [group for _, group in sources]
    ordered = [line for group in groups for line in group]
    quantity, unit = _first((_quantity(group) for group in groups), (None, ""))
    return Counted(
        _first((_areas(group) for group in groups), ""),
        quantity,
        unit,
        _first((_sum(group, "price") for group in groups), None),
        _first((line.currency for line in ordered), ""),
        _first((line.provider_id for line in ordered), None),
        _first((line.location_id for line in ordered), None),
        _first((line.series_key for line in ordered), ""),
        _most(line.series_number for line in ordered),
        _most(line.is_series_complete for line in ordered),
    )


def _quantity(group: list[Line]) -> tuple[Decimal | None, str]:
    """The sum of the lines that count in the group's first unit, said or not: units and syringes do not add up."""
    unit = next((line.unit for line in group if line.unit and line.quantity is not None), "")
    total = _sum([line for line in group if line.unit in {unit, ""}], "quantity")
    return total, unit if total is not None else ""


def _areas(group: list[Line]) -> str:
    return ", ".join(sorted({line.area for line in group if line.area}))[:_LONGEST_AREA]


def _sum(group: Iterable[Line], name: str) -> Decimal | None:
    values: list[Any] = [value for line in group if (value := getattr(line, name)) is not None]
    return sum(values, Decimal(0)) if values else None


def _most(values: Iterable[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def _first(values: Iterable[_Value], otherwise: _Value) -> _Value:
    return next((value for value in values if value not in (None, "", (None, ""))), otherwise)
