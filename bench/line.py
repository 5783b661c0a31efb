"""How is one measurement said: our figure, the other's, their ratio, and whether that meets its target?"""

from dataclasses import dataclass
from typing import Final

HEAD: Final = f"{'what':34} {'medspa':>18} {'against':>32} {'ratio':>8}     target"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. `at_least`: the ratio shall be no less than the target, else no more."""

    name: str
    ours: str
    reference: str
    ratio: float
    target: float
    at_least: bool = False
    unit: str = "x"

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "met" if self.is_met else "missed"
        return (
            f"{self.name:34} {self.ours:>18} {self.reference:>32} {self.ratio:>8.2f} {self.unit:2}"
            f" {sign} {self.target:g} {self.unit:2} {verdict}"
        )
