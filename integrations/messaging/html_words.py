"""What does an email's HTML say to whoever reads it, and which of it does it quote? (CHN-4)

A stranger chooses its length and its marks, so it is read in one pass: each expression below goes on to the end of the
text rather than give up and look again from the next character, as browsers do too (HTML Standard 13.2.5).
"""

import re
from html import unescape
from typing import Final

_UNSEEN: Final = frozenset({"blockquote", "head"})
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})

_PIECE: Final = re.compile(
    r"""
    <!--(?:.*?--!?>|.*)                                            # a remark
    | <(?P<raw>script|style|title)\b(?:.*?</(?P=raw)\b[^>]*>?|.*)  # what a browser does not read as marks
    | <[!?][^>]*>?                                                 # a declaration
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?:"[^"]*"?|'[^']*'?|[^"'>])*+>?
    | (?P<words>[^<]+|<)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def words_of_html(html: str) -> str:
    r"""Return what an HTML message says, line by line, without what it quotes in a blockquote.

    >>> words_of_html("<p>Yes &amp; no</p>See you<blockquote>Reply STOP to stop</blockquote>")
    'Yes & no\nSee you'
    """
    words: list[str] = []
    unseen = _Unseen()
    for piece in _PIECE.finditer(html):
        if (said := piece["words"]) is not None:
            if not unseen.is_open:
                words.append(re.sub(r"\s+", " ", unescape(said)))
        elif name := (piece["name"] or "").lower():
            if name in _BREAKS and not (piece["end"] and name == "br"):
                words.append("\n")
            if name in _UNSEEN and piece["end"]:
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
