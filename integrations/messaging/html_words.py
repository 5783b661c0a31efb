"""What does an email's HTML say to whoever reads it, and which of it does it quote? (CHN-4)

A stranger chooses its length and its marks, so it is read in one pass, or in two: each expression below goes on to the
end of the text rather than give up and look again from the next character, as browsers do too (HTML Standard 13.2.5).
"""

import re
from html import unescape
from typing import Final

_UNSEEN: Final = frozenset({"blockquote", "head"})
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})

_PIECES: Final = r"""
    <!--(?:-?>|.*?--!?>|.*)                                        # a remark
    | <(?P<raw>script|style|title)\b(?:.*?</(?P=raw)\b[^>]*>?|.*)  # what a browser does not read as marks
    | <[!?][^>]*>?                                                 # a declaration
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*){attributes}>?
    | (?P<words>[^<]+|<)
"""
_IN_QUOTES: Final = r"""(?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*+"""
"""What a value quotes may hold a >; a quote that opens no value, or that nothing closes, is a letter like any other."""
_TO_THE_END: Final = "[^>]*"


def _pieces(attributes: str) -> re.Pattern[str]:
    return re.compile(_PIECES.replace("{attributes}", attributes), re.IGNORECASE | re.DOTALL | re.VERBOSE)


_READINGS: Final = (_pieces(_IN_QUOTES), _pieces(_TO_THE_END))
"""Where the first finds no word, a quote that was never closed may have met the next one: then the second."""


def words_of_html(html: str) -> str:
    r"""Return what an HTML message says, line by line, without what it quotes in a blockquote.

    >>> words_of_html("<p>Yes &amp; no</p>See you<blockquote>Reply STOP to stop</blockquote>")
    'Yes & no\nSee you'
    """
    return next(filter(None, (_words(html, reading) for reading in _READINGS)), "")


def _words(html: str, reading: re.Pattern[str]) -> str:
    words: list[str] = []
    unseen = _Unseen()
    for piece in reading.finditer(html):
        if (said := piece["words"]) is not None:
            if not unseen.is_open:
                words.append(re.sub(r"\s+", " ", unescape(said)))
        elif name := (piece["name"] or "").lower():
            if name in _BREAKS and not (piece["end"] and name == "br"):
                words.append("\n")
            if name == "body":
                unseen.close("head")  # whose end may be left out
            elif name in _UNSEEN and piece["end"]:
                unseen.close(name)
            elif name in _UNSEEN:
                unseen.open(name)
    return re.sub(r"[ \t\xa0]+", " ", "".join(words)).strip()


class _Unseen:
    """The open elements that nobody sees. One that ends ends those that were opened within it."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._numbers = dict.fromkeys(_UNSEEN, 0)

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    def open(self, name: str) -> None:
        self._open.append(name)
        self._numbers[name] += 1

    def close(self, name: str) -> None:
        if not self._numbers[name]:
            return
        while True:
            ended = self._open.pop()
            self._numbers[ended] -= 1
            if ended == name:
                return
