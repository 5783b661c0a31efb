"""How are the plans of thousands of clients made anew without holding up whoever changed them?

Whatever leaves is planned anew at the moment it is claimed (R32), so an older plan may stand for some seconds.
A practice that is live is served by the sweep itself; one that is still being set up is served here.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from uuid6 import uuid7

from practices.models import Practice
from practices.operations.rows import insert_rows
from practices.tenancy import across_practices, practice_scope
from reminders.models import ClientPlan
from reminders.operations.planning import replan_in

BATCH: Final = 500
TICK_LASTS: Final = timedelta(seconds=20)
_SOONER: Final = """
    ON CONFLICT (client_id) DO UPDATE SET replan_at = LEAST(reminders_clientplan.replan_at, excluded.replan_at)
"""


def leave_to_the_clock(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Will have these clients planned anew by the next ticks, some hundreds at a time; in the open scope."""
    rows = [(uuid7(), practice_id, client_id, now) for client_id in sorted(client_ids)]
    insert_rows(ClientPlan, ("id", "practice_id", "client_id", "replan_at"), rows, on_conflict=_SOONER)


def catch_up(clock: Callable[[], datetime]) -> int:
    """Will plan what waits in practices that are still being set up, where nothing leaves; returns how many clients."""
    ends_at = clock() + TICK_LASTS
    done = 0
    for practice_id in _practices_waiting(clock()):
        while clock() < ends_at:
            now = clock()
            with practice_scope(practice_id):
                waiting = ClientPlan.objects.filter(practice_id=practice_id, replan_at__lte=now).order_by("replan_at")
                client_ids = list(waiting.values_list("client_id", flat=True)[:BATCH])
                if client_ids:
                    replan_in(practice_id, client_ids, now)
            done += len(client_ids)
            if len(client_ids) < BATCH:
                break
    return done


def _practices_waiting(now: datetime) -> list[UUID]:
    waiting = ClientPlan.objects.filter(practice_id=OuterRef("pk"), replan_at__lte=now)
    with across_practices():
        rows = Practice.objects.filter(Exists(waiting), status=Practice.Status.SETUP)
        return list(rows.order_by("pk").values_list("pk", flat=True))
