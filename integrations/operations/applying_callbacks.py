"""How is what carriers called back about applied: each word once, in any order, a bad one in nobody's way?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import F

from integrations.events import DeliveryReported, MessageReceived, NotOurs, delivery_reported, message_received
from integrations.models import GatewayEvent
from integrations.operations.told_words import read_message, read_report
from integrations.queries.waiting import TO_APPLY, practices_with_callbacks
from practices.tenancy import practice_scope

log = structlog.get_logger(__name__)

State = GatewayEvent.State
BATCH: Final = 200
MOST_REASON_CHARACTERS: Final = 300
RETRY_AFTER: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Eight tries in all, then a person has to look. Of what a client wrote there is no last try."""
LOOKS_FOR_IT: Final = 3
"""So often a message is looked for: the carrier may be quicker than our own note of what it took."""
NOT_OURS: Final = "It speaks of a message that medspa did not send."


def apply_callbacks(now: datetime) -> int:
    """Will apply every callback that is due at `now`, and return how many were applied, put off or set aside.

    Practices take turns, a batch each, so that a flood for one delays nobody (DESIGN.md 5). Any number of workers
    may do this at once. What goes wrong in one practice is raised when the others have had their turns.
    """
    done = 0
    trouble: Exception | None = None
    waiting = practices_with_callbacks(now)
    while waiting:
        still = []
        for practice_id in waiting:
            try:
                count = apply_batch(practice_id, now, BATCH)
            except Exception as error:  # noqa: BLE001 - raised below
                trouble, count = trouble or error, 0
            done += count
            if count == BATCH:
                still.append(practice_id)
        waiting = still
    if trouble is not None:
        raise trouble
    return done


def apply_batch(practice_id: UUID, now: datetime, most: int) -> int:
    """Will apply up to `most` callbacks of one practice that are due at `now`: what clients wrote, then reports.

    Of each sort in the order in which they came, so that a stop waits behind no flood of reports. Plain progress of
    several messages is noted in one transaction; all else is a transaction of its own each. One that fails is tried
    again later, and is in nobody's way meanwhile.
    """
    done = 0
    may_join = True
    while done < most:
        events: list[GatewayEvent] = []
        try:
            with practice_scope(practice_id):
                events = _head(_claim(practice_id, now, most - done if may_join else 1))
                if not events:
                    return done
                _apply(practice_id, events, now)
                GatewayEvent.objects.filter(pk__any_of=[each.pk for each in events]).update(
                    state=State.APPLIED, applied_at=now, next_attempt_at=None, reason="", attempts=F("attempts") + 1
                )
        except Exception as error:
            if not events:
                raise
            if len(events) > 1:
                may_join = False  # one by one it will show which it was
                continue
            _write_failure(practice_id, events[0].pk, error, now)
        done += len(events)
    return done


def _claim(practice_id: UUID, now: datetime, most: int) -> list[GatewayEvent]:
    due = GatewayEvent.objects.filter(practice_id=practice_id, state__in=TO_APPLY, next_attempt_at__lte=now)
    held = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(held.order_by("kind", "next_attempt_at", "id")[:most])


def _head(events: Sequence[GatewayEvent]) -> list[GatewayEvent]:
    """The first, and with it those behind it that tell of plain progress too, through the same gateway."""
    together: list[GatewayEvent] = []
    for each in events:
        if together and not (_is_plain(each) and each.gateway == together[0].gateway):
            break
        together.append(each)
        if not _is_plain(each):
            break
    return together


def _is_plain(event: GatewayEvent) -> bool:
    """A message was accepted or delivered: nothing follows from that but its own state."""
    is_progress = event.kind == GatewayEvent.Kind.REPORT and event.told["fate"] in ("accepted", "delivered")
    return is_progress and event.told["meaning"] is None


def _apply(practice_id: UUID, events: Sequence[GatewayEvent], now: datetime) -> None:
    first = events[0]
    if first.kind == GatewayEvent.Kind.MESSAGE:
        message = read_message(first.event_key, first.told)
        news = MessageReceived(practice_id, first.gateway, message, now)
        message_received.send(sender=GatewayEvent, event=news)
        return
    reports = tuple(read_report(each.event_key, each.told) for each in events)
    reported = DeliveryReported(practice_id, first.gateway, reports, now)
    delivery_reported.send(sender=GatewayEvent, event=reported)


def _write_failure(practice_id: UUID, event_id: UUID, error: Exception, now: datetime) -> None:
    """What the event did fell with its transaction; this is written in the next.

    What a client wrote may be a stop, so it is tried until it can be applied; Today and the metrics tell of it.
    """
    with practice_scope(practice_id):
        event = GatewayEvent.objects.select_for_update(no_key=True).get(practice_id=practice_id, pk=event_id)
        if event.state not in TO_APPLY:
            return  # another worker was quicker
        event.attempts += 1
        is_words = event.kind == GatewayEvent.Kind.MESSAGE
        is_stranger = isinstance(error, NotOurs) and not is_words
        say = log.error if is_words and event.attempts > len(RETRY_AFTER) else log.warning
        say("callback_failed", event_id=str(event_id), attempts=event.attempts, error=type(error).__name__)
        if is_stranger and event.attempts >= LOOKS_FOR_IT:
            if event.told.get("is_copy"):
                event.delete()  # it is the message of another practice that sends from there
                return
            event.state, event.next_attempt_at, event.reason = State.SET_ASIDE, None, NOT_OURS
        elif event.attempts > len(RETRY_AFTER) and not is_words:
            event.state, event.next_attempt_at = State.SET_ASIDE, None
            event.reason = f"{event.attempts} tries failed, the last with {type(error).__name__}."
        else:
            wait = RETRY_AFTER[min(event.attempts, len(RETRY_AFTER)) - 1]
            event.state, event.next_attempt_at = State.RETRYING, now + wait
            event.reason = f"Try {event.attempts} failed with {type(error).__name__}."
        event.reason = event.reason[:MOST_REASON_CHARACTERS]
        event.save(update_fields=["state", "attempts", "next_attempt_at", "reason"])
