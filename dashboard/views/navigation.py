"""Which pages does the sidebar offer, to whom?"""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from practices.queries.abilities import Ability


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `name`: what a page's `here` says when it is open."""

    name: str
    label: str
    url: str
    opens_group: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The words that a phone's bottom bar shows, and the rest behind More."""

    main: tuple[Entry, ...]
    rest: tuple[Entry, ...]


# name of the page's address -> its word, and what it takes to open it
MAIN: Final = (
    ("outbox", "Outbox", Ability.SEE_CLIENTS),
    ("clients", "Clients", Ability.SEE_CLIENTS),
)
REST: Final[tuple[tuple[str, str, Ability], ...]] = ()


def menu_of(slug: str, may: frozenset[Ability]) -> Menu:
    """Return the pages of a practice that somebody with these abilities may open."""
    return Menu(_entries(MAIN, slug, may), _entries(REST, slug, may))


def _entries(pages: tuple[tuple[str, str, Ability], ...], slug: str, may: frozenset[Ability]) -> tuple[Entry, ...]:
    return tuple(
        Entry(name, label, reverse(f"dashboard:{name}", args=[slug]))
        for name, label, ability in pages
        if ability in may
    )
