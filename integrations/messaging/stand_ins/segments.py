"""How many segments does a carrier make of a text? Counted here on its own, not with medspa's code (messaging.md 6)."""

from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
"""Sent as an escape and a character: two places, which stay together."""
GSM_ALONE, GSM_EACH = 160, 153
UCS_ALONE, UCS_EACH = 70, 67


def segments_of(text: str) -> int:
    """The number of segments.

    >>> segments_of("a" * 160), segments_of("a" * 161), segments_of("’" + "a" * 70)
    (1, 2, 2)
    """
    if all(character in BASIC or character in EXTENDED for character in text):
        widths = [2 if character in EXTENDED else 1 for character in text]
        return _packed(widths, GSM_ALONE, GSM_EACH)
    return _packed([2 if ord(character) > 0xFFFF else 1 for character in text], UCS_ALONE, UCS_EACH)


def _packed(widths: list[int], alone: int, each: int) -> int:
    if sum(widths) <= alone:
        return 1
    segments, room = 1, each
    for width in widths:
        if width > room:
            segments, room = segments + 1, each
        room -= width
    return segments
