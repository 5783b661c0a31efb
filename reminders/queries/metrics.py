"""How do all practices together fare? For the operator's monitoring: sums alone, nothing of a practice. (OPS-2)"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from django.db import connection
from django.db.models import Min, Q, Subquery
from django.db.models.expressions import OuterRef

from practices.models import Practice
from practices.tenancy import across_practices
from reminders.engine.words import OPEN_STATES, ReminderState
from reminders.models import Delivery, Reminder
from reminders.queries.ledger import Ledger

# Whole days as the database keeps them; of today, in UTC, each practice's short range of the index on `allowed_at`.
_ALL: Final = """
    SELECT state, reason, sum(number)::bigint FROM (
        SELECT state, reason, sum(change) AS number FROM reminders_remindertally
        WHERE "on" < %(today)s AND (state <> 'cancelled' OR came_due) GROUP BY 1, 2
        UNION ALL
        SELECT r.state, r.reason, count(*) FROM practices_practice p
        JOIN reminders_reminder r ON r.practice_id = p.id AND r.allowed_at >= %(midnight)s AND r.allowed_at <= %(now)s
        WHERE r.state <> 'cancelled' OR r.came_due GROUP BY 1, 2
    ) AS counted GROUP BY 1, 2 HAVING sum(number) <> 0
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures; `ledger.due` is the sum of the four (R33)."""

    ledger: Ledger
    lag_seconds: float
    """For how long the reminder that has waited longest for a decision has been due; 0: none waits."""
    unknown: int
    """Attempts of which nobody knows yet whether they arrived."""


def standing_of_all(now: datetime) -> Standing:
    """Return how reminders and deliveries of all practices stand; the ledger in one snapshot. No scope may be open."""
    ledger = Ledger()
    today = now.astimezone(UTC).date()
    known = {"today": today, "midnight": datetime.combine(today, time(), UTC), "now": now}
    with across_practices():
        with connection.cursor() as cursor:
            cursor.execute(_ALL, known)
            for state, reason, number in cursor.fetchall():
                ledger.add(ReminderState(state), reason, number)
        oldest = _oldest(now)
        unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN).count()
    return Standing(ledger, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0, unknown)


def _oldest(now: datetime) -> datetime | None:
    """When the oldest reminder that nobody has decided on came due: one probe of an index for each practice."""
    open_states = [state.value for state in OPEN_STATES]
    waiting = Reminder.objects.filter(practice_id=OuterRef("pk"), state__in=open_states, due_at__lte=now)
    first = Subquery(waiting.order_by("due_at").values("due_at")[:1])
    practices = Practice.objects.filter(~Q(status=Practice.Status.SETUP)).annotate(first=first)
    oldest: datetime | None = practices.aggregate(oldest=Min("first"))["oldest"]
    return oldest
