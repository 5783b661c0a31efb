"""A server of bare sockets that answers as it is told to, down to the byte: what a network can do to a request."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self


class Do(Enum):
    """What is done with a connection instead of answering."""

    HANG_UP = "hang up after the request was read"
    RESET = "reset the connection after the request was read"
    HANG_UP_AT_ONCE = "hang up before anything was read"
    SAY_NOTHING = "read and keep silent"
    DRIP = "begin to answer, a line now and then"
    DRIP_BODY = "answer a byte now and then"
    POUR = "answer without end"


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def answer(status: int, body: bytes | str = b"", **headers: str) -> bytes:
    """A whole answer."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


class Wire:
    """Use: `with Wire(script) as wire`. `script`: what to do with a request."""

    def __init__(self, script: Callable[[Got], bytes | Do]) -> None:
        self.script = script
        self.got: list[Got] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.05)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(10)
        self._listening.close()

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listening.accept()
                self._begin(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            if self.script(Got("", "", {}, b"")) is Do.HANG_UP_AT_ONCE:
                return
            got = _read(connection)
            if got is None:
                return
            self.got.append(got)
            said = self.script(got)
            if isinstance(said, bytes):
                connection.sendall(said)
            elif said is Do.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif said is Do.SAY_NOTHING:
                self._over.wait(10)
            elif said is Do.DRIP:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not self._over.wait(0.02):
                    connection.sendall(b"X-Drip: 1\r\n")
            elif said in {Do.DRIP_BODY, Do.POUR}:
                connection.sendall(b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n")
                while not self._over.wait(0.02 if said is Do.DRIP_BODY else 0):
                    connection.sendall(b" " if said is Do.DRIP_BODY else b" " * 65_536)


def _read(connection: socket.socket) -> Got | None:
    told = b""
    while b"\r\n\r\n" not in told:
        more = connection.recv(65_536)
        if not more:
            return None
        told += more
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        more = connection.recv(65_536)
        if not more:
            return None
        body += more
    return Got(method, target, headers, body)


def free_url() -> str:
    """An address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}"
