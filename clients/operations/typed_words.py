r"""Which words remain of what somebody typed on a phone or into a mail program?

Left out is what the typist did not say: the mail that an answer quotes, the message that a phone repeats when
somebody only presses a heart ("Liked “… Reply STOP to opt out”"), a signature line, marks, emoji, accents, case.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from clients.operations.look_alikes import in_latin

_LONGEST: Final = 4_000
# Where a mail program begins to quote, or a phone or a person signs.
_QUOTED_FROM: Final = re.compile(
    r"""^[ \t>]*(?:
        on\b[^\n]{4,200}(?:\n[^\n]{0,200})?\bwrote:[ \t]*$
      | el\b[^\n]{4,200}(?:\n[^\n]{0,200})?\bescribi[oó]:[ \t]*$
      | (?:on|el)\b(?=(?:(?!wrote:|escribi[oó]:)[^\n]){0,200}(?:<[^<>\s]{1,80}@|\d:\d\d|\b20\d\d\b))
        [^\n]{4,200}?(?:\n[^\n]{0,200}?)?\b(?:wrote|escribi[oó]):
      | -{2,}[ ]*(?:original\s+message|mensaje\s+original|forwarded\s+message|mensaje\s+reenviado)\b
      | _{10,}[ \t]*$
      | (?:from|de):[ ][^\n]+\n(?:sent|date|to|subject|enviado|fecha|para|asunto):
    )
      | \b(?:on|el)\b[^\n<]{4,200}<[^<>\s]{1,80}@[^<>\s]{1,80}>\)?,?[ ](?:wrote|escribi[oó]):""",
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
    r"|le gust[oó]|le encant[oó]|se ri[oó] de|enfatiz[oó]|pregunt[oó] por)\s*(?=[“«„\"])",
    re.IGNORECASE,
)
_MARK: Final = re.compile('[“”«»„"]')
_OPENS: Final = re.compile(r"(?:^|(?<=[\s(“\"]))[“\"](?=\S)|[«„]")
_PASSAGE: Final = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_WORDS_OF_A_PASSAGE: Final = 5
_OWN_WORDS_FOLLOW: Final = re.compile(
    r"\b(?:i|ive|we|weve)\s(?:\w+\s){0,2}(?:(?:asked|told)(?:\s\w+){0,2}"
    r"|(?:said|say|texted|typed|wrote|replied)(?:\s\w+){0,2}(?<!\sto))(?<!\syour)(?<!\sthe)[\s:,]*$",
    re.IGNORECASE,
)
_AS_FAR_BACK: Final = 60
_APOSTROPHES: Final = re.compile("['’‘‛ʼ`´′]")  # noqa: RUF001 - what phones type
_SPELLED: Final = re.compile(r"\b[^\W\d_](?:[ .\-*·]{1,2}[^\W\d_]){2,}\b")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_NUMBER_SIGN: Final = re.compile(r"(?<=\s)#(?=\s|$)")
_ENDS: Final = re.compile(r"[.!?¡¿;:\n\r|]+(?=\s|$|[^\d])|\s[-–—]+\s|[–—…]")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_SPACES: Final = re.compile(r"[ \t]+")
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


def has_gesture(text: str) -> bool:
    """Whether it shows a raised hand, a stop sign or the like."""
    return not _GESTURES.isdisjoint(text)


def is_lost(text: str) -> bool:
    """Whether nothing is left of words that were no mere reaction: what was left out may have been the person's own."""
    plain = _plain(text)
    return any(letter.isalpha() for letter in plain) and not _REACTION.match(plain)


def is_question(text: str) -> bool:
    """Whether the person typed a question mark."""
    return "?" in typed_part(text)


def is_mixed(text: str) -> bool:
    """Whether what follows the message that a reaction repeats may be a piece of that message."""
    above = _above(_plain(text))[:_LONGEST]
    return bool(_REACTION.match(above)) and bool(_MARK.search(_beside_reaction(above)))


def typed_part(text: str) -> str:
    """What the person typed, without what their phone or mail program put around it."""
    return _PASSAGE.sub(_short_passage, _beside_reaction(_above(_plain(text))[:_LONGEST]))


def _plain(text: str) -> str:
    """The text with one kind of line end and letter, without apostrophes and marks that nobody sees."""
    text = text.replace("\0", "").replace("\r\n", "\n")[: 10 * _LONGEST]
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return _SPACES.sub(" ", text)


def _above(text: str) -> str:
    """The part above the quoted mail; if nothing but a signature is there, what was written below its lines."""
    bare = _QUOTED_LINE.sub("", text)
    start = _QUOTED_FROM.search(bare)
    above = _unsigned(bare[: start.start()] if start else bare)
    if start and not above.strip() and bare != text:
        return _unsigned(bare[start.end() :])
    return above


def _beside_reaction(text: str) -> str:
    """What stands behind the message that a reaction repeats, whose own quotation marks do not end it.

    Where its end was cut off, nothing is behind it, or what follows the last mark that may be its end, with the mark.
    """
    start = _REACTION.match(text)
    if not start:
        return text
    depth, last = 0, len(text)
    for mark in _MARK.finditer(text, start.end()):
        opens = depth == 0 or bool(_OPENS.match(text, mark.start()))
        depth += 1 if opens else -1
        last = last if opens else mark.start()
        if depth == 0:
            return text[mark.end() :]
    return text[last:]


def _unsigned(text: str) -> str:
    signed = _SIGNED_FROM.search(text)
    return text[: signed.start()] if signed else text


def _short_passage(found: re.Match[str]) -> str:
    """A word or two in quotation marks, or what "I said" is the person's own; a long passage is somebody else's."""
    passage = found.group()
    before = found.string[max(0, found.start() - _AS_FAR_BACK) : found.start()]
    is_own = len(passage.split()) < _WORDS_OF_A_PASSAGE or _OWN_WORDS_FOLLOW.search(before)
    return passage if is_own else " "


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKD", in_latin(text).casefold())
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
