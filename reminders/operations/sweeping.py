"""Whose turn is it, and how far does one tick of the clock carry the work? (DESIGN.md 5)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from integrations.messaging import registry
from practices.models import Practice
from practices.tenancy import across_practices
from reminders.engine.words import OPEN_STATES
from reminders.models import ClientPlan, Reminder
from reminders.operations.attempts import Outcome
from reminders.operations.claiming import Batch, claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.open_gateways import OpenGateways

BATCH = 500
REMOTE_BATCH = 20
"""Calls to a remote gateway take their time, and a decision holds for two seconds (R32)."""
LEAST_BATCH = 5
QUICK = timedelta(seconds=0.6)
"""A batch that was delivered within this may be twice as large and still be in time."""
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
    sizes = _first_sizes(waiting)
    with OpenGateways() as gateways:
        while waiting and clock() < ends_at:
            still = []
            for practice_id in waiting:
                try:
                    batch = claim_batch(practice_id, clock(), sizes[practice_id])
                    began_at = clock()
                    outcomes = deliver(batch, clock, gateways)
                except Exception as error:  # noqa: BLE001 - raised below
                    trouble = trouble or error
                    continue
                decided += batch.clients
                sizes[practice_id] = _next_size(sizes[practice_id], batch, outcomes, clock() - began_at)
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


def _first_sizes(practices: list[UUID]) -> dict[UUID, int]:
    """How many clients each practice begins with: fewer where messages leave by a remote gateway."""
    local = [key for key, kind in registry.GATEWAYS.items() if kind.capabilities.is_local]
    with across_practices():
        remote = Practice.objects.filter(pk__in=practices).exclude(sms_gateway__in=local, email_gateway__in=local)
        small = set(remote.values_list("pk", flat=True))
    return {each: REMOTE_BATCH if each in small else BATCH for each in practices}


def _next_size(size: int, batch: Batch, outcomes: list[Outcome], took: timedelta) -> int:
    """Where decisions grew too old before they could be acted on, take fewer at a time; where there is time, more."""
    too_old = sum(each.is_too_old for each in outcomes)
    if batch.attempts and too_old * 2 > len(batch.attempts):
        return max(LEAST_BATCH, size // 2)
    return min(BATCH, size * 2) if not too_old and took <= QUICK else size
