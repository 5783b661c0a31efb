"""Which letters of other alphabets look like Latin ones, and are typed in their place?

Source: Unicode, confusables.txt (UTS 39), of which only what looks like one Latin letter in the letterforms of phones
is kept; the whole list also takes "m" for "rn" and "1" for "l", which would spoil ordinary words. Full-width and
mathematical letters are no look-alikes: NFKC makes them Latin.
"""

from typing import Final

_CYRILLIC: Final = (
    "АВЕЅІЈКМНОРСТУХаеѕіјкморстухһԁԛԝӏѵ",
    "ABESIJKMHOPCTYXaesijkmopctyxhdqwlv",
)
_GREEK: Final = (
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυ",
    "ABEZHIKMNOPTYXaikvoptu",
)
_OTHERS: Final = ("ıɑɡօ", "iago")  # noqa: RUF001
_LATIN: Final = {
    ord(odd): plain for odds, plains in (_CYRILLIC, _GREEK, _OTHERS) for odd, plain in zip(odds, plains, strict=True)
}


def in_latin(text: str) -> str:
    r"""The text with every look-alike replaced by the Latin letter that is seen.

    >>> in_latin("S\u0422\u041eP")
    'STOP'
    """
    return text.translate(_LATIN)
