"""How do events reach the server under measurement, at the least cost to the sender?"""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import uuid4

from standardwebhooks import Webhook

from practices import clock

LINKS: Final = 2
PREPARED: Final = 3_000  # more than one process can post in a round


def post_for(seconds: float, port: int, path: str, secret: str) -> float:
    """Post signed bookings over a few kept links for so long, and return how many were answered 202 a second.

    Signing comes before the watch starts: it is the sender's time, not the server's.
    """
    requests = _signed_bookings(path, secret)
    begun_at = monotonic()
    with ThreadPoolExecutor(LINKS) as links:
        counts = links.map(lambda index: _post(port, requests[index::LINKS], begun_at + seconds), range(LINKS))
        return sum(counts) / (monotonic() - begun_at)


def _post(port: int, requests: list[bytes], ends_at: float) -> int:
    link = socket.create_connection(("127.0.0.1", port), timeout=10)
    count = 0
    for request in requests:
        if monotonic() >= ends_at:
            break
        link.sendall(request)
        answer = link.recv(65536)
        while not answer.endswith(b"}"):
            answer += link.recv(65536)
        if not answer.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(answer.decode())
        count += 1
    link.close()
    return count


def _signed_bookings(path: str, secret: str) -> list[bytes]:
    webhook = Webhook(secret)
    at = clock.now()
    return [_booking(path, webhook, at, number) for number in range(PREPARED)]


def _booking(path: str, webhook: Webhook, at: datetime, number: int) -> bytes:
    webhook_id = f"evt_{uuid4().hex}"
    client = {
        "id": f"C-{number}",
        "first_name": "Dana",
        "last_name": "Whitfield",
        "phone": f"+1312{2_000_000 + number}",
        "email": f"dana{number}@example.com",
        "postal_code": "60611",
        "state": "IL",
    }
    appointment = {
        "id": f"A-{webhook_id}",
        "services": ["Botox"],
        "starts_at": "2026-05-18T14:00:00-05:00",
        "duration_minutes": 30,
    }
    data = {"client": client, "appointment": appointment, "provider": {"id": "P-1", "name": "Pat Kim RN"}}
    body = json.dumps({"type": "appointment.booked", "occurred_at": "2026-05-01T10:00:00-05:00", "data": data})
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"webhook-id: {webhook_id}",
        f"webhook-timestamp: {int(at.timestamp())}",
        f"webhook-signature: {webhook.sign(webhook_id, at, body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()
