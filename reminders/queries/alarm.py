"""Is something broken that costs bookings now? One thing at a time, the worst first (LOOK.md, principle 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from integrations.queries.freshness import Freshness
from reminders.engine.words import Reason

STALE_AFTER: Final = timedelta(hours=24)
STALE_AFTER_FILES: Final = timedelta(days=7)


class Broken(Enum):
    """What does not work."""

    CHANNEL = auto()
    """The gateway refuses or does not answer (R26)."""
    ANSWERS = auto()
    """What clients wrote cannot be read in: it may be a stop (CHN-4, OPT-1)."""
    RECORDS = auto()
    """No good word from the records for too long (R20)."""
    EVENTS = auto()
    """What a connection sends cannot be applied (INT-3)."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """What arrived, could not be applied and is tried again: events of connections, or words of clients."""

    number: int
    since: datetime | None


NOTHING: Final = Retrying(0, None)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is broken, since when, and how much waits for it: messages, words of clients, or events of a connection."""

    broken: Broken
    since: datetime | None
    waiting: int
    is_file_only: bool = False


def is_stale(heard: Freshness, now: datetime) -> bool:
    """Return whether the records are too old to send by: a day, or a week where they come as files only (R20)."""
    if heard.synced_at is None:
        return False
    return now - heard.synced_at > (STALE_AFTER_FILES if heard.is_file_only else STALE_AFTER)


def alarm_of(
    waiting: Mapping[Reason, int],
    heard: Freshness,
    retrying: Retrying,
    now: datetime,
    refused_since: datetime | None = None,
    failing_words: Retrying = NOTHING,
) -> Alarm | None:
    """Return the worst that is broken; None where all works. `waiting`: reason -> messages that wait for it.

    `refused_since`: since when a carrier of the practice has refused its account. `failing_words`: what clients
    wrote that cannot be read in.
    """
    if waiting.get(Reason.CHANNEL_DOWN) or refused_since is not None:
        return Alarm(Broken.CHANNEL, refused_since, waiting.get(Reason.CHANNEL_DOWN, 0))
    if failing_words.number:
        return Alarm(Broken.ANSWERS, failing_words.since, failing_words.number)
    if is_stale(heard, now):
        return Alarm(Broken.RECORDS, heard.synced_at, waiting.get(Reason.RECORDS_STALE, 0), heard.is_file_only)
    return Alarm(Broken.EVENTS, retrying.since, retrying.number) if retrying.number else None
