"""How are gateways called at once, each gateway object by one thread at a time?"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Self, TypeVar

from integrations.messaging.base import Gateway
from integrations.messaging.registry import gateway_kind
from integrations.queries.accounts import Account, open_gateway
from reminders.engine.words import Reason

THREADS: Final = 8
"""How many calls one worker has under way."""
MOST: Final = 100
"""Of how many accounts the gateways are kept; a sweep may meet thousands."""

T = TypeVar("T")


@dataclass(slots=True)
class OpenGateway:
    """One account at one gateway, or a local gateway: opened as often as threads need it."""

    gateway: str
    account: Account | None
    held: tuple[datetime, Reason] | None = None
    """It said that it takes no more until then: whoever has not called yet does not."""
    _idle: SimpleQueue[Gateway] = field(default_factory=SimpleQueue)
    _opened: int = 0

    @property
    def is_local(self) -> bool:
        """Nothing leaves this installation, so that a call takes no time."""
        return gateway_kind(self.gateway).capabilities.is_local

    def open(self, wanted: int) -> None:
        """Will open it so often that as many threads can call at once, at most `THREADS`.

        Raises:
            UnknownGateway: there is no gateway of this key.
            NotSent: there are no credentials, or they cannot be read.
        """
        while self._opened < min(wanted, THREADS):
            self._idle.put(open_gateway(self.account, self.gateway))
            self._opened += 1

    @contextmanager
    def one(self) -> Iterator[Gateway]:
        """Lend one to the thread that asks; it was opened before."""
        gateway = self._idle.get()
        try:
            yield gateway
        finally:
            self._idle.put(gateway)


class OpenGateways:
    """The gateways that one piece of work has opened, and the threads that call them. They touch no database."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Account | None], OpenGateway] = {}
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """What has not begun never begins; what is under way ends, each within its gateway's own timeout."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def of(self, gateway: str, account: Account | None) -> OpenGateway:
        """That of an account, or of a gateway that needs none; another one once the account has changed."""
        if (gateway, account) not in self._known and len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        return self._known.setdefault((gateway, account), OpenGateway(gateway, account))

    def together(self, jobs: Iterable[Callable[[], T]]) -> tuple[list[T], Exception | None]:
        """Will do the jobs, `THREADS` at a time, and return what they return, in any order.

        Told to stop meanwhile (a task's time is up), it begins no other job, waits for those under way, and returns
        what told it. Anything that a job raises is raised.
        """
        futures: list[Future[T]] = []
        stopped_by: Exception | None = None
        try:
            futures += [self._threads().submit(job) for job in jobs]
            wait(futures)
        except Exception as error:  # noqa: BLE001 - whoever asked raises it
            stopped_by = error
            begun = [each for each in futures if not each.cancel()]
            wait(begun)
            futures = begun
        return [each.result() for each in futures], stopped_by

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gateway")
        return self._pool
