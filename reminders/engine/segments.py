"""How many segments does a text message take, as carriers count them, and how is it kept short?

Source: 3GPP TS 23.038 (alphabet) and TS 23.040 (6 octets of header in each of several parts); messaging.md 6.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")  # an escape and a character: two septets that stay together
_GSM: Final = _BASIC | _EXTENDED
_LAST_IN_BMP: Final = 0xFFFF


class Encoding(StrEnum):
    """Which alphabet a text message needs."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_SINGLE: Final = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_OF_SEVERAL: Final = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}

# Looks the same to a reader and costs less. Letters with accents stay: a name is written as its owner does.
_LOOKALIKES: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u2028\u2029\u202f\u205f\u3000", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        "\u2022": "-",
    }
)
_ELLIPSIS: Final = "\u2026"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Length:
    """What a text costs: `units` are septets in GSM-7, 16-bit units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int


def normalize(text: str) -> str:
    r"""The text with typographic quotes, dashes, spaces and dots as plain ones, composed, plain line ends.

    Done by us and not by the carrier, so that the preview is what leaves (messaging.md 6). It never takes more
    segments than before; doing it again changes nothing.

    >>> normalize("It\u2019s \u201ctime\u201d \u2013 see you\u2026")
    'It\'s "time" - see you...'
    """
    if text.isascii() and "`" not in text and "\t" not in text and "\r" not in text:
        return _CONTROLS.sub("", text)
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(_LOOKALIKES))
    # Once more: a few characters are only composed into one that has a plainer twin.
    text = _composed(text).translate(_LOOKALIKES)
    if _ELLIPSIS not in text:
        return text
    spelled = text.replace(_ELLIPSIS, "...")
    return spelled if measure(spelled).segments <= measure(text).segments else text


def _composed(text: str) -> str:
    """Letters and their accents as one character (NFC), but for the few that would take more room so."""
    if unicodedata.is_normalized("NFC", text):
        return text
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.combining(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return "".join(min(unicodedata.normalize("NFC", each), each, key=_room) for each in clusters)


def _room(text: str) -> int:
    return sum(map(_utf16_units, text))


def measure(text: str) -> Length:
    """Encoding, units and number of segments of a text as it stands; an empty one still takes one.

    >>> measure("See you {soon}")
    Length(encoding=<Encoding.GSM_7: 'GSM-7'>, units=16, segments=1)
    """
    encoding = encoding_of(text)
    units = sum(map(_septets, text)) if encoding is Encoding.GSM_7 else sum(map(_utf16_units, text))
    if units <= _SINGLE[encoding]:
        return Length(encoding, units, 1)
    return Length(encoding, units, len(split(text)))


def encoding_of(text: str) -> Encoding:
    """GSM-7 if every character is in its alphabet, else UCS-2 for the whole message."""
    return Encoding.GSM_7 if _GSM.issuperset(text) else Encoding.UCS_2


def split(text: str) -> list[str]:
    """The segments as carriers cut them: an extended character or a surrogate pair is never torn apart."""
    encoding = encoding_of(text)
    cost = _septets if encoding is Encoding.GSM_7 else _utf16_units
    if sum(map(cost, text)) <= _SINGLE[encoding]:
        return [text]
    room = _OF_SEVERAL[encoding]
    segments, start, used = [], 0, 0
    for position, character in enumerate(text):
        units = cost(character)
        if used + units > room:
            segments.append(text[start:position])
            start, used = position, 0
        used += units
    segments.append(text[start:])
    return segments


@lru_cache(maxsize=4096)
def _septets(character: str) -> int:
    return 2 if character in _EXTENDED else 1


def _utf16_units(character: str) -> int:
    return 2 if ord(character) > _LAST_IN_BMP else 1
