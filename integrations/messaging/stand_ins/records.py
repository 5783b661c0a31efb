"""What did the vendors accept, in which order, and what came in? The log that tests count and people read."""

import threading
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count

from integrations.messaging.stand_ins.exchange import Json, Request, Response

MOST_EXCHANGES = 4_000
MOST_WATCHED = 500
Direction = str


@dataclass
class Kept:
    """One message at a vendor. `direction`: outbound (medspa's), inbound (a client's) or auto (the vendor's own)."""

    sequence: int
    vendor: str
    direction: Direction
    remote_id: str
    address: str
    """The client's number or email address."""
    ours: str
    """The practice's side: its number, service, address or location."""
    text: str
    at: datetime
    attempt: str = ""
    """Our reference as it travelled with the message."""
    status: str = ""
    code: str = ""
    subject: str = ""
    html: str = ""
    from_name: str = ""
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    """Each status with its moment, in the order in which it came about."""

    def told(self) -> Json:
        """As JSON."""
        return {**asdict(self), "at": self.at.isoformat()}


class Records:
    """All that was kept since the start or the last reset, in the order of acceptance. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._numbers = count(1)
        self._all: list[Kept] = []
        self._by_address: dict[tuple[str, str], list[Kept]] = defaultdict(list)
        self._by_sequence: dict[int, Kept] = {}
        self.exchanges: deque[tuple[str, Request, Response]] = deque(maxlen=MOST_EXCHANGES)
        """The latest requests with their answers, by vendor: contract tests hold them against the vendors' specs."""

    def keep(
        self,
        vendor: str,
        direction: Direction,
        remote_id: str,
        address: str,
        ours: str,
        text: str,
        at: datetime,
        **more: str,
    ) -> Kept:
        """Keep one message; it gets the next number."""
        with self._lock:
            kept = Kept(next(self._numbers), vendor, direction, remote_id, address, ours, text, at)
            for name, value in more.items():
                setattr(kept, name, value)
            self._all.append(kept)
            self._by_address[vendor, address].append(kept)
            self._by_sequence[kept.sequence] = kept
            return kept

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._all.clear()
            self._by_address.clear()
            self._by_sequence.clear()
            self.exchanges.clear()

    def all(self, vendor: str = "", direction: Direction = "outbound") -> list[Kept]:
        """The kept messages in order; of one vendor, if it is named."""
        with self._lock:
            return [kept for kept in self._all if kept.direction == direction and vendor in ("", kept.vendor)]

    def of(self, vendor: str, address: str) -> list[Kept]:
        """The whole conversation with one address, in order."""
        with self._lock:
            return list(self._by_address.get((vendor, address), ()))

    def numbered(self, sequence: int) -> Kept | None:
        """The message with that number."""
        with self._lock:
            return self._by_sequence.get(sequence)

    def pulse(self) -> str:
        """Another word whenever something came, or the newest messages went on."""
        with self._lock:
            seen = "".join(f"{kept.sequence}{kept.status}" for kept in self._all[-MOST_WATCHED:])
        return f"{zlib.crc32(seen.encode()):08x}"

    def conversations(self, most: int) -> list[Kept]:
        """The newest message of each address, newest first."""
        with self._lock:
            newest = [kept[-1] for kept in self._by_address.values() if kept]
        return sorted(newest, key=lambda kept: kept.sequence, reverse=True)[:most]

    def by_text(self, vendor: str = "") -> Counter[tuple[str, str]]:
        """How often each text was accepted for each address."""
        return Counter((kept.address, kept.text) for kept in self.all(vendor))

    def by_attempt(self, vendor: str = "") -> Counter[str]:
        """How often each attempt was accepted; those that carried no reference are left out."""
        return Counter(kept.attempt for kept in self.all(vendor) if kept.attempt)

    def exchanged(self, vendor: str) -> Iterator[tuple[Request, Response]]:
        """The latest requests to a vendor with their answers, oldest first."""
        return iter([(request, response) for name, request, response in tuple(self.exchanges) if name == vendor])
