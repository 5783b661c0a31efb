"""When does a call to a vendor end, and is it certain that nothing left when it failed? (CHN-3)"""

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any, Final, TypeVar, cast

from integrations.messaging.base import NotSent, Refused, Unknown

SECONDS: Final = 9.5
"""A call ends within 10 seconds (base.Gateway), whatever the vendor, its name server or the network does."""

MOST_BYTES: Final = 32 * 1024 * 1024
"""Of an answer: a page of a thousand messages has a third of that. No vendor fills this process's memory."""

PIECE: Final = 64 * 1024

Failure = NotSent | Refused | Unknown
"""One of these is always meant when a message was not accepted."""

Answer = TypeVar("Answer")
Connection = TypeVar("Connection", bound=HTTPConnection)


class TooLate(Exception):
    """The call is over: nothing may be sent any more."""


class TooMuch(Exception):
    """An answer that is longer than any that a vendor has reason to give."""


class Call:
    """One call to a vendor. It ends in time, and remembers whether anything may have left.

    No HTTP library limits the whole of a request: their time-outs count from byte to byte, and none covers the
    asking of the name server. So the request runs beside, and after `seconds` its sockets are shut. A connection
    that comes about later is told `TooLate` before it has carried a byte: what has been called not sent stays
    unsent, so that asking the vendor a minute later gets the truth.
    """

    def __init__(self, vendor: str, seconds: float = SECONDS) -> None:
        """`vendor`: its name in the sentences."""
        self.vendor = vendor
        self.seconds = seconds
        self.may_have_left = False
        self._is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def connected(self, connection: socket.socket | None, *, may_send: bool = True) -> None:
        """To be told when a connection stands and before it carries a byte. `may_send`: of a message.

        Raises:
            TooLate: the call is over.
        """
        with self._lock:
            if self._is_over:
                raise TooLate
            self.may_have_left = self.may_have_left or may_send
            if connection is not None:
                self._sockets.append(connection)

    def took_nothing(self) -> None:
        """To be told when the vendor has answered that it did nothing: whatever follows starts anew."""
        self.may_have_left = False

    def run(self, work: Callable[[], Answer]) -> Answer:
        """Will do the work beside and give back what it gives back.

        Raises:
            TimeoutError: the time was up.
            Exception: whatever the work raised.
        """
        answers: list[Answer] = []
        errors: list[BaseException] = []
        done = threading.Event()

        def beside() -> None:
            try:
                answers.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the waiting thread
                errors.append(error)
            finally:
                done.set()

        threading.Thread(target=beside, name=f"call to {self.vendor}", daemon=True).start()
        in_time = done.wait(self.seconds)
        self._end()
        if not in_time:
            raise TimeoutError
        if errors:
            raise errors[0]
        return answers[0]

    def doubt(self, error: Exception) -> Failure:
        """What an error without an answer means for a message.

        One that came before anything could leave is no fault of the message, which `sendable` has looked at: a
        proxy or an address of this installation that is none, say. It passes when somebody mends that.
        """
        if self.may_have_left:
            happened = "did not answer in time" if _is_timeout(error) else "broke off or answered unreadably"
            return Unknown(f"{self.vendor} {happened}; the message may have been sent.")
        return self.unreachable()

    def unreachable(self) -> NotSent:
        """Nothing came of it, and nothing was at stake."""
        return NotSent(f"{self.vendor} could not be reached.")

    def _end(self) -> None:
        with self._lock:
            self._is_over = True
            for connection in self._sockets:
                with suppress(OSError):
                    # Past TLS and at once: the thread beside gets an error, and no byte leaves any more.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def watched(kind: type[Connection], call: Call) -> type[Connection]:
    """The same kind of connection, which tells the call when it stands: urllib3's are http.client's as well."""

    def connect(self: Any) -> None:
        kind.connect(self)
        call.connected(self.sock)

    return cast("type[Connection]", type(kind.__name__, (kind,), {"connect": connect}))


def gathered(pieces: Iterable[bytes]) -> bytes:
    """An answer's body, put together piece by piece.

    Raises:
        TooMuch: it does not end.
    """
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise TooMuch
    return bytes(body)


def _is_timeout(error: BaseException | None) -> bool:
    """Each library wraps it in its own."""
    while error is not None:
        if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
            return True
        error = error.__cause__ or error.__context__
    return False
