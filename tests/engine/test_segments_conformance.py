"""Are segments those that carriers make? Encoded to the octet by the standards, and compared. (messaging.md 6)

Written from 3GPP TS 23.038 (6.2.1: the two tables by code; 6.1.2.1.1: packing of septets) and TS 23.040 (9.2.3.24:
header of concatenated messages; 140 octets of user data), without the code it judges.
"""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminders.engine.segments import Encoding, encoding_of, measure, normalize, split

ESCAPE = 0x1B
# TS 23.038, 6.2.1.1, column by column: the character of code 0x00, 0x01 … 0x7F; 0x1B is the escape.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå" "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ" " !\"#¤%&'()*+,-./" "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO" "PQRSTUVWXYZÄÖÑÜ§" "¿abcdefghijklmno" "pqrstuvwxyzäöñüà"
)  # fmt: skip
# TS 23.038, 6.2.1.1, extension table: code after the escape.
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
CODE = {character: bytes([code]) for code, character in enumerate(BASIC) if code != ESCAPE}
CODE |= {character: bytes([ESCAPE, code]) for code, character in EXTENSION.items()}
USER_DATA_OCTETS = 140
HEADER_OCTETS = 6  # length, element 0x00, its length, reference, parts, number


def septets(text: str) -> bytes | None:
    """The text in the 7-bit alphabet, an octet a septet; None if a character is not in it."""
    codes = [CODE.get(character) for character in text]
    return None if None in codes else b"".join(code for code in codes if code)


def packed_octets(count: int, *, after_header: bool) -> int:
    """How many octets so many septets fill, counted bit by bit; after a header they begin at a septet's border."""
    bits = HEADER_OCTETS * 8 if after_header else 0
    bits += -bits % 7
    return -(-(bits + count * 7) // 8)


def parts(text: str) -> list[str]:
    """The text cut as a phone's or a carrier's encoder cuts it: into as much as still fits, character by character."""
    in_septets = septets(text) is not None

    def fits(part: str, *, after_header: bool) -> bool:
        if in_septets:
            return packed_octets(len(septets(part) or b""), after_header=after_header) <= USER_DATA_OCTETS
        return len(part.encode("utf-16-be")) + after_header * HEADER_OCTETS <= USER_DATA_OCTETS

    if fits(text, after_header=False):
        return [text]
    found = [""]
    for character in text:
        if fits(found[-1] + character, after_header=True):
            found[-1] += character
        else:
            found.append(character)
    return found


EDGES = st.sampled_from(
    [0, 1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307, 458, 459]
)
PLAIN = st.sampled_from("abcXYZ 019.,@$éÜñà\n")
EXTENDED = st.sampled_from("^{}\\[~]|€\f")
WIDE = st.sampled_from("áíóúç’“”–…Łع漢")
PAIRS = st.sampled_from("😀💉🇺🇸👩🏽🀄")


@st.composite
def at_the_edges(draw: st.DrawFn) -> str:
    """Texts that are nearly full segments, with what takes two units just there."""
    alphabet = draw(st.sampled_from([EXTENDED, PAIRS, st.one_of(EXTENDED, PAIRS), WIDE, PLAIN]))
    text = draw(PLAIN) * draw(EDGES)
    for _ in range(draw(st.integers(0, 4))):
        text += "".join(draw(st.lists(alphabet, max_size=3))) + "a" * draw(EDGES)
    return text


ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400)
OF_GSM = st.text(alphabet=st.sampled_from(list(CODE)), max_size=700)
TYPOGRAPHIC = st.text(
    alphabet=st.sampled_from(
        "ae 漢áé€…\u0301\u0308\u0327\u200b\u00ad\u2019\u201c\u2013\u00a0\u2009\u0958\ufb2a\u2126\u212b"
        "\u1fef\u1100\u1161"
    ),
    max_size=160,
)


@given(st.one_of(at_the_edges(), ANYTHING, OF_GSM))
@example("a" * 152 + "€" + "a" * 153)
@example("á" * 66 + "😀" * 40)
@example("€" * 77)
def test_segments_are_those_of_the_standard(text: str) -> None:
    assert split(text) == parts(text)
    length = measure(text)
    encoded = septets(text)
    assert length.segments == len(parts(text))
    assert length.encoding == (Encoding.UCS_2 if encoded is None else Encoding.GSM_7)
    assert length.units == (len(encoded) if encoded is not None else len(text.encode("utf-16-be")) // 2)


@given(st.one_of(at_the_edges(), OF_GSM))
def test_no_pair_is_ever_torn(text: str) -> None:
    for part in split(text):
        if encoding_of(text) is Encoding.GSM_7:
            assert (septets(part) or b"\0")[-1] != ESCAPE
        else:
            units = part.encode("utf-16-be")
            assert not 0xD8 <= (units[-2] if units else 0) <= 0xDB
            assert not 0xDC <= (units[0] if units else 0) <= 0xDF


# What one septet more or less means, read off the standard: 160 fill 140 octets, 153 what a header leaves of them.
@pytest.mark.parametrize(
    ("count", "after_header", "octets"), [(160, False, 140), (161, False, 141), (153, True, 140), (154, True, 141)]
)
def test_the_bits_are_counted_right(count: int, after_header: bool, octets: int) -> None:
    assert packed_octets(count, after_header=after_header) == octets


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        # Twilio, "What the Heck is a Segment?" and "SMS character limit" (messaging.md 6).
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 459, 3), ("a" * 460, 4),
        ("a" * 69 + "😀", 2), ("a" * 68 + "😀", 1), ("ü" * 160, 1), ("ç" * 71, 2), ("ç" * 134, 2), ("ç" * 135, 3),
        # 200 characters and a curly quote: three segments instead of two.
        ("a" * 200, 2), ("a" * 199 + "\u2019", 3),
        ("[" * 80, 1), ("[" * 81, 2), ("a" * 1600, 11), ("a" * 1599 + "é", 11), ("a" * 1599 + "á", 24),
    ],
)  # fmt: skip
def test_documented_lengths_are_counted_as_documented(text: str, segments: int) -> None:
    assert measure(text).segments == len(parts(text)) == segments


@pytest.mark.parametrize("character", "éèùìòÇØÅÄÖÑÜ§¿äöñüà")
def test_these_letters_of_names_cost_nothing_more(character: str) -> None:
    assert encoding_of(f"Ren{character}e") is Encoding.GSM_7


@given(st.one_of(at_the_edges(), ANYTHING, TYPOGRAPHIC))
@example("It\u2019s \u201ctime\u201d \u2013 see you\u2026")
@example("Siobha\u0301n O\u2019Connell")
@example("a" * 305 + "\u2026")
@example("á" * 68 + "\u2026")  # three dots would need a second segment
@example("\ufb2a" * 70)  # composed it is two characters
@example("e\u200b\u0301")  # what is seen of it composes only once the invisible is gone
@example("\u1fef\u1ffd `\u00b4\t\r\n\u2028")
def test_normalizing_is_done_once_keeps_every_letter_and_costs_no_segment(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert letters(once) == letters(text)
    assert measure(once).segments <= measure(text).segments


def letters(text: str) -> list[str]:
    """Letters and figures without what is written on them. U+02BC is called a letter and is an apostrophe."""
    return [each for each in unicodedata.normalize("NFD", text) if each.isalnum() and each != "\u02bc"]


@pytest.mark.parametrize("count", [0, 30, 66, 67, 70, 134, 151, 158, 305, 306])
def test_an_ellipsis_becomes_dots_where_that_saves_the_whole_text_its_second_alphabet(count: int) -> None:
    text = "a" * count + "\u2026"
    assert normalize(text) == "a" * count + "..."
    assert measure(normalize(text)).encoding is Encoding.GSM_7
