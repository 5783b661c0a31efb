"""Which location and which provider does a name in the records mean? New ones enter the directory."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from practices.models import Location, Practice, Provider
from practices.queries.names import name_key

_LONGEST = 120
_LONGEST_DISPLAY_NAME = 60

# What stands before and after the name of one who treats, as records write it.
TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "nurse"})
CREDENTIALS = frozenset(
    [
        "rn", "bsn", "msn", "np", "np-c", "fnp", "fnp-c", "fnp-bc", "agnp", "agnp-c",
        "anp", "anp-bc", "aprn", "arnp", "crnp", "dnp", "pa", "pa-c", "md", "do",
        "mbbs", "phd", "lpn", "lvn", "le", "lme", "cans", "facs", "faad", "dds",
        "dmd", "crna", "cnm", "cns", "esq",
    ]
)  # fmt: skip


def resolve_locations(practice_id: UUID, names: Iterable[str]) -> dict[str, Location]:
    """The location of each name; an unknown one is added, in the practice's time zone (R1).

    Runs in the practice's open scope. Empty names are left out. Two queries, and two more where a name is new.
    """
    keys = _keys(names)
    found = {row.name_key: row for row in Location.objects.filter(name_key__in=set(keys.values()))}
    missing = _missing(keys, found)
    if missing:
        zone = Practice.objects.values_list("time_zone", flat=True).get(id=practice_id)
        Location.objects.bulk_create(
            [
                Location(practice_id=practice_id, name=name[:_LONGEST], name_key=key, time_zone=zone)
                for key, name in missing.items()
            ],
            ignore_conflicts=True,
        )
        found |= {row.name_key: row for row in Location.objects.filter(name_key__in=missing)}
    return {name: found[key] for name, key in keys.items()}


def resolve_providers(practice_id: UUID, names: Iterable[str]) -> dict[str, Provider]:
    """The provider of each name; an unknown one is added (TEN-3).

    Runs in the practice's open scope. Empty names are left out. One query, and two more where a name is new.
    """
    keys = _keys(names)
    found = {row.name_key: row for row in Provider.objects.filter(name_key__in=set(keys.values()))}
    missing = _missing(keys, found)
    if missing:
        Provider.objects.bulk_create(
            [
                Provider(
                    practice_id=practice_id,
                    name=name[:_LONGEST],
                    name_key=key,
                    display_name=display_name(name),
                    sign_off=sign_off(name),
                )
                for key, name in missing.items()
            ],
            ignore_conflicts=True,
        )
        found |= {row.name_key: row for row in Provider.objects.filter(name_key__in=missing)}
    return {name: found[key] for name, key in keys.items()}


def display_name(name: str) -> str:
    """What a message calls a provider: the first name (MSG-1).

    >>> display_name("Pat Kim RN"), display_name("Dr. Elena Ruiz"), display_name("Blake, Jordan NP")
    ('Pat', 'Elena', 'Jordan')
    """
    _, words, _ = _parts(name)
    return (words[0] if words else name.strip())[:_LONGEST_DISPLAY_NAME]


def sign_off(name: str) -> str:
    """How a provider signs: the credentials set off, the title kept.

    >>> sign_off("Pat Kim RN"), sign_off("Dr. Elena Ruiz"), sign_off("Dana Fox PA-C, MSN")
    ('Pat Kim, RN', 'Dr. Elena Ruiz', 'Dana Fox, PA-C, MSN')
    """
    titles, words, credentials = _parts(name)
    return ", ".join([" ".join([*titles, *words]), *credentials])[:_LONGEST]


def _parts(name: str) -> tuple[list[str], list[str], list[str]]:
    """Titles, the name's words with the first name first, credentials."""
    words = name.split()
    credentials: list[str] = []
    while len(words) > 1 and _plain(words[-1]) in CREDENTIALS:
        credentials.insert(0, words.pop().strip(","))
    titles: list[str] = []
    while len(words) > 1 and _plain(words[0]) in TITLES:
        titles.append(words.pop(0))
    last, comma, first = " ".join(words).rstrip(",").partition(",")
    return titles, [*first.split(), *last.split()] if comma else last.split(), credentials


def _plain(word: str) -> str:
    return re.sub(r"[.,]", "", word).casefold()


def _keys(names: Iterable[str]) -> dict[str, str]:
    keyed = {name: name_key(name)[:_LONGEST] for name in names if name}
    return {name: key for name, key in keyed.items() if key}


def _missing(keys: dict[str, str], found: Mapping[str, object]) -> dict[str, str]:
    missing: dict[str, str] = {}
    for name, key in sorted(keys.items()):
        if key not in found:
            missing.setdefault(key, " ".join(name.split()))
    return missing
