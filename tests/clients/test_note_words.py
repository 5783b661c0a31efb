"""Is every note understood that matters, and every other left alone? The table is tests/clients/notes.tsv."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from clients.operations.note_words import is_complaint, may_want_fewer, wants_no_messages

TABLE = Path(__file__).with_name("notes.tsv")
NOTES_A_WEBHOOK_MAY_HAVE = 100_000
"""Characters."""


def rows() -> list[tuple[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["note"], row["says"]) for row in table]


def understood(text: str) -> str:
    if wants_no_messages(text):
        return "no messages"
    if may_want_fewer(text):
        return "perhaps fewer"
    return "unhappy" if is_complaint(text) else "nothing"


def test_the_table_has_enough_of_everything() -> None:
    notes = rows()
    assert len({note for note, _ in notes}) == len(notes)
    counted = Counter(says for _, says in notes)
    assert counted.keys() == {"no messages", "perhaps fewer", "unhappy", "nothing"}
    assert min(counted.values()) >= 15
    assert counted["no messages"] >= 100
    assert counted["nothing"] >= 100


@pytest.mark.parametrize("changed", [str, str.upper, lambda text: f"  {text}\n", lambda text: f"Seen at 3 pm. {text}"])
def test_every_note_of_the_table_is_understood(changed: Callable[[str], str]) -> None:
    notes = [(changed(note), says) for note, says in rows()]
    wrong = [f"{note!r}: {understood(note)}, not {says}" for note, says in notes if understood(note) != says]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("text", ["", " \n", "?!", "a" * 5_000])
def test_what_says_nothing_is_nothing(text: str) -> None:
    assert understood(text) == "nothing"


@pytest.mark.parametrize("text", ["do not text her before noon ", "opted out ", "denies do not text, ", "no texts, "])
def test_reading_a_long_note_takes_time_by_its_length(text: str) -> None:
    """A webhook may bring 100,000 characters: eight times as long may not take a hundred times."""

    def cost(length: int) -> float:
        note = text * (length // len(text))
        began = process_time()
        understood(note)
        return process_time() - began

    short = min(cost(NOTES_A_WEBHOOK_MAY_HAVE // 8) for _ in range(3))
    assert cost(NOTES_A_WEBHOOK_MAY_HAVE) < max(100 * short, 1)
