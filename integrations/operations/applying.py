"""How are the events of the inbox applied: each once, in any order, and a bad one never in another's way?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from integrations.models import Connection, InboundEvent
from integrations.operations.accepting import UNKNOWN_TYPE
from integrations.operations.understanding import apply_news
from integrations.pms.fields import parse_object
from integrations.pms.registry import connector_of
from integrations.queries.waiting import WAITING, practices_waiting
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

State = InboundEvent.State
BATCH: Final = 50
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
            count = apply_batch(practice_id, now)
            done += count
            if count == BATCH:
                still.append(practice_id)
        waiting = still
    return done


def apply_batch(practice_id: UUID, now: datetime, most: int = BATCH) -> int:
    """Will apply up to `most` events of one practice that are due at `now`, the oldest first, and count them.

    Each is a transaction of its own: a person's row stays locked no longer than one event needs, and two
    workers cannot wait for each other.
    """
    heard: dict[UUID, datetime] = {}
    for count in range(most):
        with practice_scope(practice_id):
            event = _claim(practice_id, now)
            if event is None:
                _note_heard(heard)
                return count
            _settle(event, now)
        if event.state == State.APPLIED:
            heard[event.connection_id] = max(event.received_at, heard.get(event.connection_id, event.received_at))
    with practice_scope(practice_id):
        _note_heard(heard)
    return most


def _claim(practice_id: UUID, now: datetime) -> InboundEvent | None:
    return (
        InboundEvent.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("connection")
        .filter(practice_id=practice_id, state__in=WAITING, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .first()
    )


def _settle(event: InboundEvent, now: datetime) -> None:
    """Will apply one claimed event and write down what became of it; what it did falls with its failure."""
    event.attempts += 1
    event.next_attempt_at = None
    event.reason = ""
    try:
        with transaction.atomic():
            _apply(event, now)
    except HOPELESS as error:
        _set_aside(event, str(error) or type(error).__name__, error)
    except Exception as error:  # noqa: BLE001 - whatever it was, the event is kept and tried again
        _try_later(event, error, now)
    event.save(update_fields=["state", "attempts", "next_attempt_at", "reason", "applied_at"])


def _apply(event: InboundEvent, now: datetime) -> None:
    connector = connector_of(event.connection.kind)
    news = connector.translate(parse_object(event.body.encode()), event.connection.source)
    if news is None:
        event.state = State.IGNORED
        event.reason = UNKNOWN_TYPE
        return
    apply_news(event.practice_id, news, now)
    event.state = State.APPLIED
    event.applied_at = now


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


def _note_heard(heard: Mapping[UUID, datetime]) -> None:
    for connection_id, at in heard.items():
        Connection.objects.filter(pk=connection_id).update(last_event_at=Greatest(Coalesce(F("last_event_at"), at), at))
