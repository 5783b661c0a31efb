"""What does one language know of stopping, starting and asking who writes, and how is that written down?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Parts = Mapping[str, str]
"""Regular expressions that phrases name: <messages> in a phrase stands for the part of that name."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words and phrases of one language, plain: lower case, no accents, no marks, no apostrophes.

    Words are compared with a whole message, phrases are looked for in each sentence.
    """

    courtesy: frozenset[str]
    """Words that add nothing at either end of a sentence."""
    spellings: Mapping[str, str]
    """Common misspellings (a regular expression of whole words) to the word that is meant."""
    stop_words: frozenset[str]
    """The words of the law and of the carriers: alone in a message they are a revocation, whatever was meant."""
    visit_words: frozenset[str]
    """Of these, what may have been meant of an appointment: heeded all the same, and shown to a person."""
    start_words: frozenset[str]
    help_words: frozenset[str]
    yes_words: frozenset[str]
    insisting: re.Pattern[str]
    """Wants silence, whatever stands before: "if you don't stop"."""
    stops: re.Pattern[str]
    """Wants silence, unless denied, supposed or limited by the words around."""
    unclear: re.Pattern[str]
    """May want silence."""
    starts: re.Pattern[str]
    """Wants messages again."""
    asides: re.Pattern[str]
    """Speaks of something else in words like those: taken out before anything is looked for."""
    denied: re.Pattern[str]
    """Right before a phrase: it is not what the person wants ("don't stop")."""
    supposed: re.Pattern[str]
    """Before a phrase: the person only thinks of it ("if I")."""
    limited: re.Pattern[str]
    """Right after a phrase: it is wished for some hours or days ("before 9")."""
    doubted: re.Pattern[str]
    """Anywhere in a message: a stop in it is not surely meant (a joke, a mistake, another channel wished)."""
    visits: re.Pattern[str]
    """Anywhere in a message: a lone "cancel" in it is meant of an appointment."""


def words(text: str) -> frozenset[str]:
    """The words of a list with commas.

    >>> sorted(words("stop, opt out"))
    ['opt out', 'stop']
    """
    return frozenset(" ".join(word.split()) for word in text.split(","))


def parts(text: str) -> Parts:
    """Named parts of phrases: a name a line, what it stands for indented below; parts may name those above."""
    made: dict[str, str] = {}
    for line in _lines(text):
        name, _, meaning = line.partition(" =")
        made[name] = _filled(meaning.strip(), made)
    return made


def phrases(known: Parts, text: str) -> re.Pattern[str]:
    """A pattern that finds any of the phrases, one a line and of whole words; a line indented further goes on.

    >>> phrases({"it": "(?:it|this)"}, "stop <it>").search("please stop this").group()
    'stop this'
    """
    return re.compile("|".join(rf"\b(?:{_filled(line, known)})\b" for line in _lines(text)))


def before(known: Parts, text: str) -> re.Pattern[str]:
    """A pattern that finds one of the phrases at the very end of what stands before."""
    return re.compile("|".join(rf"\b(?:{_filled(line, known)}) $" for line in _lines(text)))


def after(known: Parts, text: str) -> re.Pattern[str]:
    """A pattern that finds one of the phrases at the very start of what follows."""
    return re.compile("|".join(rf"^ ?(?:{_filled(line, known)})\b" for line in _lines(text)))


def _lines(text: str) -> list[str]:
    """The lines, each with those that are indented further than the first joined to it as they stand."""
    rows = [row for row in text.split("\n") if row.strip()]
    margin = min(len(row) - len(row.lstrip()) for row in rows)
    made: list[str] = []
    for row in rows:
        if row[margin] == " " and made:
            made[-1] += row.strip()
        else:
            made.append(row.strip())
    return made


def _filled(phrase: str, known: Parts) -> str:
    return re.sub(r"(?<!\()<([a-z][a-z ]*)>", lambda found: known[found.group(1)], phrase)
