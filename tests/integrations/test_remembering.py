"""Is what was just read known for a moment, and no longer, and never without end?"""

import pytest

from integrations.queries.remembering import MOST_REMEMBERED, REMEMBERED_SECONDS, Remembered


class Reading:
    """What is read, and how often it was."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, key: str) -> str | None:
        self.asked.append(key)
        if key == "unknown":
            raise LookupError(key)
        return key.upper() if key.startswith("known") else None


@pytest.fixture
def reading() -> Reading:
    return Reading()


def test_it_is_read_once_for_five_seconds(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 100.0
    monkeypatch.setattr("integrations.queries.remembering.monotonic", lambda: moment)
    remembered = Remembered(reading)
    for _ in range(3):
        assert (remembered.of("known"), remembered.of("nobody")) == ("KNOWN", None)
    assert reading.asked == ["known", "nobody"]
    moment += REMEMBERED_SECONDS
    assert remembered.of("known") == "KNOWN"
    remembered.forget()
    assert remembered.of("known") == "KNOWN"
    assert reading.asked == ["known", "nobody", "known", "known"]


def test_what_could_not_be_read_is_asked_for_again(reading: Reading) -> None:
    remembered = Remembered(reading)
    for _ in range(2):
        with pytest.raises(LookupError):
            remembered.of("unknown")
    assert reading.asked == ["unknown"] * 2


def test_made_up_names_do_not_fill_the_memory(reading: Reading) -> None:
    remembered = Remembered(reading)
    for number in range(MOST_REMEMBERED * 2 + 1):
        remembered.of(str(number))
        assert len(remembered._known) <= MOST_REMEMBERED
