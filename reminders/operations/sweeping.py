"""Whose turn is it, and how far does one tick of the clock carry the work? (DESIGN.md 5)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from practices.models import Practice
from practices.tenancy import across_practices
from reminders.engine.words import OPEN_STATES
from reminders.models import ClientPlan, Reminder
from reminders.operations.claiming import Batch, claim_batch
from reminders.operations.delivering import Outcome, deliver

BATCH = 500
LEAST_BATCH = 5
TICK_LASTS = timedelta(seconds=20)
TICKS_EVERY = 5  # seconds, as medspa/beat.py has it


def sweep(clock: Callable[[], datetime]) -> int:
    """Decide on everything that is due and deliver it; return how many clients were decided on.

    Practices take turns, a batch each, so that a large import of one delays nobody. Any number of
    workers may sweep at once: a client's row is claimed by one of them. A practice in trouble is left out for
    this time, and what was wrong is raised when the others have had their turns.
    """
    ends_at = clock() + TICK_LASTS
    decided = 0
    trouble: Exception | None = None
    waiting = practices_due(clock())
    sizes = dict.fromkeys(waiting, BATCH)
    while waiting and clock() < ends_at:
        still = []
        for practice_id in waiting:
            try:
                batch = claim_batch(practice_id, clock(), sizes[practice_id])
                outcomes = deliver(batch, clock)
            except Exception as error:  # noqa: BLE001 - raised below
                trouble = trouble or error
                continue
            decided += batch.clients
            sizes[practice_id] = _next_size(sizes[practice_id], batch, outcomes)
            if batch.clients:
                still.append(practice_id)
        waiting = still
    if trouble is not None:
        raise trouble
    return decided


def practices_due(now: datetime) -> list[UUID]:
    """Return the live practices that have something to decide, in an order that changes from tick to tick.

    One probe of an index for each practice, whatever lies in the future.
    """
    due = Reminder.objects.filter(
        practice_id=OuterRef("pk"), state__in=[state.value for state in OPEN_STATES], due_at__lte=now
    )
    replan = ClientPlan.objects.filter(practice_id=OuterRef("pk"), replan_at__lte=now)
    with across_practices():
        found = list(
            Practice.objects.filter(~Q(status=Practice.Status.SETUP))
            .filter(Q(Exists(due)) | Q(Exists(replan)))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    turn = int(now.timestamp()) // TICKS_EVERY % len(found) if found else 0
    return found[turn:] + found[:turn]


def _next_size(size: int, batch: Batch, outcomes: list[Outcome]) -> int:
    """Where decisions grew too old before they could be acted on, take fewer at a time."""
    too_old = sum(each.is_too_old for each in outcomes)
    if batch.attempts and too_old * 2 > len(batch.attempts):
        return max(LEAST_BATCH, size // 2)
    return min(BATCH, size * 2)
