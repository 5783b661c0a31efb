"""Does a note of the record say that a client wants no messages, may want fewer, or is unhappy? (OPT-1, CARE-1)

The phrases are those of `note_phrases.py`. What stands before one can deny it, what stands after it can limit it:
"do not text before 9" is a wish about hours, which a person must read.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from clients.operations.note_phrases import COMPLAINTS, HER, NO_MESSAGES, UNCLEAR, WHAT

# What makes an unwanted match of the words after it ("has not opted out", "denies being upset with").
_NO: Final = r"(?<!said )(?<!says )no(?! show| answer)"
_NOT: Final = (
    rf"(?:not|never|{_NO}|denies|denied|without|dont|doesnt|didnt|hasnt|isnt|wasnt|sin|niega|nunca|jamas)"
    r" (?:(?!(?:and|but|so|pt|patient|client|thanks?|given)\b)\w+ ){0,2}$"
)
# A ban is denied by less: two bans may stand side by side ("do not call do not text").
_IS_BAN: Final = r"(?:do not|dont|never|no)\b"
_NOT_A_BAN: Final = (
    rf"(?:(?:did|has) not|never|{_NO}(?= \w)|denies|denied|without|didnt|hasnt|sin|niega|nunca)"
    r" (?:(?!(?:and|but|so|pt|patient|client|thanks?|given)\b)\w+ ){0,2}$"
)

# What makes a wish about hours, days or manner of a wish for none.
_DAYS: Final = r"weekends?|weekdays?|evenings?|nights?|mornings?|late|early"
_BY_WHICH: Final = r" (?:her |his |the |our |this )?(?:phone|cell|number|website|form|intake|line)\b"
_LIMITS: Final = (
    r"^ ?(?:before|after|until(?! further)|till|during(?! (?:a |the )?(?:phone )?call)|between|while|in the(?! future)"
    r"|at(?! all\b(?! hours)| (?:\w+ ){1,2}request| any (?:time|point|number)$)"
    rf"|on(?! any (?:number|phone|line|channel)|{_BY_WHICH})|{_DAYS}"
    r"|antes|despues|hasta(?! nuevo aviso)|durante|entre|a las|por (?:las?|el|los|una?|dos|tres|\d+))\b"
)
_FOR_A_WHILE: Final = (
    rf"^ ?(?:for(?! (?:good|ever|all|any|now on|(?:\w+ )?reasons?|{HER}|{WHAT})\b)|today(?! or)|tonight"
    r"|this (?:week|month|year|time|visit))\b"
)
_HERS_FOR_A_WHILE: Final = (
    rf"^ ?{HER} (?:(?:before|until(?! further)|till|during|between|while|{_DAYS})\b|after (?:\d|hours|work|noon|dark)"
    r"|at (?:\d|night|noon|work)|on (?:weekends?|\w+days?)\b|in the (?:mornings?|afternoons?|evenings?)\b"
    r"|for (?:\d+|an?|now|some|the next)\b|(?:today$|this (?:week|month|year)\b))"
)
# What was ended was ended on some day: only this makes it end for a while.
_ENDED: Final = r"opt|unsubscri|revo[ck]|withdr|rescind|retir|dnc|stop$|baja"
_UNTIL: Final = r"^ ?(?:until(?! further)|till|hasta(?! nuevo aviso))\b"
# One opts out of treatments, too: without a word for messages it takes a day to make a person look.
_OPTED: Final = r"\bopt"
_ON_A_DAY: Final = r"^ ?(?:today\b|on (?:\w+day\b|\d)|at (?:the )?(?:front desk|check ?out|check ?in))"
# What makes of it one about other messages, or none at all.
_OF_OTHERS: Final = (
    r"^ ?(?:while driving\b|(?:of|from)\b(?! now on)"
    r"(?! (?:(?:all|any|and|our|the|this|these|future|further|more|med) )*(?:us|practice|clinic|office|spa|medspa"
    rf"|kinds?|types?|sorts?|everything|lists?|notifications?|outreach|contact|{WHAT})\b))"
)
_INSTEAD: Final = (
    r"\b(?:prefers?|preferred|wants?|wanted|ok(?:ay)?(?: with| to| for)?|use) (?:an? |to be |by |via )?"
    r"(?:text(?:s|ed|ing)?|sms)\b|\b(?:texts?|texting|sms) (?:is |are )?(?:ok|okay|fine|good|preferred|only|instead)\b"
)
_BY_EMAIL: Final = r"e ?mail|correo"
_AS_FAR: Final = 80
_SPELLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "txt": "text",
        "txts": "texts",
        "txting": "texting",
        "msg": "message",
        "msgs": "messages",
        "msj": "mensaje",
        "msjs": "mensajes",
        "ptnt": "pt",
        "clt": "client",
        "communication": "communications",
        "promos": "promotions",
        "unsub": "unsubscribe",
    }
)


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{phrase}\b" for phrase in phrases))


_NO_MESSAGES, _UNCLEAR, _COMPLAINTS = _any_of(NO_MESSAGES), _any_of(UNCLEAR), _any_of(COMPLAINTS)
_MESSAGES: Final = re.compile(rf"\b(?:{WHAT}|texting|messaging|e ?mailing|(?:contact|text|e ?mail)(?:ing)? me)\b")
# What is said of them without naming them.
_OF_MESSAGES: Final = re.compile(
    r"\b(?:unsubscribe|opt me out|opt out(?:$| of (?:this|these|your))|(?:your|mailing) lists?|surveys|de baja"
    r"|contacten|escriban)\b"
)
_STOP_AT_THE_END: Final = re.compile(r"[.!?\n]\s*stop\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """A phrase that is said and not denied, what follows it, and the sentence it stands in."""

    phrase: str
    after: str
    sentence: str


def wants_no_messages(text: str) -> bool:
    """Whether a note says that she wants no messages (OPT-1).

    >>> wants_no_messages("Pt called, please STOP texting her."), wants_no_messages("Do not text before 9 am")
    (True, False)
    """
    return any(not _is_limited(said) for said in _said(_NO_MESSAGES, text))


def may_want_fewer(text: str) -> bool:
    """Whether a note may ask for fewer messages, for none for a while or at some hours, or for none by email (OPT-1).

    What asks for none at all is `wants_no_messages`.

    >>> may_want_fewer("Do not text before 9 am"), may_want_fewer("Wrong number"), may_want_fewer("Text ok")
    (True, True, False)
    """
    return any(_is_wish(said) for said in _said(_NO_MESSAGES, text)) or any(True for _ in _said(_UNCLEAR, text))


def is_complaint(text: str) -> bool:
    """Whether a note tells of an unhappy client (CARE-1).

    >>> is_complaint("Client is upset about bruising"), is_complaint("Chief complaint: forehead lines")
    (True, False)
    """
    return any(not _is_limited(said) for said in _said(_COMPLAINTS, text))


def is_about_messages(text: str) -> bool:
    """Whether a client's text speaks of messages at all, or ends in a stop that stands alone.

    >>> is_about_messages("Please stop texting me"), is_about_messages("I asked the nurse to stop")
    (True, False)
    """
    words = _plain(text)
    return any((_MESSAGES.search(words), _OF_MESSAGES.search(words), _STOP_AT_THE_END.search(text)))


def _said(phrases: re.Pattern[str], text: str) -> Iterator[_Said]:
    """Each phrase that is said. What denies one stands before it in its clause ("No, do not text" is no denial)."""
    for each in re.split(r"[.;!?\n]+", text):
        sentence, starts = "", [0]
        for clause in filter(None, map(_plain, re.split(r"[,:–—]|\s-|-\s", each))):
            starts.append(len(sentence) + 1 if sentence else 0)
            sentence = f"{sentence} {clause}" if sentence else clause
        for found in phrases.finditer(sentence):
            begin = starts[bisect_right(starts, found.start()) - 1]
            before = sentence[max(begin, found.start() - _AS_FAR) : found.start()]
            denial = _NOT_A_BAN if re.match(_IS_BAN, found.group()) else _NOT
            if not re.search(rf"\b{denial}", before):
                around = sentence[max(0, found.start() - _AS_FAR) : found.end() + _AS_FAR]
                yield _Said(found.group(), sentence[found.end() :][:_AS_FAR], around)


def _is_limited(said: _Said) -> bool:
    """Whether what follows a phrase makes it a wish about some days, other messages or the channel."""
    if _is_of_treatment(said):
        return any(re.search(limit, said.after) for limit in (_LIMITS, _FOR_A_WHILE, _OF_OTHERS))
    is_of_others = re.search(_OF_OTHERS, said.after) and not re.search(_ENDED, said.phrase)
    return bool(is_of_others or _is_for_a_while(said) or re.search(_INSTEAD, said.after))


def _is_wish(said: _Said) -> bool:
    """Whether it is one that a person must look at: for a while, at some hours, or not by email."""
    if _is_of_treatment(said):
        return bool(re.search(_ON_A_DAY, said.after) or re.search(_UNTIL, said.after))
    if re.search(_OF_OTHERS, said.after):
        return False
    is_of_email = re.search(_BY_EMAIL, f"{said.phrase}{said.after}")
    return _is_for_a_while(said) or bool(re.search(_INSTEAD, said.after) and is_of_email)


def _is_of_treatment(said: _Said) -> bool:
    """Whether she may have opted out of something that is no message."""
    return bool(re.search(_OPTED, said.phrase)) and not _MESSAGES.search(said.sentence)


def _is_for_a_while(said: _Said) -> bool:
    limits = (_UNTIL,) if re.search(_ENDED, said.phrase) else (_LIMITS, _FOR_A_WHILE, _HERS_FOR_A_WHILE)
    return any(re.search(limit, said.after) for limit in limits)


def _plain(text: str) -> str:
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(letter)
    )
    letters = re.sub(r"(?<=[a-z])/(?=[a-z])", " or ", re.sub(r"['’]", "", letters))
    return " ".join(_SPELLED.get(word, word) for word in re.sub(r"[^\w\s]+", " ", letters).split())
