"""Which words of an email's reply are new, and which are quoted or a signature? (CHN-4)

What we wrote ourselves comes back below each answer, with its "unsubscribe" and "stop": read as the client's words
it would stop everything.
"""

import re
from typing import Final

_INTRODUCTION: Final = re.compile(
    r"(on\b.{4,250}\bwrote|el\b.{4,250}\bescribi[óo]|le\b.{4,250}\ba écrit|am\b.{4,250}\bschrieb.{0,120})\s*:",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    r"-{2,}\s*(original message|mensaje original|forwarded message|reply above this line).*"
    r"|begin forwarded message:|_{10,}",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(r"\*?(from|de|von)\s?:\*?\s.+", re.IGNORECASE)
_HEAD_NEXT: Final = re.compile(r"\*?(sent|to|subject|date|enviado|para|asunto|fecha)\s?:\*?\s.*", re.IGNORECASE)
_DEVICE: Final = re.compile(
    r"(sent from (my|mail|outlook|yahoo|samsung|the)|get outlook for|enviado desde (mi|el)|obtener outlook)\b.{0,60}",
    re.IGNORECASE,
)
_WRAPPED: Final = 3
"""A mail program breaks its introduction over so many lines at most."""


def new_words(text: str) -> str:
    r"""The words that the sender added.

    >>> new_words("STOP\n\nOn Tue, Nov 10, 2026 at 9:00 AM Lakeview <hi@example.com>\nwrote:\n> Reply STOP to stop.\n")
    'STOP'
    >>> new_words("> Does Tuesday suit you?\nYes, it does.\n-- \nAnn")
    'Yes, it does.'
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    last_quoted = max((number for number, line in enumerate(lines) if line.lstrip().startswith(">")), default=-1)
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if lines[at] in {"--", "-- "} or _MARK.fullmatch(line) or _is_head(lines, at):
            break
        if wrapped := _introduced(lines, at):
            at += wrapped
            if at > last_quoted:
                break  # quoted without a sign: all that follows is
            continue
        if not line.startswith(">"):
            kept.append(lines[at])
        at += 1
    while kept and (not kept[-1].strip() or _DEVICE.fullmatch(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _introduced(lines: list[str], at: int) -> int:
    """Over how many lines an introduction of a quotation goes that begins here; 0: none does."""
    for count in range(1, _WRAPPED + 1):
        together = " ".join(line.strip() for line in lines[at : at + count])
        if _INTRODUCTION.fullmatch(together):
            return count
    return 0


def _is_head(lines: list[str], at: int) -> bool:
    """Outlook puts the head of the quoted message above it."""
    if not _HEAD.fullmatch(lines[at].strip()):
        return False
    return any(_HEAD_NEXT.fullmatch(line.strip()) for line in lines[at + 1 : at + 3])
