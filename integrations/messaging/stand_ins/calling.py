"""How does a vendor's callback go over the wire, once?"""

import http.client
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from integrations.messaging.stand_ins.http_server import hang_up

SECONDS = 15.0
REDIRECTS = (301, 302)

Sign = Callable[[bytes], Mapping[str, str]]


@dataclass(frozen=True)
class Answered:
    """What the called side answered; status 0: nobody did, `trouble` says why."""

    status: int
    content_type: str = ""
    body: bytes = b""
    trouble: str = ""

    @property
    def is_good(self) -> bool:
        """It was a 2xx."""
        return 200 <= self.status < 300


@dataclass
class Call:
    """One callback to be made. `sign` is asked anew at each try: signatures carry its moment.

    `again`: after which answers it is tried again. `tries`: how often at most. `heard`: is told the last answer.
    """

    vendor: str
    what: str
    url: str
    body: bytes
    content_type: str
    sign: Sign
    user_agent: str
    again: Callable[[Answered], bool] = lambda answered: not answered.is_good
    tries: int = 1
    follows_redirects: bool = False
    heard: Callable[[Answered], object] = bool
    answers: list[Answered] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        """The headers of a try made now."""
        return {"Content-Type": self.content_type, "User-Agent": self.user_agent, **self.sign(self.body)}


class Telephone:
    """Makes calls, one connection each; all that are under way can be hung up at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[http.client.HTTPConnection] = set()
        self._is_over = False

    def call(self, call: Call) -> Answered:
        """Make one try; the answer, or why there is none."""
        answered = self.ask("POST", call.url, call.headers(), call.body)
        if call.follows_redirects and answered.status in REDIRECTS:
            # Twilio follows with GET and loses the parameters (messaging.md 1.7).
            answered = self.ask("GET", answered.trouble, call.headers(), b"")
        call.answers.append(answered)
        return answered

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Make one HTTP request; of a redirect, `trouble` is where it leads."""
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        with self._lock:
            if self._is_over:
                return Answered(0, trouble="the stand-ins have stopped")
            self._busy.add(connection)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            read = response.read()
            where = response.getheader("Location", "") if response.status in REDIRECTS else ""
            return Answered(response.status, response.getheader("Content-Type", ""), read, where)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answered(0, trouble=type(error).__name__)
        finally:
            with self._lock:
                self._busy.discard(connection)
            connection.close()

    def hang_up(self) -> None:
        """End every call under way, and make none from now on."""
        with self._lock:
            self._is_over = True
            for connection in self._busy:
                if connection.sock is not None:
                    hang_up(connection.sock)
