"""Which treatment type does a service name or code of a practice's PMS mean?

The rules are the tables of service_words.py, read in their order (LIB-5, R6). Whatever they do not settle is
unknown and waits for a manager, who maps it once: a wrong guess would send a wrong reminder.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cadences.models.service import ServiceKind
from cadences.operations.service_words import (
    ALSO_FILLER,
    BELONGS_TO,
    CHEEKS,
    CONSULTATIONS,
    FILLER_BRANDS,
    FILLER_WORDS,
    FOLLOW_UPS,
    GOODS,
    JOINING_MARKS,
    JOINING_WORDS,
    LIP_PRODUCTS,
    LIPS,
    NEUROMODULATOR_PLACES,
    OTHER_PLACES,
    PRODUCTS,
    TREATED_TOO,
    UNDECIDED,
    UNRELATED,
)


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a name means; `treatment_type` is a type's key, and set for that kind alone."""

    kind: ServiceKind
    treatment_type: str | None = None


def normalize_service(name: str) -> str:
    """A service name as names are compared: lower case, no accents, single spaces for punctuation (LIB-5).

    >>> normalize_service("Juvéderm® VOLUMA™ XC (1.0 mL)")
    'juvederm voluma xc 1 0 ml'
    """
    plain = unicodedata.normalize("NFKD", re.sub("[™℠®©]", " ", name)).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


@lru_cache(maxsize=8_192)
def recognize(name: str) -> Recognized:
    """What a PMS means by a service name or code, or unknown where that is not certain (LIB-5, R6).

    >>> recognize("BOTOX Cosmetic (per unit)").treatment_type, recognize("Juvederm").kind.value
    ('botox', 'unknown')
    """
    words = normalize_service(name)
    if _GOODS.search(words):
        return Recognized(ServiceKind.UNRELATED)
    if _FOLLOW_UPS.search(words):
        return Recognized(ServiceKind.FOLLOW_UP)
    is_joined = _JOINING.search(words) is not None or any(mark in name for mark in JOINING_MARKS)
    injected = _injected(words, is_joined=is_joined)
    is_unrelated = _UNRELATED.search(words) is not None
    is_talk = _CONSULTATIONS.search(words) is not None
    if is_talk and not (injected and _TREATED_TOO.search(words)):
        return Recognized(ServiceKind.CONSULTATION if injected or not is_unrelated else ServiceKind.UNRELATED)
    if not injected:
        return Recognized(ServiceKind.UNRELATED if is_unrelated else ServiceKind.UNKNOWN)
    if is_talk or is_unrelated or injected not in _KEYS or _UNDECIDED.search(words):
        return Recognized(ServiceKind.UNKNOWN)
    return Recognized(ServiceKind.TREATMENT_TYPE, injected[0])


def _injected(words: str, *, is_joined: bool) -> tuple[str, ...]:
    """The treatment types a normalized name speaks of; "filler" for one whose type it does not say."""
    found = [key for key, pattern in _PRODUCTS if pattern.search(words)]
    if not found and _NEUROMODULATOR_PLACES.search(words):
        found = ["botox"]
    rest = _NEUROMODULATOR_PLACES.sub(" ", words)
    for key in found:
        if key in _BELONGS_TO:
            rest = _BELONGS_TO[key].sub(" ", rest)
    is_filler = _FILLERS.search(rest) is not None
    if is_filler or (_ALSO_FILLER.search(rest) if not found else is_joined or found == ["voluma"]):
        if _LIPS.search(rest):
            found.append("lip_filler")
        if _CHEEKS.search(rest) and "voluma" not in found:
            found.append("cheek_filler")
    if is_filler and (_OTHER_PLACES.search(rest) or not {"lip_filler", "cheek_filler"} & set(found)):
        found.append("filler")
    return tuple(found)


def _words(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for whole words and phrases, in the singular or the plural."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})s?\b")


_GOODS: Final = _words(GOODS)
_JOINING: Final = _words(JOINING_WORDS)
_FOLLOW_UPS: Final = _words(FOLLOW_UPS)
_CONSULTATIONS: Final = _words(CONSULTATIONS)
_TREATED_TOO: Final = _words(TREATED_TOO)
_UNDECIDED: Final = _words(UNDECIDED)
_UNRELATED: Final = _words(UNRELATED)
_PRODUCTS: Final = tuple((key, _words(phrases)) for key, phrases in PRODUCTS)
_NEUROMODULATOR_PLACES: Final = _words(NEUROMODULATOR_PLACES)
_FILLERS: Final = _words((*FILLER_WORDS, *FILLER_BRANDS))
_ALSO_FILLER: Final = _words(ALSO_FILLER)
_LIPS: Final = _words((*LIPS, *LIP_PRODUCTS))
_CHEEKS: Final = _words(CHEEKS)
_OTHER_PLACES: Final = _words(OTHER_PLACES)
_BELONGS_TO: Final = {key: _words(phrases) for key, phrases in BELONGS_TO.items()}
_KEYS: Final = frozenset((key,) for key in (*(key for key, _ in PRODUCTS), "lip_filler", "cheek_filler"))
