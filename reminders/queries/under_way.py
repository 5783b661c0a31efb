"""How many sequences follow each cadence, and how many of their reminders are due soon?"""

from collections import Counter
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

# Both are answered from indexes: sequence_live_types alone, and reminder_due with the keys of its sequences.
_LIVE: Final = """
    SELECT treatment_type_id, cadence_version_id, count(*) FROM reminders_sequence
    WHERE practice_id = %s AND kind = 'refill' AND state IN ('open', 'booked', 'paused', 'holdout')
    {one}
    GROUP BY 1, 2
"""
_DUE: Final = """
    SELECT s.treatment_type_id, count(*) FROM reminders_reminder r JOIN reminders_sequence s ON s.id = r.sequence_id
    WHERE r.practice_id = %s AND r.state IN ('planned', 'waiting') AND r.due_at < %s
    AND s.practice_id = %s AND s.kind = 'refill' AND s.state = 'open'
    GROUP BY 1
"""

Following = tuple[UUID, UUID]
"""A treatment type and the version of its cadence that a sequence follows."""


def under_way(practice_id: UUID, treatment_type_id: UUID | None = None) -> Counter[Following]:
    """Return how many live refill sequences follow each version of each treatment type, or of one (LIB-6)."""
    one, wanted = ("AND treatment_type_id = %s", [treatment_type_id]) if treatment_type_id else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(_LIVE.format(one=one), [practice_id, *wanted])
        return Counter({(type_id, version_id): count for type_id, version_id, count in cursor.fetchall()})


def due_before(practice_id: UUID, until: datetime) -> Counter[UUID]:
    """Return how many refill reminders of each treatment type are decided on before a moment, overdue ones included.

    Of open sequences alone: what a booking, a pause or the holdout holds back is not due.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [practice_id, until, practice_id])
        return Counter(dict(cursor.fetchall()))
