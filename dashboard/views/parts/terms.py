"""What is one line of a quiet list of terms? (components/terms.html)"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A term, what holds, and quieter sentences below it. `deed`: what may be done about it, by a POST."""

    name: str
    values: tuple[str, ...]
    notes: tuple[str, ...] = ()
    deed: str = ""
    deed_url: str = ""
