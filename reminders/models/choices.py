"""How do the engine's words become a column's choices?"""

from enum import StrEnum


def choices_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return a StrEnum as Django choices: value and readable value."""
    return [(word.value, word.value.replace("_", " ").capitalize()) for word in words]
