"""When do vendors call back, in which order, and how often? Best effort: late, twice, out of order, never."""

import heapq
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from random import Random
from time import monotonic

from integrations.messaging.stand_ins.calling import Answered, Call, Telephone
from integrations.messaging.stand_ins.exchange import Json

THREADS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
MOST_MADE = 4_000
CHANCES = ("duplicate", "drop", "reorder")

Step = Callable[[], Call | None]
"""Brings about what the vendor then tells, and returns the call that tells it; None: nobody is told."""


class Callbacks:
    """A vendor's callbacks, made by threads of its own. Without a plan each is made once, at once, in order."""

    def __init__(self, seed: int = 0) -> None:
        self._changed = threading.Condition()
        self._numbers = count()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._running = 0
        self._ended = False
        self._threads: list[threading.Thread] = []
        self._telephone = Telephone()
        self._holding = False
        self.held: list[Call] = []
        """Calls that were ready while callbacks were held."""
        self.made: deque[Call] = deque(maxlen=MOST_MADE)
        """The latest calls, each with all its answers."""
        self.plan(seed=seed)

    def plan(
        self,
        *,
        duplicate: float = 0,
        drop: float = 0,
        reorder: float = 0,
        delay: tuple[float, float] = (0, 0),
        seed: int = 0,
    ) -> None:
        """From now on: chances to be made twice, never, or up to a second too late; seconds between the steps.

        Raises:
            ValueError: a chance or a delay that is none.
        """
        chances = {"duplicate": duplicate, "drop": drop, "reorder": reorder}
        if any(not 0 <= chance <= 1 for chance in chances.values()):
            raise ValueError("Chances lie between 0 and 1.")
        least, most = delay
        if not 0 <= least <= most:
            raise ValueError("A delay is two numbers of seconds, the smaller one first.")
        with self._changed:
            self._chances, self._delay = chances, (least, most)
            self._random = Random(seed)  # noqa: S311 - a plan that can be had again is the point

    def plan_from(self, told: Json) -> None:
        """The same from JSON, with `hold`.

        Raises:
            ValueError: it is no plan.
        """
        try:
            first, last = told.get("delay", (0, 0))
            duplicate, drop, reorder = (float(told.get(name, 0)) for name in CHANCES)
            delay, seed = (float(first), float(last)), int(told.get("seed", 0))
            self.plan(duplicate=duplicate, drop=drop, reorder=reorder, delay=delay, seed=seed)
        except TypeError as error:
            raise ValueError(f"That is no plan for callbacks: {error}.") from error
        self.hold() if told.get("hold") else self.release()

    def told(self) -> Json:
        """What is planned, for people."""
        with self._changed:
            return {**self._chances, "delay": list(self._delay), "hold": self._holding, "waiting": len(self._waiting)}

    def start(self) -> None:
        """Make calls from now on."""
        self._ended, self._telephone = False, Telephone()
        self._threads = [threading.Thread(target=self._work, name="stand-in callbacks") for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Forget what waits, hang up, and join the threads."""
        with self._changed:
            self._ended = True
            self._waiting.clear()
            self._changed.notify_all()
        self._telephone.hang_up()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def clear(self) -> None:
        """Forget what waits, what is held and what was made, and the plan."""
        with self._changed:
            self._waiting.clear()
            self._holding = False
            self.held.clear()
            self.made.clear()
            self._changed.notify_all()
        self.plan()

    def hold(self) -> None:
        """Keep calls from now on, in `held`, instead of making them."""
        self._holding = True

    def release(self) -> None:
        """Make the held calls, in their order, and those to come."""
        with self._changed:
            self._holding = False
            held, self.held[:] = list(self.held), []
        self.steps([partial(_as_it_is, call) for call in held])

    def steps(self, steps: Sequence[Step], after: float = 0) -> None:
        """Take these steps one after the other, the first after so many seconds."""
        if steps:
            self._later(after + self._pause(), lambda: self._take(steps))

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is left to do; False: after so many seconds there still was."""
        with self._changed:
            return self._changed.wait_for(lambda: self._ended or not (self._waiting or self._running), seconds)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Make a request of another kind, now: what a mailbox does with one-click unsubscribe."""
        return self._telephone.ask(method, url, headers, body)

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        with self._changed:
            if not self._ended:
                heapq.heappush(self._waiting, (monotonic() + seconds, next(self._numbers), work))
                self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._ended and (not self._waiting or self._waiting[0][0] > monotonic()):
                    self._changed.wait(self._waiting[0][0] - monotonic() if self._waiting else None)
                if self._ended:
                    return
                work = heapq.heappop(self._waiting)[2]
                self._running += 1
            try:
                work()
            finally:
                with self._changed:
                    self._running -= 1
                    self._changed.notify_all()

    def _take(self, steps: Sequence[Step]) -> None:
        call = steps[0]()
        if call is not None:
            self._tell(call)
        self.steps(steps[1:])

    def _pause(self) -> float:
        with self._changed:
            return self._random.uniform(*self._delay)

    def _falls(self, what: str) -> bool:
        with self._changed:
            return self._random.random() < self._chances[what]

    def _tell(self, call: Call) -> None:
        if self._holding:
            self.held.append(call)
            return
        if self._falls("drop"):
            return
        for _ in range(2 if self._falls("duplicate") else 1):
            if self._falls("reorder"):
                with self._changed:
                    late = self._random.uniform(0, 1)
                self._later(late, lambda: self._make(call))
            else:
                self._make(call)

    def _make(self, call: Call, tried: int = 1) -> None:
        answered = self._telephone.call(call)
        if tried == 1:
            self.made.append(call)
        if tried < call.tries and call.again(answered):
            pause = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
            self._later(pause, lambda: self._make(call, tried + 1))
        else:
            call.heard(answered)


def _as_it_is(call: Call) -> Call:
    return call
