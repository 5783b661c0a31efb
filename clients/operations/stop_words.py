"""Does an answer ask for no more messages, for messages again, or who is writing? (OPT-1, messaging.md 1.9, 5.1)

Rules over plain words, no more: the words of 47 CFR 64.1200(a)(10) alone in a message are a revocation; "any other
words that a reasonable person would understand" as one are found by the phrases of two tables, one a language. What
may be one, or is one for some hours only, is UNSURE: a person decides, and meanwhile messages hold.
tests/clients/revocations.tsv is the table of examples that these rules are held to.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clients.operations.denial_words import asks_for_word, is_bare_no, is_certain, is_refusal, is_wary, stands_alone
from clients.operations.stop_words_english import ENGLISH
from clients.operations.stop_words_spanish import SPANISH
from clients.operations.typed_words import has_gesture, is_lost, is_mixed, is_question, sentences_of

_ASIDE: Final = "~"
"""Stands where something else was spoken of: no phrase goes on over it."""
_TABLES: Final = (ENGLISH, SPANISH)
_COURTESY: Final = ENGLISH.courtesy | SPANISH.courtesy
_SPELLINGS: Final = {**ENGLISH.spellings, **SPANISH.spellings}
_STOP: Final = ENGLISH.stop_words | SPANISH.stop_words
_VISIT: Final = ENGLISH.visit_words | SPANISH.visit_words
_START: Final = ENGLISH.start_words | SPANISH.start_words
_HELP: Final = ENGLISH.help_words | SPANISH.help_words
_YES: Final = ENGLISH.yes_words | SPANISH.yes_words
_YES_OF_CARRIERS: Final = "yes"
_ASKING: Final = frozenset({"please", "pls", "plz", "plse", "kindly", "favor", "porfa", "porfavor"})
_SPELLED: Final = frozenset(word for word in _STOP | _START | _HELP if " " not in word)


class Intent(StrEnum):
    """What the words of an answer ask for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was taken for, and whether a person must look all the same."""

    intent: Intent
    is_whole: bool = False
    """The message says this and nothing else."""
    may_mean_visit: bool = False
    """A stop by the law's words that may have been meant of an appointment ("cancel")."""
    is_yes: bool = False
    """"Yes" and not a word more: Twilio's third word for START, if the number is stopped now (messaging.md 1.9)."""

    @property
    def is_settled(self) -> bool:
        """Nothing in it is left for a person."""
        return self.intent in {Intent.STOP, Intent.START, Intent.HELP} and self.is_whole and not self.may_mean_visit


def intent_of(text: str) -> Intent:
    """What an answer asks for.

    >>> [intent_of(text).value for text in ("Stop pls", "no more texts", "I'll stop by at 3", "wrong number")]
    ['stop', 'stop', 'none', 'unsure']
    """
    return reading_of(text).intent


def reading_of(text: str) -> Reading:
    """What an answer asks for, in full."""
    reading = _as_typed(text)
    if reading.intent in {Intent.STOP, Intent.START} and is_mixed(text):
        return Reading(Intent.UNSURE)
    return reading


def _as_typed(text: str) -> Reading:
    """What it asks for, if all that is left of it was typed by the person."""
    clauses = sentences_of(text, _SPELLINGS, _SPELLED)
    if not clauses:
        return Reading(Intent.UNSURE if has_gesture(text) or is_lost(text) else Intent.NONE)
    sentences = [" ".join(each) for each in clauses]
    cores = [core for core in map(_core, sentences) if core]
    words = [word for core in cores for word in core.split()]
    message, asks = " ".join(sentences), is_question(text)
    is_law = words and _STOP.issuperset(set(words) - _YES) and not _YES.issuperset(words)
    if is_law and not _is_doubted(message):
        return Reading(Intent.STOP, is_whole=True, may_mean_visit=not _VISIT.isdisjoint(words))
    if words and _YES.issuperset(words):
        return Reading(Intent.NONE, is_yes=sentences == [_YES_OF_CARRIERS])
    found = [_said_in(core, asks=asks) for core in cores]
    found += [alone for each in clauses if (alone := _alone_in(each, asks=asks)) is not Intent.NONE]
    intent = next((each for each in (Intent.STOP, Intent.UNSURE, Intent.START) if each in found), Intent.NONE)
    if Intent.STOP in found and (Intent.START in found or _is_doubted(message)):
        intent = Intent.UNSURE
    if intent is Intent.NONE and not _VISIT.isdisjoint(cores) and not _is_of_visit(message):
        intent = Intent.UNSURE
    if intent is Intent.NONE and any(is_refusal(clause) for each in clauses for clause in each):
        intent = Intent.UNSURE
    if intent is Intent.START and (asks or is_wary(message) or has_gesture(text) or not _VISIT.isdisjoint(cores)):
        intent = Intent.UNSURE
    if intent is Intent.NONE and found and set(found) == {Intent.HELP}:
        intent = Intent.HELP
    return Reading(intent, is_whole=intent in {Intent.START, Intent.HELP} and set(found) == {intent})


def _core(sentence: str) -> str:
    """The sentence without the courtesy at its ends."""
    words = sentence.split()
    while words and words[-1] in _COURTESY:
        words.pop()
    while words and words[0] in _COURTESY:
        words.pop(0)
    return " ".join(words)


def _alone_in(clauses: tuple[str, ...], *, asks: bool) -> Intent:
    """A stop, if a sentence asks for it, or ends in a word of the law that nothing before changes ("thanks but stop").

    Not surely one where it may be asked which word to send ("what do I reply, text stop").
    """
    if _is_asked(clauses[0]):
        return Intent.STOP
    last = next((core for core in map(_core, reversed(clauses)) if core), "")
    if last not in _STOP - _VISIT and not stands_alone(last):
        return Intent.NONE
    return Intent.UNSURE if asks or asks_for_word(" ".join(clauses)) else Intent.STOP


def _is_asked(clause: str) -> bool:
    """Whether it is "please stop" and the like, whatever reason follows."""
    return _core(clause) in _STOP - _VISIT and not _ASKING.isdisjoint(clause.split())


def _said_in(core: str, *, asks: bool) -> Intent:
    """What one sentence asks for; the law's words alone in it count as a stop, unless they may mean a visit.

    `asks`: the message has a question mark.
    """
    if core in _STOP:
        return Intent.NONE if core in _VISIT else Intent.STOP
    if core in _START:
        return Intent.START
    if core in _HELP:
        return Intent.HELP
    if any(table.insisting.search(core) for table in _TABLES):
        return Intent.STOP
    for table in _TABLES:
        core = " ".join(table.asides.sub(f" {_ASIDE} ", core).split())
    found = {_stop_in(core, number) for number in range(len(_TABLES))}
    for intent in (Intent.STOP, Intent.UNSURE):
        if intent in found:
            return Intent.UNSURE if asks and is_bare_no(core) else intent
    starts = [phrase for table in _TABLES if (phrase := table.starts.search(core))]
    if starts:
        is_sure = all(is_certain(f"{core[: each.start()]} {core[each.end() :]}") for each in starts)
        return Intent.START if is_sure else Intent.UNSURE
    if any(table.unclear.search(core) for table in _TABLES):
        return Intent.UNSURE
    return Intent.NONE


def _stop_in(core: str, number: int) -> Intent:
    """Whether one language's phrases find a stop in a sentence, and whether it is meant as it stands."""
    table, intent, denied_to = _TABLES[number], Intent.NONE, -2
    for phrase in table.stops.finditer(core):
        before, after = core[: phrase.start()], core[phrase.end() :]
        if table.denied.search(before) or phrase.start() == denied_to + 1:
            denied_to = phrase.end()  # "don't remove me | from the list": what goes on is denied as well
            continue
        if table.supposed.search(before) or table.limited.search(after):
            intent = Intent.UNSURE
            continue
        return Intent.STOP
    return intent


def _is_of_visit(words: str) -> bool:
    return any(table.visits.search(words) for table in _TABLES)


def _is_doubted(words: str) -> bool:
    return any(table.doubted.search(words) for table in _TABLES)
