"""How do a gateway's words stand in a row, and how are they read from there?"""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from integrations.messaging.base import Fate, Inbound, Meaning, Report
from integrations.messaging.foreign_text import keepable

LONGEST_KEY: Final = 200
LONGEST_TEXT: Final = 20_000
"""What a client wrote is kept up to here; the longest text message has 1,600 characters."""
_LONGEST_WORD: Final = 300


def written(said: Report | Inbound, received_at: datetime) -> dict[str, Any]:
    """Return a gateway's word as JSON that PostgreSQL keeps; what the vendor dates not is dated by its arrival."""
    at = (said.at or received_at).isoformat()
    if isinstance(said, Report):
        return {
            "fate": said.fate.value if said.fate else None,
            "attempt_id": _kept(said.attempt_id),
            "remote_id": _kept(said.remote_id),
            "address": _kept(said.address),
            "at": at,
            "meaning": said.meaning.value if said.meaning else None,
            "code": _kept(said.code),
            "reason": _kept(said.reason),
            "sender": _kept(said.sender),
            "is_copy": said.is_copy,
        }
    return {
        "channel": said.channel,
        "from_address": _kept(said.from_address),
        "to_address": _kept(said.to_address),
        "text": _kept(said.text, LONGEST_TEXT),
        "remote_id": _kept(said.remote_id),
        "at": at,
        "is_answered_by_vendor": said.is_answered_by_vendor,
        "to_sender": _kept(said.to_sender),
        "is_copy": said.is_copy,
    }


def read_report(event_key: str, told: dict[str, Any]) -> Report:
    """Return a report as `written` kept it."""
    report = Report(event_key, **told)
    return replace(
        report,
        fate=Fate(report.fate) if report.fate else None,
        meaning=Meaning(report.meaning) if report.meaning else None,
        at=datetime.fromisoformat(told["at"]),
    )


def read_message(event_key: str, told: dict[str, Any]) -> Inbound:
    """Return a client's message as `written` kept it."""
    return replace(Inbound(event_key, **told), at=datetime.fromisoformat(told["at"]))


def key_as_kept(event_key: str) -> str:
    """Return the name of an event as the row has it: one too long, or with what a row cannot hold, by its digest."""
    if 0 < len(event_key) <= LONGEST_KEY and event_key.isprintable():
        return event_key
    return f"sha256-{sha256(event_key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _kept(text: str, longest: int = _LONGEST_WORD) -> str:
    return keepable(text[:longest])
