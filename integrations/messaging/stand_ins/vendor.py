"""What have all three stand-ins in common? Faults before and after their answer, callbacks, a log, a clock."""

import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import ClassVar

from integrations.messaging.stand_ins.callbacks import Callbacks
from integrations.messaging.stand_ins.exchange import Json, Request, Response
from integrations.messaging.stand_ins.faults import Fault, Faults, suffer
from integrations.messaging.stand_ins.records import Kept, Records

Now = Callable[[], datetime]


class Vendor(ABC):
    """One vendor: `faults` and `callbacks` to program, `accepted` to inspect."""

    name: ClassVar[str]

    def __init__(self, records: Records, now: Now) -> None:
        self.records = records
        self.now = now
        self.lock = threading.RLock()
        self.faults = Faults()
        self.callbacks = Callbacks()
        self._ended = threading.Event()
        self.reset()

    @property
    def accepted(self) -> list[Kept]:
        """What was accepted since the start or the last reset, in order."""
        return self.records.all(self.name)

    @property
    def received(self) -> list[Kept]:
        """What clients wrote back."""
        return self.records.all(self.name, "inbound")

    def start(self) -> None:
        """Call back from now on."""
        self._ended.clear()
        self.callbacks.start()

    def stop(self) -> None:
        """Wake up slow answers, and end the callbacks."""
        self._ended.set()
        self.callbacks.stop()

    def forget(self) -> None:
        """Begin anew: accounts, faults, plans and suppressions as at the start."""
        self.faults.clear()
        self.callbacks.clear()
        self.reset()

    def answer(self, request: Request) -> Response:
        """Answer a request, with what goes wrong with it."""
        fault = self.faults.next("send" if self.is_sending(request) else "read")
        response = suffer(fault, lambda: self.carry_out(request), self.fail, self._ended.wait)
        self.records.exchanges.append((self.name, request, response))
        return response

    @abstractmethod
    def reset(self) -> None:
        """Accounts and state as at the start."""

    @abstractmethod
    def is_sending(self, request: Request) -> bool:
        """Whether it hands a message over."""

    @abstractmethod
    def carry_out(self, request: Request) -> Response:
        """Answer as the vendor does when nothing goes wrong."""

    @abstractmethod
    def fail(self, fault: Fault) -> Response:
        """The vendor's own words for 429 and 500."""

    @abstractmethod
    def write_back(self, address: str, to: str, text: str, subject: str = "") -> Kept:
        """A client writes to one of our numbers or addresses.

        Raises:
            ValueError: nobody here answers to `to`.
        """

    @abstractmethod
    def change(self, told: Json) -> None:
        """Change or add an account.

        Raises:
            ValueError: a field that is none.
        """

    @abstractmethod
    def shown(self) -> list[tuple[str, str]]:
        """What to type into medspa: names and values."""

    @abstractmethod
    def calls(self, name: str) -> str:
        """Where the first account's callbacks of that name go; empty: nowhere."""

    @abstractmethod
    def habits(self) -> list[tuple[str, str]]:
        """Addresses with a fate, for trying things: the address, and what becomes of messages to it."""


class Rate:
    """At most so many requests in so many seconds; None: no limit."""

    def __init__(self, most: float | None, seconds: float) -> None:
        self.most = None if most is None else int(most)
        self.seconds = seconds
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one; False: there is none left."""
        if self.most is None:
            return True
        with self._lock:
            self._forget_old()
            if len(self._taken) >= self.most:
                return False
            self._taken.append(monotonic())
            return True

    def left(self) -> int:
        """How many may still be taken now."""
        with self._lock:
            self._forget_old()
            return max(0, (self.most or 0) - len(self._taken))

    def wait(self) -> float:
        """Seconds until one may be taken."""
        with self._lock:
            self._forget_old()
            if self.most is None or len(self._taken) < self.most:
                return 0.0
            return max(0.0, self._taken[0] + self.seconds - monotonic())

    def _forget_old(self) -> None:
        while self._taken and self._taken[0] <= monotonic() - self.seconds:
            self._taken.popleft()
