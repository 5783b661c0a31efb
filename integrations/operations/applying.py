"""How are the events of the inbox applied: each once, in any order, and a bad one never in another's way?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from integrations.events import RecordsHeard, records_heard
from integrations.models import Connection, InboundEvent
from integrations.operations.accepting import UNKNOWN_TYPE
from integrations.operations.understanding import apply_news, apply_together, count_together
from integrations.pms.base import News
from integrations.pms.fields import parse_object
from integrations.pms.registry import connector_of
from integrations.queries.waiting import WAITING, practices_waiting
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

State = InboundEvent.State
BATCH: Final = 200
FEWEST_TOGETHER: Final = 2
OUTCOME: Final = ("state", "attempts", "next_attempt_at", "reason", "applied_at")
MOST_REASON_CHARACTERS: Final = 300
RETRY_AFTER: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
# Trying again cannot help: what the event holds cannot be recorded.
HOPELESS: Final = (ValueError, DataError, ValidationError)


def apply_due(now: datetime) -> int:
    """Will apply every event that is due at `now`, and return how many were applied, put off or set aside.

    Practices take turns, a batch each, so that a flood for one delays nobody (DESIGN.md 5). Any number of
    workers may do this at once.
    """
    done = 0
    waiting = practices_waiting(now)
    while waiting:
        still = []
        for practice_id in waiting:
            count = apply_batch(practice_id, now, BATCH)
            done += count
            if count == BATCH:
                still.append(practice_id)
        waiting = still
    return done


def apply_batch(practice_id: UUID, now: datetime, most: int) -> int:
    """Will apply up to `most` events of one practice that are due at `now`, the oldest first, and count them.

    Events that fit together are recorded at one go, in one transaction. Where that fails, or one does not fit,
    each is a transaction of its own, so that a bad one is in nobody's way.
    """
    done = 0
    may_join = True
    while done < most:
        try:
            count = _apply_together(practice_id, now, most - done) if may_join else 0
        except Exception as error:  # noqa: BLE001 - one by one it will show which event it was
            log.warning("webhook_batch_failed", practice_id=str(practice_id), error=type(error).__name__)
            may_join, count = False, 0
        count = count or _apply_next(practice_id, now)
        if not count:
            break
        done += count
    return done


def _apply_together(practice_id: UUID, now: datetime, most: int) -> int:
    """Apply the events at the head of the inbox that fit together; 0 if those are fewer than two."""
    with practice_scope(practice_id):
        events = _claim(practice_id, now, most)
        news: list[News] = []
        for event in events:
            one = _read(event)
            if one is None or one.said is not None:
                break  # it goes alone, and so nothing behind it is read for nothing
            news.append(one)
        count = count_together(news)
        if count < FEWEST_TOGETHER:
            return 0
        apply_together(practice_id, news[:count], now)
        applied = events[:count]
        InboundEvent.objects.filter(pk__any_of=[event.pk for event in applied]).update(
            state=State.APPLIED, applied_at=now, next_attempt_at=None, reason="", attempts=F("attempts") + 1
        )
    # The row of the connection is everybody's: it must not be held while the plans are made again.
    with practice_scope(practice_id):
        _note_heard(applied, now)
    return count


def _apply_next(practice_id: UUID, now: datetime) -> int:
    """Apply the event at the head of the inbox, and write down what became of it; 0 if there is none."""
    event: InboundEvent | None = None
    try:
        with practice_scope(practice_id):
            event = next(iter(_claim(practice_id, now, 1)), None)
            if event is None:
                return 0
            _apply(event, now)
            event.save(update_fields=OUTCOME)
    except Exception as error:
        if event is None:
            raise
        _write_failure(practice_id, event.pk, error, now)
    return 1


def _claim(practice_id: UUID, now: datetime, most: int) -> list[InboundEvent]:
    due = InboundEvent.objects.filter(practice_id=practice_id, state__in=WAITING, next_attempt_at__lte=now)
    return list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("connection")
        .order_by("next_attempt_at", "id")[:most]
    )


def _read(event: InboundEvent) -> News | None:
    connector = connector_of(event.connection.kind)
    return connector.translate(parse_object(event.body.encode()), event.connection.source)


def _apply(event: InboundEvent, now: datetime) -> None:
    news = _read(event)
    event.attempts += 1
    event.next_attempt_at = None
    if news is None:
        event.state = State.IGNORED
        event.reason = UNKNOWN_TYPE
        return
    apply_news(event.practice_id, news, now)
    event.state = State.APPLIED
    event.applied_at = now
    event.reason = ""
    _note_heard([event], now)


def _write_failure(practice_id: UUID, event_id: UUID, error: Exception, now: datetime) -> None:
    """What the event did fell with its transaction; this is written in the next."""
    with practice_scope(practice_id):
        event = InboundEvent.objects.select_for_update().get(practice_id=practice_id, pk=event_id)
        if event.state not in WAITING:
            return  # another worker was quicker
        event.attempts += 1
        event.next_attempt_at = None
        if isinstance(error, HOPELESS):
            _set_aside(event, str(error) or type(error).__name__, error)
        else:
            _try_later(event, error, now)
        event.save(update_fields=OUTCOME)


def _try_later(event: InboundEvent, error: Exception, now: datetime) -> None:
    if event.attempts > len(RETRY_AFTER):
        _set_aside(event, f"{event.attempts} tries failed, the last with {type(error).__name__}.", error)
        return
    event.state = State.RETRYING
    event.next_attempt_at = now + RETRY_AFTER[event.attempts - 1]
    event.reason = f"Try {event.attempts} failed with {type(error).__name__}."
    log.warning("webhook_event_failed", event_id=str(event.pk), attempts=event.attempts, error=type(error).__name__)


def _set_aside(event: InboundEvent, reason: str, error: Exception) -> None:
    event.state = State.SET_ASIDE
    event.reason = reason[:MOST_REASON_CHARACTERS]
    log.warning("webhook_event_set_aside", event_id=str(event.pk), error=type(error).__name__)


def _note_heard(events: Sequence[InboundEvent], now: datetime) -> None:
    newest: dict[UUID, datetime] = {}
    for event in events:
        newest[event.connection_id] = max(event.received_at, newest.get(event.connection_id, event.received_at))
    for connection_id, at in newest.items():
        Connection.objects.filter(pk=connection_id).update(last_event_at=Greatest(Coalesce(F("last_event_at"), at), at))
    records_heard.send(sender=InboundEvent, event=RecordsHeard(events[0].practice_id, now))
