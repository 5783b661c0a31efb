"""How is a cadence drawn to scale? x in percent of the width, so that text keeps its size (LOOK.md, Track)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from cadences.queries.lasting import DAYS_OF, Lasting, lasting
from cadences.timeline import DAYS_TO_LAPSE, Cadence, Offset, Unit
from dashboard.views.wording.cadences import lapse_words, steps_words

WEEK: Final = DAYS_OF[Unit.WEEKS]
MONTH: Final = DAYS_OF[Unit.MONTHS]
CLOSE: Final = 5.0
"""Percent: numbered rings that lie closer would touch on a phone."""
NEAR: Final = 8.5
"""Percent: labels of steps that lie closer share one text."""
ROOM_FOR_WORDS: Final = 9.0
MOST_TICKS: Final = 10
CHECK_IN_AFTER: Final = MONTH


@dataclass(frozen=True, slots=True)
class Step:
    """A ring at `x`, and its number in the order of the cadence."""

    x: str
    number: int


@dataclass(frozen=True, slots=True)
class Label:
    """Words at `x`; `anchor` as SVG says it. `is_roomy`: left out on a phone."""

    x: str
    words: str
    anchor: str = "middle"
    is_roomy: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """One cadence: its band of full effect, where it wears off, its reminders, its lapse. And the same in words."""

    description: str
    band: str
    fade_from: str
    fade: str
    steps: tuple[Step, ...]
    labels: tuple[Label, ...]
    lapse: str
    effect_at: str = ""
    fades_at: str = ""
    check_in: str = ""
    is_close: bool = False
    """On a phone the numbered rings would cover each other: small ones without numbers stand for them."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many days the whole width stands for, and what its axis counts in."""

    unit: Unit
    days: float

    def percent(self, days: float) -> float:
        """Where a day lies."""
        return 100 * days / self.days

    def x(self, days: float) -> str:
        """The same as SVG takes it.

        >>> Scale(Unit.WEEKS, 126).x(70)
        '55.56%'
        """
        return f"{self.percent(days):.2f}%"

    def ticks(self, every: int, word: str) -> tuple[Label, ...]:
        """The numbers of the axis; the first is the visit, and is called `word`."""
        step = DAYS_OF[self.unit]
        last = int(self.days / step + 1e-9)
        return tuple(
            Label(
                self.x(count * step),
                str(count) if count else word,
                "start" if not count else "end" if self.percent(count * step) > 98 else "middle",
                is_roomy=bool(index % 2),
            )
            for index, count in enumerate(range(0, last + 1, every))
        )


def counts_in(cadence: Cadence) -> Unit:
    """Return what a cadence's axis counts in: months where its first step does, else weeks."""
    return Unit.MONTHS if cadence.steps[0].offset.unit is Unit.MONTHS else Unit.WEEKS


def days_of(offset: Offset) -> float:
    """Return an offset in days, a month as a twelfth of a year.

    >>> days_of(Offset(10, Unit.WEEKS))
    70.0
    """
    return offset.count * DAYS_OF[offset.unit]


def lapse_days(cadence: Cadence) -> float:
    """Return the lapse day as a distance from the visit (R24)."""
    if cadence.lapse is not None:
        return days_of(cadence.lapse)
    return days_of(cadence.steps[-1].offset) + timedelta(days=DAYS_TO_LAPSE).days


def common_scale(unit: Unit, entries: Iterable[tuple[Cadence, str]], *, room: float = 1.0) -> Scale:
    """Return one scale on which all these cadences, each with how long its treatment lasts, can be compared.

    `room`: how much is left free at the right, in months, or in pairs of weeks.
    """
    ends = [0.0]
    for cadence, lasts in entries:
        known = lasting(lasts)
        ends += [lapse_days(cadence), known.worn_days if known else 0.0]
    step = MONTH if unit is Unit.MONTHS else 2 * WEEK
    return Scale(unit, max(ends) + room * step)


def drawing_of(name: str, cadence: Cadence, lasts: str, scale: Scale) -> Drawing:
    """Return the drawing of one cadence on a scale."""
    days = [days_of(step.offset) for step in cadence.steps]
    full, worn = _effect(lasting(lasts), days[0])
    lapse = lapse_days(cadence)
    fades_at = (full + worn) / 2
    has_room = worn > full and abs(scale.percent(fades_at) - scale.percent(lapse)) >= ROOM_FOR_WORDS
    lasts_words = f"typically lasts {lasts}; " if lasts else ""
    return Drawing(
        description=f"{name}: {lasts_words}reminders at {steps_words(cadence)}; {lapse_words(cadence)}.",
        band=scale.x(full),
        fade_from=scale.x(full),
        fade=scale.x(worn - full),
        steps=tuple(Step(scale.x(day), number) for number, day in enumerate(days, start=1)),
        labels=tuple(_labels(cadence, days, scale)),
        lapse=scale.x(lapse),
        effect_at=scale.x(full / 2) if scale.percent(full) > 2 * ROOM_FOR_WORDS else "",
        fades_at=scale.x(fades_at) if has_room else "",
        check_in=scale.x(lapse + CHECK_IN_AFTER),
        is_close=any(scale.percent(after - before) < CLOSE for before, after in pairwise([*days, lapse])),
    )


def _effect(known: Lasting | None, first: float) -> tuple[float, float]:
    """Until when the effect is full, and when it has worn off; nothing is drawn where nothing is known.

    "Up to 24 months" says only when it is over at the latest: the first reminder marks where it may begin to.
    """
    if known is None:
        return 0.0, 0.0
    full = min(first, known.worn_days) if known.full_days is None else known.full_days
    return full, known.worn_days


def _labels(cadence: Cadence, days: list[float], scale: Scale) -> Iterable[Label]:
    """The steps' numbers below their rings; near ones as one text: "10, 11, 12"."""
    groups: list[list[int]] = [[0]]
    for index in range(1, len(days)):
        if scale.percent(days[index]) - scale.percent(days[index - 1]) < NEAR:
            groups[-1].append(index)
        else:
            groups.append([index])
    in_days = cadence.steps[0].offset.unit is Unit.DAYS
    for group in groups:
        middle = (days[group[0]] + days[group[-1]]) / 2
        words = ", ".join(str(cadence.steps[index].offset.count) for index in group)
        yield Label(scale.x(middle), f"day {words}" if in_days and group[0] == 0 else words)
