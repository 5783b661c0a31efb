"""How is an attempt handed to its gateway, and what does its outcome change?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet
from uuid6 import uuid7

from integrations.messaging.base import Accepted, NotSent, Refused, Unknown
from integrations.messaging.registry import UnknownGateway, gateway_kind
from practices.operations.rows import insert_rows, update_rows
from practices.tenancy import practice_scope
from reminders.engine.words import Reason, ReminderState
from reminders.models import ClientPlan, Delivery, Message, Reminder
from reminders.operations.claiming import Attempt, Batch

log = structlog.get_logger(__name__)

DECISION_HOLDS = timedelta(seconds=2)
TRY_AGAIN = timedelta(minutes=2)
DECIDED_TOO_LONG_AGO = "Decided too long ago; decided again."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `state` is the delivery's; `retry_at` where it may be made again."""

    attempt: Attempt
    state: Delivery.State
    remote_id: str = ""
    error: str = ""
    retry_at: datetime | None = None

    @property
    def is_too_old(self) -> bool:
        """It was not made, because its decision had grown too old by the time its turn came (R32)."""
        return self.error == DECIDED_TOO_LONG_AGO


def deliver(batch: Batch, clock: Callable[[], datetime]) -> list[Outcome]:
    """Make every attempt of a batch, outside any transaction, and record the outcomes in the next.

    An attempt whose decision is older than 2 seconds is not made but decided again (R32).
    """
    outcomes = [_make(attempt, batch.decided_at, clock) for attempt in batch.attempts]
    if outcomes:
        record_outcomes(batch.practice_id, outcomes, clock())
    return outcomes


def _make(attempt: Attempt, decided_at: datetime, clock: Callable[[], datetime]) -> Outcome:
    now = clock()
    if now - decided_at > DECISION_HOLDS:
        return Outcome(attempt, Delivery.State.REFUSED, error=DECIDED_TOO_LONG_AGO, retry_at=now)
    try:
        accepted: Accepted = gateway_kind(attempt.gateway)().send(attempt.outgoing, str(attempt.delivery_id))
    except UnknownGateway as error:
        return Outcome(attempt, Delivery.State.REFUSED, error=str(error), retry_at=clock() + TRY_AGAIN)
    except NotSent as error:
        wait = timedelta(seconds=error.retry_after) if error.retry_after else TRY_AGAIN
        return Outcome(attempt, Delivery.State.REFUSED, error=error.reason, retry_at=clock() + wait)
    except Refused as error:
        return Outcome(attempt, Delivery.State.REFUSED, error=error.reason)
    except Unknown as error:
        return Outcome(attempt, Delivery.State.UNKNOWN, error=error.reason)
    except Exception as error:
        log.exception("gateway_failed", gateway=attempt.gateway, delivery_id=str(attempt.delivery_id))
        return Outcome(attempt, Delivery.State.UNKNOWN, error=f"The gateway failed with {type(error).__name__}.")
    return Outcome(attempt, Delivery.State.ACCEPTED, remote_id=accepted.remote_id)


def record_outcomes(practice_id: UUID, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Write outcomes down: of the deliveries, of their messages, of the reminders behind them (R33)."""
    with practice_scope(practice_id):
        outcomes = _news(outcomes)
        by_message: dict[UUID, list[Outcome]] = {}
        for outcome in outcomes:
            by_message.setdefault(outcome.attempt.message_id, []).append(outcome)
        update_rows(
            Delivery,
            ("id", "state", "settled_at", "remote_id", "error"),
            [
                (
                    each.attempt.delivery_id,
                    each.state.value,
                    None if each.state is Delivery.State.UNKNOWN else now,
                    each.remote_id,
                    each.error[:300],
                )
                for each in outcomes
            ],
        )
        _settle(by_message, now)
        _look_again(practice_id, outcomes, now)


def _news(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Leave out what is heard late of a delivery that is settled: only an acceptance still counts then."""
    outcomes = list(outcomes)
    rows = Delivery.objects.filter(
        pk__any_of=[each.attempt.delivery_id for each in outcomes],
        state__in=[Delivery.State.ATTEMPTED, Delivery.State.UNKNOWN],
    )
    open_ids = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    return [each for each in outcomes if each.state is Delivery.State.ACCEPTED or each.attempt.delivery_id in open_ids]


def _settle(by_message: dict[UUID, list[Outcome]], now: datetime) -> None:
    """One acceptance makes a message sent; else doubt, else another try, else failure."""
    sent: list[Outcome] = []
    unknown: list[Outcome] = []
    again: dict[datetime, list[Outcome]] = {}
    failed: list[Outcome] = []
    for outcomes in by_message.values():
        states = {each.state for each in outcomes}
        if Delivery.State.ACCEPTED in states:
            sent.append(outcomes[0])
        elif Delivery.State.UNKNOWN in states:
            unknown.append(outcomes[0])
        else:
            retries = [each.retry_at for each in outcomes if each.retry_at is not None]
            if retries:
                again.setdefault(min(retries), []).append(outcomes[0])
            else:
                failed.append(outcomes[0])
    Message.objects.filter(pk__any_of=[each.attempt.message_id for each in sent]).update(sent_at=now, is_void=False)
    _claimed(sent).update(state=ReminderState.SENT.value, sent_at=now)
    _claimed(unknown).update(state=ReminderState.UNKNOWN.value)
    _claimed(failed).update(state=ReminderState.FAILED.value, reason=Reason.REFUSED.value)
    for due_at, outcomes in again.items():
        _claimed(outcomes).update(state=ReminderState.WAITING.value, reason=Reason.CHANNEL_DOWN.value, due_at=due_at)
    void = [each.attempt.message_id for outcomes in again.values() for each in outcomes]
    void += [each.attempt.message_id for each in failed]
    Message.objects.filter(pk__any_of=void).update(is_void=True)


def _claimed(outcomes: Iterable[Outcome]) -> QuerySet[Reminder]:
    """The reminders behind these attempts that are still in doubt: states only move forward.

    One that was claimed again since has another message, and what is heard late of the first does not touch it.
    """
    outcomes = list(outcomes)
    ids = [reminder_id for each in outcomes for reminder_id in each.attempt.reminder_ids]
    return Reminder.objects.filter(
        pk__any_of=ids,
        message_id__any_of=[each.attempt.message_id for each in outcomes],
        state__in=[ReminderState.CLAIMED.value, ReminderState.UNKNOWN.value],
    )


def _look_again(practice_id: UUID, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Have the plan made again where a sequence may have ended, or did not get what it counted on."""
    clients = {
        each.attempt.client_id for each in outcomes if each.attempt.is_last or each.state is not Delivery.State.ACCEPTED
    }
    insert_rows(
        ClientPlan,
        ("id", "practice_id", "client_id", "replan_at"),
        [(uuid7(), practice_id, client_id, now) for client_id in sorted(clients)],
        on_conflict="ON CONFLICT (client_id) DO UPDATE SET replan_at = EXCLUDED.replan_at",
    )
