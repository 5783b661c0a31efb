"""Are segments counted as carriers count them?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.engine.segments import Encoding, measure, normalize, split

# 3GPP TS 23.038, 6.2.1: rows of the default alphabet by code, without the escape; then its extension table.
DEFAULT_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
GSM_TEXTS = st.text(alphabet=DEFAULT_ALPHABET + EXTENSION, max_size=700)
ANY_TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300)


def test_the_alphabet_has_its_127_characters_and_ten_more() -> None:
    assert len(set(DEFAULT_ALPHABET)) == 127
    assert len(set(EXTENSION)) == 10
    for character in DEFAULT_ALPHABET:
        assert measure(character).encoding is Encoding.GSM_7
        assert measure(character).units == 1
    for character in EXTENSION:
        assert measure(character).encoding is Encoding.GSM_7
        assert measure(character).units == 2


@pytest.mark.parametrize("character", "áíóúçâêÁÍÓÚ`\u2019“”\u2013—…•\u00a0\u0301😀שع")
def test_every_other_character_makes_the_whole_message_unicode(character: str) -> None:
    assert measure("a" * 100 + character).encoding is Encoding.UCS_2


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        # 153 septets hold 76 extended characters: the 77th does not fit, and is not torn.
        ("€" * 152, 304, 2),
        ("€" * 153, 306, 3),
        ("a" * 152 + "€" + "a" * 10, 164, 2),
        ("a" * 152 + "€" + "a" * 151, 305, 2),
        ("a" * 152 + "€" + "a" * 152, 306, 3),
        ("á" * 70, 70, 1),
        ("á" * 71, 71, 2),
        ("á" * 134, 134, 2),
        ("á" * 135, 135, 3),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("😀" * 66, 132, 2),
        ("😀" * 67, 134, 3),
        ("a" * 66 + "😀" + "a" * 10, 78, 2),
    ],
)
def test_a_length_at_the_edge_is_counted_like_a_carrier_does(text: str, units: int, segments: int) -> None:
    length = measure(text)
    assert (length.units, length.segments) == (units, segments)


def test_the_name_siobhan_with_its_accent_costs_more_segments() -> None:
    # shared/look/client.html shows this message and its length.
    text = (
        "Hi Siobhán, Jordan at Lakeview here. Your September and July visits are both due for a refresh this "
        "month, and one appointment covers both. I have Thu Dec 10 9:30am, Fri Dec 11 2:15pm or Tue Dec 15 "
        "11am: lakeview.example/b/k7q2 Reply STOP to opt out"
    )
    assert (len(text), measure(text).segments) == (249, 4)
    assert measure(text.replace("á", "a")).segments == 2


@given(st.one_of(GSM_TEXTS, ANY_TEXTS))
def test_segments_hold_the_whole_text_and_each_fits(text: str) -> None:
    parts = split(text)
    length = measure(text)
    assert "".join(parts) == text
    assert len(parts) == length.segments
    is_gsm = set(text) <= set(DEFAULT_ALPHABET + EXTENSION)
    assert (length.encoding is Encoding.GSM_7) == is_gsm
    room = (160 if is_gsm else 70) if len(parts) == 1 else (153 if is_gsm else 67)

    def cost(part: str) -> int:
        if is_gsm:
            return sum(2 if character in EXTENSION else 1 for character in part)
        return len(part.encode("utf-16-be")) // 2

    assert all(cost(part) <= room for part in parts)
    # Greedy: no segment has room for the first character of the next.
    assert all(cost(part) + cost(after[0]) > room for part, after in pairwise(parts))


@given(ANY_TEXTS)
def test_normalizing_again_changes_nothing_and_never_costs_more(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    if "\u2026" not in text:  # three dots for one
        assert measure(once).segments <= measure(text).segments


def test_typographic_marks_become_plain_ones_and_names_stay() -> None:
    said = "It\u2019s “time” \u2013 see\u00a0you…\r\nSiobhán O\u2019Connell\u200b, Zoë, Françoise"
    assert normalize(said) == "It's \"time\" - see you...\nSiobhán O'Connell, Zoë, Françoise"
    assert normalize("Siobha\u0301n") == "Siobhán"
    assert normalize("a\x00b\x07c\x85d") == "abcd"
