"""How do the stand-ins listen? One thread a connection, kept alive, all of them ended and joined on stop."""

import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from integrations.messaging.stand_ins.exchange import Request, Response

LARGEST_BODY = 64 * 1024 * 1024
BACKLOG = 512

Answer = Callable[[Request], Response]


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and has it answered."""

    protocol_version = "HTTP/1.1"
    server_version = "StandIns"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: "HttpServer"

    def _exchange(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._give(Response(HTTPStatus.LENGTH_REQUIRED))
            return
        body = self.rfile.read(int(length))
        self._give(self.server.answer(Request.read(self.command, self.path, self.headers, body)))

    def _give(self, response: Response) -> None:
        if response.cut_after == 0:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body if response.cut_after is None else response.body[: response.cut_after])
        if response.cut_after is not None:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _exchange  # noqa: N815 - the base class names them

    def handle(self) -> None:
        """Answer until the other side, or the server's end, closes the connection."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def finish(self) -> None:
        """Close the files; who has hung up does not get the rest."""
        try:
            super().finish()
        except (ConnectionError, ValueError):
            self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: requests carry numbers and texts."""


class HttpServer(ThreadingHTTPServer):
    """The socket and its threads. `stop` leaves neither a socket nor a thread behind."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = BACKLOG

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        self.answer = answer
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    def start(self) -> None:
        """Answer from now on, in threads of its own."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="stand-ins")
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody, and wait until all threads are done."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
            self._thread = None
        with self._lock:
            for connection in self._open:
                hang_up(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be ended."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)


def hang_up(connection: socket.socket) -> None:
    """End both directions, so that a thread that reads from it wakes up."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
