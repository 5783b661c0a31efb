"""Which treatment types and cadences does every practice start with? The table of LIB-1, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cadences.timeline import VARIANTS, Cadence, Offset, Unit, steps_at

NEUROMODULATOR: Final = "neuromodulator"
DAY_112: Final = Offset(112, Unit.DAYS)  # SEQ-5, R24


class NoSuchVariant(ValueError):
    """A treatment type has no such ready-made cadence; the text says which it has."""


@dataclass(frozen=True, slots=True)
class DefaultType:
    """One row of the default library (LIB-1)."""

    name: str
    named_in_text: str
    lasts: str
    cadence: Cadence

    @property
    def slug(self) -> str:
        """The key by which service names and commands speak of it."""
        return self.cadence.treatment_type

    @property
    def supersedes_family(self) -> bool:
        """Whether a treatment of it restarts the clock of its whole family (R14)."""
        return self.cadence.family == NEUROMODULATOR


def _weeks(*counts: int) -> tuple[Offset, ...]:
    return tuple(Offset(count, Unit.WEEKS) for count in counts)


def _months(*counts: int) -> tuple[Offset, ...]:
    return tuple(Offset(count, Unit.MONTHS) for count in counts)


def _toxin(slug: str, name: str, lasts: str, *offsets: Offset) -> DefaultType:
    cadence = Cadence(slug, NEUROMODULATOR, steps_at(*offsets), lapse=DAY_112)
    return DefaultType(name, name, lasts, cadence)


def _other(
    slug: str,
    name: str,
    named_in_text: str,
    family: str,
    lasts: str,
    *offsets: Offset,
    is_series: bool = False,
) -> DefaultType:
    cadence = Cadence(slug, family, steps_at(*offsets), lapse=None, is_series=is_series)
    return DefaultType(name, named_in_text, lasts, cadence)


DEFAULT_LIBRARY: Final[Mapping[str, DefaultType]] = MappingProxyType(
    {
        entry.slug: entry
        for entry in (
            _toxin("botox", "Botox", "10 to 12 weeks", *VARIANTS["standard"]),
            _toxin("xeomin", "Xeomin", "10 to 12 weeks", *VARIANTS["standard"]),
            _toxin("jeuveau", "Jeuveau", "10 to 12 weeks", *VARIANTS["standard"]),
            _toxin("dysport", "Dysport", "11 to 13 weeks", *_weeks(10, 12, 13)),
            _other("lip_filler", "Lip filler", "lip filler", "lip_filler", "6 to 9 months", *_months(5, 6, 7)),
            _other(
                "cheek_filler",
                "Cheek filler",
                "cheek filler",
                "cheek_filler",
                "12 to 18 months",
                *_months(11, 12, 13),
            ),
            _other("voluma", "Juvederm Voluma", "Voluma", "cheek_filler", "18 to 24 months", *_months(15, 17, 18)),
            _other(
                "sculptra",
                "Sculptra",
                "Sculptra",
                "biostimulator",
                "2 years",
                *_months(3, 6, 12),
                is_series=True,
            ),
            _other("radiesse", "Radiesse", "Radiesse", "biostimulator", "up to 24 months", *_months(12, 15, 18)),
            _other(
                "kybella",
                "Kybella",
                "Kybella",
                "fat_reduction",
                "12 months",
                *_months(9, 11, 12),
                is_series=True,
            ),
        )
    }
)


def variants_of(slug: str) -> tuple[str, ...]:
    """The ready-made variants of a treatment type: neuromodulators have three, the others their own (LIB-3).

    >>> variants_of("botox"), variants_of("lip_filler")
    (('standard', 'compressed', 'early'), ('standard',))
    """
    entry = DEFAULT_LIBRARY.get(slug)
    if entry is None:
        return ()
    return tuple(VARIANTS) if entry.cadence.family == NEUROMODULATOR else ("standard",)


def ready_made(slug: str, variant: str = "standard") -> Cadence:
    """A ready-made cadence of a default treatment type; "standard" is its row of the library (LIB-1, LIB-3).

    Raises:
        NoSuchVariant: the library knows no such type, or the type no such variant.
    """
    if variant not in variants_of(slug):
        known = ", ".join(variants_of(slug)) or "none"
        raise NoSuchVariant(f"{slug} has no ready-made cadence {variant!r}; it has: {known}.")
    cadence = DEFAULT_LIBRARY[slug].cadence
    if variant == "standard":
        return cadence
    return replace(cadence, steps=steps_at(*VARIANTS[variant]), variant=variant)
