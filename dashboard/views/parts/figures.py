"""How is a sum shown and drawn? 47 = 34 + 6 + 5 + 2, and a bar to scale (LOOK.md, principle 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.6
"""Percent of the bar between two parts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a sum, its word, and the list behind it. `shape`: a state's; the total has none."""

    word: str
    number: int
    url: str = ""
    shape: str = ""

    @property
    def words(self) -> str:
        """The number as people write it.

        >>> Figure("sent", 1234).words
        '1,234'
        """
        return f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the bar, in percent of its width, as SVG takes it."""

    shape: str
    x: str
    width: str


def bar(figures: Sequence[Figure]) -> tuple[Part, ...]:
    """Return the parts of the bar that draws a sum; the total (first) and zeros are not drawn.

    >>> [(each.x, each.width) for each in bar([Figure("due", 4), Figure("sent", 3), Figure("failed", 1)])]
    [('0.00%', '74.55%'), ('75.15%', '24.85%')]
    """
    parts = [each for each in figures[1:] if each.number > 0]
    total = sum(each.number for each in parts)
    room = 100 - GAP * (len(parts) - 1)
    drawn, x = [], 0.0
    for each in parts:
        width = room * each.number / total
        drawn.append(Part(each.shape, f"{x:.2f}%", f"{width:.2f}%"))
        x += width + GAP
    return tuple(drawn)
