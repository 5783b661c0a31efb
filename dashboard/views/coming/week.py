"""What is planned for one week, day by day, drawn to scale?"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.views.wording.outreach import CONFIRMATIONS, ORDINALS
from reminders.engine.words import SequenceKind
from reminders.queries.calendar import Planned

MOST_BARS: Final = 8
SORTS: Final = {
    SequenceKind.REACTIVATION: "Asked back",
    SequenceKind.CONFIRMATION: "Appointments",
    SequenceKind.SURVEY: "Surveys",
}
HELD_OUT: Final = "Held out"


@dataclass(frozen=True, slots=True)
class SortBar:
    """So many reminders of one sort on one day; `width` in percent of the column, to the week's scale."""

    name: str
    count: int
    width: str


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One day of the week's calendar."""

    day: date
    name: str
    words: str
    url: str
    is_today: bool
    is_past: bool
    total: int
    bars: tuple[SortBar, ...]
    rest: int
    """Reminders of further sorts, that have no bar of their own."""


def sort_name(planned: Planned, *, by_message: bool) -> str:
    """Return under which word reminders are counted: the treatment's, or the message's."""
    if planned.is_held_out:
        return HELD_OUT
    if planned.kind is SequenceKind.REFILL:
        return ORDINALS.get(planned.step, "first reminder").capitalize() if by_message else planned.treatment_type
    if planned.kind is SequenceKind.CONFIRMATION and by_message:
        return CONFIRMATIONS.get(planned.step, "Appointment")
    return SORTS[planned.kind]


def bars_of(sorts: Counter[str], order: list[str], most: int) -> tuple[tuple[SortBar, ...], int]:
    """Return a day's bars in the week's order, and how many reminders have none."""
    named = [name for name in order if sorts[name]]
    bars = tuple(SortBar(name, sorts[name], f"{100 * sorts[name] / most:.2f}%") for name in named[:MOST_BARS])
    return bars, sum(sorts[name] for name in named[MOST_BARS:])
