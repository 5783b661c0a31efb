"""Is every wish for silence understood as one, and nothing else? The table is tests/clients/revocations.tsv."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.operations.stop_words import Intent, Reading, intent_of, reading_of
from clients.operations.typed_words import typed_part

TABLE = Path(__file__).with_name("revocations.tsv")
LAW = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
CARRIERS = ("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL")


def rows() -> list[tuple[str, str, Intent]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["phrase"].replace("\\n", "\n"), row["language"], Intent(row["expected"])) for row in table]


def misses(changed: Callable[[str], str] = str, among: Callable[[str], bool] = lambda phrase: True) -> list[str]:
    """What the rules say otherwise than the table, with every phrase changed in one way."""
    found = [(changed(phrase), expected) for phrase, _, expected in rows() if among(phrase)]
    return [
        f"{phrase!r}: {got}, not {expected}" for phrase, expected in found if (got := intent_of(phrase)) is not expected
    ]


def test_the_whole_table_is_understood() -> None:
    """OPT-1; issue 4 asks for 200 phrases that are and are not revocations."""
    assert misses() == []


def test_the_table_is_large_and_of_both_languages() -> None:
    table = rows()
    by_intent = Counter(expected for _, _, expected in table)
    by_language = Counter(language for _, language, _ in table)
    assert len({phrase for phrase, _, _ in table}) == len(table) >= 200
    assert by_intent[Intent.STOP] >= 200
    assert by_intent[Intent.NONE] >= 200
    assert min(by_intent.values()) >= 20
    assert by_language["es"] >= 100


@pytest.mark.parametrize("word", LAW + CARRIERS)
def test_a_word_of_the_law_alone_stops_and_needs_nobody_unless_it_may_mean_a_visit(word: str) -> None:
    """47 CFR 64.1200(a)(10); messaging.md 1.9."""
    for said in (word, f" {word}. ", f"{word} please", f"Hi, {word}, thank you!", f"{word} 🙏"):
        reading = reading_of(said)
        assert (reading.intent, reading.is_whole) == (Intent.STOP, True), said
        assert reading.is_settled is (word.lower() != "cancel")


@pytest.mark.parametrize(
    ("said", "is_settled"),
    [
        ("stop", True),
        ("STOP stop Stop", True),
        ("unsubcribe pls", True),
        ("baja por favor", True),
        ("cancelar", False),
        ("please stop texting me", False),
        ("Stop. I moved to Ohio.", False),
        ("START", True),
        ("Start. Can I come Tuesday?", False),
        ("who is this", True),
        ("Who is this? What does Botox cost?", False),
        ("wrong number", False),
        ("See you Tuesday", False),
    ],
)
def test_only_what_leaves_nothing_to_read_is_settled(said: str, *, is_settled: bool) -> None:
    assert reading_of(said).is_settled is is_settled


@pytest.mark.parametrize("said", ["Yes", " YES. ", "yes!"])
def test_a_bare_yes_is_told_apart(said: str) -> None:
    assert reading_of(said) == Reading(Intent.NONE, is_yes=True)
    assert not reading_of(f"{said} Tuesday").is_yes


@pytest.mark.parametrize("said", ["yes please", "Yes thanks", "Y", "Sí", "yep!", "ya", "claro"])
def test_no_other_yes_brings_anybody_back(said: str) -> None:
    """It may answer the confirmation of the stop itself; carriers know the one word (messaging.md 1.9)."""
    assert reading_of(said) == Reading(Intent.NONE)


@pytest.mark.parametrize(
    "changed",
    [
        str.upper,
        str.lower,
        str.swapcase,
        lambda phrase: f"  {phrase}\t ",
        lambda phrase: phrase.replace(" ", "  "),
        lambda phrase: f"{phrase} 🙏",
        lambda phrase: f"{phrase}!!!",
        lambda phrase: f"{phrase} ...",
        lambda phrase: phrase.replace("'", "’"),
        "\u200b".join,
        lambda phrase: f"\ufeff{phrase}\u200d",
    ],
    ids=["upper", "lower", "swapped", "padded", "spaced", "emoji", "loud", "trailing", "curly", "zero-width", "marks"],
)
def test_how_it_is_typed_does_not_change_what_it_means(changed: Callable[[str], str]) -> None:
    assert misses(changed, lambda phrase: "  " not in phrase) == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda phrase: "".join(chr(ord(each) + 0xFEE0) if "a" <= each.lower() <= "z" else each for each in phrase),
        lambda phrase: phrase.translate(str.maketrans("aeiou", "áéíóú")),
        lambda phrase: phrase.translate(str.maketrans("áéíóúüñ", "aeiouun")),
    ],
    ids=["full width", "accents", "no accents"],
)
def test_letters_of_another_make_are_the_same_letters(changed: Callable[[str], str]) -> None:
    def is_short(phrase: str) -> bool:
        return not any(mark in phrase for mark in ("\n", "“", '"', "wrote:"))

    assert misses(changed, is_short) == []


@pytest.mark.parametrize("said", ["\u0405\u0422\u041e\u0420", "ST\u039fP", "\u0455top", "unsubs\u0441r\u0456b\u0435"])
def test_letters_that_only_look_latin_are_read_as_what_is_seen(said: str) -> None:
    """Unicode, confusables.txt."""
    assert reading_of(said).is_settled


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Liked “hi”\nSTOP", "STOP"),
        ("Loved “hi”", ""),
        ("Loved “hi, it is time. Reply STOP", ""),
        ('Loved "Hi, Glow is open." thanks', "thanks"),
        ("On Friday you wrote: see you. STOP", "On Friday you wrote: see you. STOP"),
        ("Sent from my iPhone\n\nOn Friday you wrote:\n> Hi\n\nSTOP", "STOP"),
        ("Sent from my iPhone\n\nOn Friday you wrote:\n> Hi", ""),
        ("Loved „your staff“ but STOP", "but STOP"),
        ("Liked “Your “VIP” offer. Reply STOP”", ""),
        ("Liked “Your “VIP” offer. Reply STOP” thanks", "thanks"),
        ('Liked "Ask about "VIP". Reply STOP"', ""),
        ("Hi\nOn Mon, Nov 2, 2026 at 3:00 PM Glow <a@b.example> wrote: > Reply STOP", "Hi"),
        ("Hi. On Mon, Nov 2, Glow <a@b.example> wrote: Reply STOP", "Hi."),
        ("Hola\nEl lun, 2 nov 2026, Glow escribió: Responda ALTO", "Hola"),
        ('I replied to your "Reply STOP to opt out of these texts"', "I replied to your"),
        ('I told you to "stop sending me these texts"', 'I told you to "stop sending me these texts"'),
        ('I told you: "please stop sending me these"', 'I told you: "please stop sending me these"'),
    ],
)
def test_only_what_somebody_else_wrote_is_left_out(said: str, typed: str) -> None:
    assert typed_part(said).strip() == typed


@pytest.mark.parametrize(
    "said",
    ["> STOP", "Sent from my iPhone", "Sent from my iPhone\nSTOP", "-- \nUnsubscribe", "From: Ann\nTo: you\nSTOP"],
)
def test_what_is_left_out_to_the_last_letter_is_for_a_person(said: str) -> None:
    assert intent_of(said) is Intent.UNSURE


def test_what_an_answer_quotes_was_said_by_us() -> None:
    ours = "Hi, it's Lakeview. Unsubscribe: https://example.com/u/x/ Reply STOP to opt out"
    quoted = "\n".join(f"> {line}" for line in ours.split("."))
    for mail in (
        f"See you then\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lakeview <a@b.example> wrote:\n{quoted}",
        f"See you then\n\nEl mar, 24 nov 2026 a las 9:12, Lakeview (<a@b.example>) escribió:\n{quoted}",
        f"See you then\n\n----- Original Message -----\n{ours}",
        f"See you then\n\nFrom: Lakeview <a@b.example>\nSent: Tuesday\nTo: Ann\n\n{ours}",
        f"On Tue, Nov 24, 2026 at 9:12 AM Lakeview <a@b.example> wrote:\n{quoted}\n\nSee you then",
    ):
        assert typed_part(mail).strip() == "See you then"
        assert intent_of(mail) is Intent.NONE
        assert intent_of(mail.replace("See you then", "Take me off your list")) is Intent.STOP


@given(st.text(max_size=300))
def test_reading_ends_for_whatever_is_typed(text: str) -> None:
    reading_of(text)


def phrases_that(are: Callable[[Intent], bool]) -> list[str]:
    """Phrases of the table without line ends and quotation marks, behind which what is added would be left out."""
    return [phrase for phrase, _, expected in rows() if are(expected) and not set('\n"“') & set(phrase)]


DENIALS = (
    "do not",
    "don't",
    "please don't",
    "never",
    "I didn't",
    "I never said",
    "no",
    "I can't",
    "if I",
    "if you",
    "how did I",
    "who said",
    "why",
    "when did I",
    "stop",
    "refuse to",
    "no quiero",
    "nunca",
    "por favor no",
    "quién dijo",
)


@given(st.sampled_from(DENIALS), st.sampled_from(phrases_that(lambda intent: intent is Intent.START)))
def test_a_start_that_is_denied_or_asked_about_is_none(denial: str, phrase: str) -> None:
    """It would end an opt-out and be kept as a consent (OPT-1, SEQ-12)."""
    for said in (f"{denial} {phrase}", f"{denial}, {phrase}", f"{denial.capitalize()}. {phrase}"):
        assert intent_of(said) is not Intent.START, said


@given(
    st.sampled_from(phrases_that(lambda intent: intent in {Intent.STOP, Intent.UNSURE})),
    st.sampled_from(phrases_that(lambda intent: intent is Intent.START)),
)
def test_a_start_beside_what_may_be_a_stop_is_none(phrase: str, start: str) -> None:
    for said in (f"{phrase} {start}", f"{phrase}, {start}", f"{phrase}. {start}", f"{start}. {phrase}"):
        assert intent_of(said) is not Intent.START, said


@given(st.sampled_from(phrases_that(lambda intent: intent is not Intent.START)))
def test_do_not_makes_a_start_of_nothing(phrase: str) -> None:
    assert intent_of(f"do not {phrase}") is not Intent.START


@given(st.sampled_from([phrase for phrase, _, expected in rows() if expected is Intent.STOP and "\n" not in phrase]))
def test_a_stop_stays_heeded_beside_a_polite_word(phrase: str) -> None:
    assert intent_of(f"Hi, {phrase}") in {Intent.STOP, Intent.UNSURE}
    assert intent_of(f"{phrase}, thank you") in {Intent.STOP, Intent.UNSURE}


@pytest.mark.parametrize(
    "piece",
    [
        "stop the ",
        "no ",
        "i want you to ",
        "a" * 50 + " ",
        "> stop\n",
        "s t ",
        "“",
        ",",
        "_",
        "do not ",
        "no quiero ",
        'Liked "a ',
        "Liked “a “",
        "On 2026 <a@b.c> ",
        "on 3:00 2026\n",
        "el <a@b.c> on ",
        "start ",
    ],
)
def test_a_very_long_answer_is_read_too(piece: str) -> None:
    assert intent_of(piece * 20_000) in Intent
