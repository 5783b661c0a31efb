"""Which pages does the sidebar offer, to whom, and what waits behind them?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from practices.queries.abilities import Ability


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the menu: its address's name is what the page's `here` says.

    `key`: pressed after "g", it opens the page. `count_words`: what the number beside it counts, of one and of more,
    for screen readers.
    """

    name: str
    label: str
    ability: Ability
    key: str
    count_words: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu as somebody sees it."""

    name: str
    label: str
    url: str
    key: str
    opens_group: bool
    count: int
    count_words: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The words that a phone's bottom bar shows, and the rest behind More."""

    main: tuple[Entry, ...]
    rest: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, in order."""
        return self.main + self.rest

    @property
    def rest_count(self) -> int:
        """What waits behind More."""
        return sum(each.count for each in self.rest)


MAIN: Final = (
    Page("today", "Today", Ability.SEE_CLIENTS, "t", ("needs a person", "need a person")),
    Page("clients", "Clients", Ability.SEE_CLIENTS, "c"),
    Page("coming", "Coming", Ability.SEE_CLIENTS, "n"),
    Page("calls", "Calls", Ability.STEER_REMINDERS, "l", ("to make", "to make")),
)
"""Four words: as many as fit into a phone's bottom bar beside More."""

REST: Final = (
    (
        Page("replies", "Replies", Ability.STEER_REMINDERS, "r", ("unanswered", "unanswered")),
        Page("outbox", "Messages", Ability.SEE_CLIENTS, "g"),
        Page("ledger", "Ledger", Ability.SEE_CLIENTS, "d"),
    ),
    (
        Page("cadences", "Cadences", Ability.SEE_CADENCES, "a"),
        Page("services", "Services", Ability.CHANGE_CADENCES, "s", ("to map", "to map")),
        Page("suppressions", "Suppression list", Ability.SEE_SUPPRESSIONS, "p"),
        Page("audit", "Audit", Ability.SEE_AUDIT, "u"),
        Page("settings", "Settings", Ability.CHANGE_SETTINGS, "e"),
        Page("team", "Team", Ability.MANAGE_TEAM, "m"),
    ),
)


def menu_of(slug: str, may: frozenset[Ability], counts: Mapping[str, int] | None = None) -> Menu:
    """Return the pages of a practice that somebody with these abilities may open.

    `counts`: page's name -> how much waits there; a zero is not shown.
    """
    waiting = counts or {}
    main = _entries(MAIN, slug, may, waiting)
    rest = [_entries(group, slug, may, waiting, opens_group=at > 0) for at, group in enumerate(REST)]
    return Menu(main, tuple(entry for group in rest for entry in group))


def _entries(
    pages: tuple[Page, ...],
    slug: str,
    may: frozenset[Ability],
    waiting: Mapping[str, int],
    *,
    opens_group: bool = False,
) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for page in pages:
        if page.ability not in may:
            continue
        url = reverse(f"dashboard:{page.name}", args=[slug])
        opens = opens_group and not entries
        count = waiting.get(page.name, 0)
        entries.append(Entry(page.name, page.label, url, page.key, opens, count, page.count_words[count != 1]))
    return tuple(entries)
