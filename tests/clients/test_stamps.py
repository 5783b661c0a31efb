"""Does every field end at its newest word, whatever the order and number of the words? (R13)"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from clients.operations.stamps import Stamp, hear

START = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Row:
    SAID: ClassVar[tuple[str, ...]] = ("a", "b", "c")
    a: str = ""
    b: str = ""
    c: bool = False
    reported_at: datetime | None = None
    version: int | None = None
    field_stamps: dict[str, Any] = field(default_factory=dict)


Word = tuple[Stamp, dict[str, Any]]
SAID = st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["", "x", "y", "z"]), max_size=2)
MAYBE_C = st.dictionaries(st.just("c"), st.booleans(), max_size=1)
WORDS = st.builds(
    lambda hours, said, flag: (Stamp(START + timedelta(hours=hours)), {**said, **flag}),
    st.integers(0, 4),
    SAID,
    MAYBE_C,
)
VERSIONED = st.builds(
    lambda hours, version, said: (Stamp(START + timedelta(hours=hours), version), said),
    st.integers(0, 3),
    st.integers(1, 4),
    SAID,
)


def heard(words: list[Word]) -> Row:
    row = Row()
    for stamp, said in words:
        hear(row, said, stamp)
    return row


def rule(words: list[Word], name: str, empty: Any) -> Any:
    """The rule again, in other words: the latest stamp that speaks of the field; of several, the greatest text."""
    speaking = [(stamp.version or 0, stamp.at, str(said[name]), said[name]) for stamp, said in words if name in said]
    return max(speaking, default=(0, START, "", empty))[3]


@given(words=st.lists(WORDS, min_size=1, max_size=6), data=st.data())
def test_each_field_ends_at_its_newest_word(words: list[Word], data: st.DataObject) -> None:
    order = data.draw(st.permutations([*words, *words[:3]]))
    row = heard(order)
    assert (row.a, row.b, row.c) == (rule(words, "a", ""), rule(words, "b", ""), rule(words, "c", False))


@given(words=st.lists(VERSIONED, min_size=1, max_size=6), data=st.data())
def test_versions_go_before_times(words: list[Word], data: st.DataObject) -> None:
    row = heard(data.draw(st.permutations(words)))
    assert (row.a, row.b) == (rule(words, "a", ""), rule(words, "b", ""))


def test_a_repeat_of_an_older_word_changes_nothing() -> None:
    row = heard([(Stamp(START), {"a": "x"}), (Stamp(START + timedelta(hours=1)), {"a": "y", "b": "z"})])
    assert hear(row, {"a": "x"}, Stamp(START)) == set()
    assert hear(row, {"b": "q"}, Stamp(START)) == set()
    assert (row.a, row.b) == ("y", "z")
