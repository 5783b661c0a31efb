"""How does a process know for a moment what it has just read?"""

from collections.abc import Callable
from time import monotonic
from typing import Final, Generic, TypeVar

REMEMBERED_SECONDS: Final = 5.0
MOST_REMEMBERED: Final = 2_000

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """What `read` answered by key, for 5 seconds.

    What it raises is not remembered; of made-up keys that it does answer, no more than MOST_REMEMBERED are.
    """

    def __init__(self, read: Callable[[Key], Value]) -> None:
        self._read = read
        self._known: dict[Key, tuple[float, Value]] = {}

    def of(self, key: Key) -> Value:
        """Return what is remembered, else what is read now; raises what `read` raises."""
        moment = monotonic()
        known = self._known.get(key)
        if known is not None and known[0] > moment:
            return known[1]
        value = self._read(key)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = (moment + REMEMBERED_SECONDS, value)
        return value

    def forget(self) -> None:
        """Will make this process ask again at once."""
        self._known.clear()
