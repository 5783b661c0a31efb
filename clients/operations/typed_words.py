r"""Which words remain of what somebody typed on a phone or into a mail program?

Left out is what the typist did not say: the mail that an answer quotes, the message that a phone repeats when
somebody only presses a heart ("Liked “… Reply STOP to opt out”"), a signature line, marks, emoji, accents, case.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final

_LONGEST: Final = 4_000
# Where a mail program begins to quote, or a phone or a person signs.
_QUOTED_FROM: Final = re.compile(
    r"""^[ \t>]*(?:
        on\b[^\n]{4,200}(?:\n[^\n]{0,200})?\bwrote:
      | el\b[^\n]{4,200}(?:\n[^\n]{0,200})?\bescribi[oó]:
      | -{2,}[ ]*(?:original\s+message|mensaje\s+original|forwarded\s+message|mensaje\s+reenviado)\b
      | _{10,}[ \t]*$
      | (?:from|de):[ ][^\n]+\n(?:sent|date|to|subject|enviado|fecha|para|asunto):
    )""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SIGNED_FROM: Final = re.compile(
    r"^[ \t]*(?:sent from (?:my|your|yahoo|outlook|mail|gmail|samsung|aol|att|proton|the)\b"
    r"|sent via|sent with|enviado desde|get outlook|obtener outlook|--[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE: Final = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_REACTION: Final = re.compile(
    r"^\W*(?:liked|loved|disliked|laughed at|emphasized|questioned|reacted \S{1,20} to|to|removed an? [\w ]{1,20} from"
    r'|le gust[oó]|le encant[oó]|se ri[oó] de|enfatiz[oó]|pregunt[oó] por)\s*["“«„].*',
    re.IGNORECASE | re.DOTALL,
)
_PASSAGE: Final = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_WORDS_OF_A_PASSAGE: Final = 5
_APOSTROPHES: Final = re.compile("['’‘‛ʼ`´′]")  # noqa: RUF001 - what phones type
_SPELLED: Final = re.compile(r"\b[^\W\d_](?:[ .\-*·]{1,2}[^\W\d_]){2,}\b")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_NUMBER_SIGN: Final = re.compile(r"(?<=\s)#(?=\s|$)")
_ENDS: Final = re.compile(r"[.!?¡¿;:\n\r|]+(?=\s|$|[^\d])|\s[-–—]+\s|[–—…]")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_GESTURES: Final = frozenset("🛑✋🖕🚫⛔🤚🙅")


def sentences_of(text: str, spellings: Mapping[str, str], spelled: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The sentences, each as what its commas part, in lower case without accents and marks, misspellings mended.

    `spellings`: misspelling (a regular expression of whole words) to word. `spelled`: words that are known when
    somebody spaces their letters out.

    >>> sentences_of("STOOOP!! Please, don’t text", {}, ())
    (('stop',), ('please', 'dont text'))
    """
    letters = _NUMBER_SIGN.sub("number", _folded(typed_part(text)))
    letters = _SPELLED.sub(lambda found: _joined(found.group(), spelled), letters)
    sentences = (tuple(_clauses(sentence, spellings)) for sentence in _ENDS.split(letters))
    return tuple(clauses for clauses in sentences if clauses)


def is_gesture(text: str) -> bool:
    """Whether it is a raised hand, a stop sign or the like and not a single word."""
    return not _GESTURES.isdisjoint(text) and not any(letter.isalnum() for letter in text)


def typed_part(text: str) -> str:
    """What the person typed, without what their phone or mail program put around it."""
    text = text.replace("\0", "").replace("\r\n", "\n")[: 10 * _LONGEST]
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    typed = _above(text)[:_LONGEST]
    if _REACTION.match(typed):
        return ""
    return _PASSAGE.sub(_short_passage, typed)


def _above(text: str) -> str:
    """The part above the quoted mail; if nothing is there, what was written below its lines."""
    bare = _QUOTED_LINE.sub("", text)
    start = _QUOTED_FROM.search(bare)
    above = bare[: start.start()] if start else bare
    if start and not above.strip() and bare != text:
        above = bare[start.end() :]
    signed = _SIGNED_FROM.search(above)
    return above[: signed.start()] if signed else above


def _short_passage(found: re.Match[str]) -> str:
    """A word or two in quotation marks are the person's own; a long passage is somebody else's."""
    passage = found.group()
    return passage if len(passage.split()) < _WORDS_OF_A_PASSAGE else " "


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _joined(spaced: str, spelled: Collection[str]) -> str:
    word = "".join(letter for letter in spaced if letter.isalpha())
    return word if word in spelled else spaced


def _clauses(sentence: str, spellings: Mapping[str, str]) -> Iterator[str]:
    for clause in sentence.split(","):
        words = _STRETCHED.sub(r"\1", _NO_LETTER.sub(" ", clause).strip())
        if words:
            yield _mended(words, spellings)


def _mended(words: str, spellings: Mapping[str, str]) -> str:
    for wrong, right in spellings.items():
        words = re.sub(rf"\b(?:{wrong})\b", right, words)
    return words
