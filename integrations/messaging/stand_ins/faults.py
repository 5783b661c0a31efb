"""What goes wrong at a vendor, and when? A queue of one-time faults, then chances drawn from a seed."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Literal, Self

from integrations.messaging.stand_ins.exchange import NOTHING, Json, Response

On = Literal["send", "read", "any"]
GARBAGE = b'<html><head><title>502 Bad Gateway</title></head><body>\xff\xfe{"sid": </body></html>'


class Kind(StrEnum):
    """What can go wrong with one request."""

    RATE_LIMITED = "rate_limited"
    """429; nothing is accepted."""
    ERROR_BEFORE = "error_before"
    """500; nothing is accepted."""
    ERROR_AFTER = "error_after"
    """Accepted, then 500."""
    SLOW = "slow"
    """Accepted at once, answered after `seconds`."""
    LATE = "late"
    """Accepted and answered only after `seconds`, whether or not the caller still waits."""
    CUT_BEFORE = "cut_before"
    """The connection is closed; nothing is accepted."""
    CUT_AFTER = "cut_after"
    """Accepted, then the connection is closed without an answer."""
    CUT_MIDWAY = "cut_midway"
    """Accepted, then the connection is closed in the middle of the answer."""
    GARBAGE = "garbage"
    """Accepted, and answered with what is no answer."""


ACCEPTS = frozenset({Kind.ERROR_AFTER, Kind.SLOW, Kind.LATE, Kind.CUT_AFTER, Kind.CUT_MIDWAY, Kind.GARBAGE})
"""The faults under which the message was accepted all the same."""


@dataclass(frozen=True)
class Fault:
    """One request's fate. `retry_after`: seconds said with a 429; None: nothing is said."""

    kind: Kind
    seconds: float = 1.0
    retry_after: float | None = None
    on: On = "send"

    @classmethod
    def of(cls, told: Json) -> Self:
        """From JSON.

        Raises:
            ValueError: it is no fault.
        """
        try:
            after = told.get("retry_after")
            on: On = told.get("on", "send")
            fault = cls(Kind(told["kind"]), float(told.get("seconds", 1)), None if after is None else float(after), on)
        except (KeyError, TypeError) as error:
            raise ValueError(f"A fault needs a kind, one of {', '.join(Kind)}: {error}.") from error
        if fault.on not in ("send", "read", "any"):
            raise ValueError('"on" is send, read or any.')
        return fault


class Faults:
    """A vendor's faults: first the queue in its order, one request each; then by `chances`, sends only."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._queue: deque[Fault] = deque()
        self._chances: dict[Kind, float] = {}
        self._seconds = 1.0
        self._retry_after: float | None = None
        self._random = Random(seed)  # noqa: S311 - a plan that can be had again is the point

    def add(self, kind: Kind | str, *, times: int = 1, seconds: float = 1.0, **more: object) -> None:
        """Queue a fault for the next `times` requests. `more`: `retry_after`, `on`."""
        fault = Fault.of({"kind": kind, "seconds": seconds, **more})
        with self._lock:
            self._queue.extend([fault] * times)

    def chance(
        self, chances: Mapping[str, float], *, seed: int = 0, seconds: float = 1.0, retry_after: float | None = None
    ) -> None:
        """From now on let each send fail in these ways with these chances, drawn from the seed.

        Raises:
            ValueError: an unknown kind, or chances that are no chances.
        """
        wanted = {Kind(kind): float(chance) for kind, chance in chances.items()}
        if min(wanted.values(), default=0) < 0 or sum(wanted.values()) > 1:
            raise ValueError("Chances lie between 0 and 1, and so does their sum.")
        with self._lock:
            self._chances, self._seconds, self._retry_after = wanted, seconds, retry_after
            self._random = Random(seed)  # noqa: S311

    def clear(self) -> None:
        """Nothing goes wrong from now on."""
        with self._lock:
            self._queue.clear()
            self._chances = {}

    def next(self, on: On) -> Fault | None:
        """The fate of this request; None: nothing goes wrong."""
        with self._lock:
            for place, fault in enumerate(self._queue):
                if fault.on in (on, "any"):
                    del self._queue[place]
                    return fault
            if on != "send" or not self._chances:
                return None
            drawn = self._random.random()
            for kind, chance in self._chances.items():
                drawn -= chance
                if drawn < 0:
                    return Fault(kind, self._seconds, self._retry_after)
            return None

    def told(self) -> Json:
        """What is planned, for people."""
        with self._lock:
            return {"queue": [fault.kind for fault in self._queue], "chances": dict(self._chances)}


def suffer(
    fault: Fault | None,
    carry_out: Callable[[], Response],
    refuse: Callable[[Fault], Response],
    wait: Callable[[float], bool],
) -> Response:
    """Carry a request out under a fault.

    `refuse`: the vendor's own answer to RATE_LIMITED and ERROR_*. `wait`: sleeps; true when all ends before that.
    What the vendor would have refused anyway is refused as ever.
    """
    if fault is None:
        return carry_out()
    if fault.kind is Kind.CUT_BEFORE:
        return NOTHING
    if fault.kind not in ACCEPTS:
        return refuse(fault)
    if fault.kind is Kind.LATE and wait(fault.seconds):
        return NOTHING
    response = carry_out()
    if fault.kind is Kind.SLOW and wait(fault.seconds):
        return NOTHING
    if not response.is_taken or fault.kind in (Kind.SLOW, Kind.LATE):
        return response
    if fault.kind is Kind.ERROR_AFTER:
        return refuse(fault)
    if fault.kind is Kind.GARBAGE:
        return Response(response.status, GARBAGE, {"Content-Type": "text/html"})
    if fault.kind is Kind.CUT_MIDWAY:
        return Response(response.status, response.body, response.headers, max(1, len(response.body) // 2))
    return NOTHING
