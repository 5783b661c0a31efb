"""What must be known of an export to import it?"""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.imports.lines import Line
from integrations.imports.rows import Cells


@dataclass(frozen=True, slots=True)
class Preset:
    """One export of one system: how it is recognized, whose ids it speaks of, how a row is understood.

    `signatures`: sets of normalized columns; one of them whole is had by no other export (pms.md 6.2).
    `needed`: further columns without which no row can be understood.
    `translate`: a row's cells -> what they say, or None for a row that is about no client (a break, a
    product); raises `BadRow` with the reason. It knows no practice and no clock.
    `has_bookings`: whether rows may be services of one booking, so that they must be gathered first.
    `has_repeats`: whether its line keys may occur several times in one file; they are then numbered.
    """

    name: str
    identity_source: str
    signatures: tuple[frozenset[str], ...]
    translate: Callable[[Cells], Line | None]
    needed: frozenset[str] = frozenset()
    has_bookings: bool = False
    has_repeats: bool = True
