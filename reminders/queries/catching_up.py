"""How many clients wait to be planned anew?"""

from datetime import datetime
from typing import Final
from uuid import UUID

from reminders.models import ClientPlan

MOST_COUNTED: Final = 100_000


def clients_to_plan(practice_id: UUID, now: datetime) -> int:
    """Return how many clients of the practice wait for a new plan, from the index of what is due."""
    waiting = ClientPlan.objects.filter(practice_id=practice_id, replan_at__lte=now)
    return waiting[:MOST_COUNTED].count()
