"""How long does a message wait that its gateway did not take, and when is it given up? (CHN-3, R26)"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from integrations.messaging.base import Meaning
from reminders.engine.words import Reason
from reminders.models import Delivery, Message
from reminders.operations.attempts import NOT_MADE, NOT_TRIED_AGAIN, Outcome

LATER: Final = timedelta(hours=4)
"""What did not get through now, refused or reported so, is tried once more after this (messaging.md 1.10)."""
LONGEST: Final = timedelta(hours=1)
_REACHES_BACK: Final = timedelta(days=6)
"""A reminder's tries lie within the five days that it may be late (R4)."""
_ANSWERS: Final = tuple(timedelta(seconds=each) for each in (10, 20, 40, 90, 180, 600, 1800))

Key = tuple[Any, ...]
"""A client, a touchpoint, a channel: by this the earlier tries of a reminder are found."""


def back_off(rung: int) -> timedelta:
    """Return how long to wait: nothing, then 2, 4, 8 ... minutes, up to an hour.

    >>> [int(back_off(rung).total_seconds()) // 60 for rung in range(8)]
    [0, 2, 4, 8, 16, 32, 60, 60]
    """
    return min(LONGEST, timedelta(minutes=2 ** min(rung, 6))) if rung else timedelta()


def answer_back_off(number: int) -> timedelta:
    """Return how long an answer waits after its first, second ... try: somebody waits for it.

    >>> [int(answer_back_off(number).total_seconds()) for number in (1, 2, 7, 50)]
    [10, 20, 1800, 1800]
    """
    return _ANSWERS[min(number, len(_ANSWERS)) - 1]


def with_waits(practice_id: UUID, outcomes: Collection[Outcome], now: datetime) -> list[Outcome]:
    """Return the outcomes with the moments at which they may be made again: two queries where one failed."""
    tried = _tries(practice_id, [each for each in outcomes if _is_counted(each)], now)
    return [_with_wait(each, tried, now) if _is_counted(each) else each for each in outcomes]


def _is_counted(outcome: Outcome) -> bool:
    return outcome.rung is not None or outcome.meaning is Meaning.LATER


def _with_wait(outcome: Outcome, tried: "_Tried", now: datetime) -> Outcome:
    if outcome.meaning is Meaning.LATER:
        is_first = outcome.attempt.number == 1 and not tried.of(outcome, outcome.code)
        return replace(outcome, retry_at=now + LATER, reason=Reason.REFUSED) if is_first else outcome
    if outcome.attempt.is_answer:
        wait = answer_back_off(outcome.attempt.number)
    else:
        wait = back_off((outcome.rung or 0) + tried.of(outcome))
    return replace(outcome, retry_at=max(outcome.retry_at or now, now + wait))


class _Tried:
    """How often the gateway did not take what these outcomes are about, before."""

    def __init__(self, touchpoints: dict[UUID, str], refused: Iterable[tuple[Key, str]]) -> None:
        self._touchpoints = touchpoints
        self._all: Counter[Key] = Counter()
        self._by_code: Counter[tuple[Key, str]] = Counter()
        for key, code in refused:
            self._all[key] += 1
            self._by_code[key, code] += 1

    def of(self, outcome: Outcome, code: str | None = None) -> int:
        """Of the same message's earlier tries, or of those that ended with this code."""
        attempt = outcome.attempt
        key = (attempt.client_id, self._touchpoints.get(attempt.message_id, ""), attempt.outgoing.channel)
        return self._all[key] if code is None else self._by_code[key, code]


def _tries(practice_id: UUID, outcomes: Collection[Outcome], now: datetime) -> _Tried:
    if not outcomes:
        return _Tried({}, ())
    messages = {each.attempt.message_id for each in outcomes}
    touchpoints = dict(Message.objects.filter(pk__any_of=messages).values_list("pk", "touchpoint"))
    rows = (
        Delivery.objects.filter(
            practice_id=practice_id,
            client_id__any_of={each.attempt.client_id for each in outcomes},
            attempted_at__gte=now - _REACHES_BACK,
            state=Delivery.State.REFUSED,
        )
        .exclude(error__in=[*NOT_MADE, NOT_TRIED_AGAIN])
        .values_list("client_id", "message__touchpoint", "channel", "error_code")
    )
    return _Tried(
        touchpoints, (((client_id, touchpoint, channel), code) for client_id, touchpoint, channel, code in rows)
    )
