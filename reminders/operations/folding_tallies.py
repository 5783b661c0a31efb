"""How do the changes that the database noted become one number each again? (DESIGN.md 6)"""

from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from practices.models import Practice
from practices.operations.rows import run
from practices.tenancy import across_practices, practice_scope
from reminders.models import ReminderTally, StandingTally

# What is folded goes and comes back as its sum in one statement, so that a reader sees the one or the other. What is
# noted meanwhile is left for the next time; of two that fold at once, each sums up only what it took away itself.
_FOLD: Final = """
    WITH noted AS (
        SELECT DISTINCT {columns} FROM {table} WHERE practice_id = %(practice)s AND NOT is_folded
    ), gone AS (
        DELETE FROM {table} t USING noted WHERE t.practice_id = %(practice)s AND {same}
        RETURNING t.*
    )
    INSERT INTO {table} (id, practice_id, {columns}, change, is_folded)
    SELECT gen_random_uuid(), practice_id, {columns}, sum(change), true FROM gone
    GROUP BY practice_id, {columns} HAVING sum(change) <> 0
"""
_NUMBERED: Final[dict[str, tuple[str, ...]]] = {
    "reminders_standingtally": ("standing", "sms_word", "email_word"),
    "reminders_remindertally": ('"on"', "state", "reason", "came_due"),
}


def fold_tallies() -> int:
    """Will sum up what was noted since the last time, practice by practice; return how many that were."""
    practices = practices_with_news()
    for practice_id in practices:
        fold_tallies_of(practice_id)
    return len(practices)


def fold_tallies_of(practice_id: UUID) -> None:
    """Will leave one row for each number of a practice that has changed. Safe beside writers and another folder."""
    with practice_scope(practice_id):
        for table, columns in _NUMBERED.items():
            same = " AND ".join(f"t.{column} = noted.{column}" for column in columns)
            statement = _FOLD.format(table=table, columns=", ".join(columns), same=same)
            run(statement, {"practice": practice_id})


def practices_with_news() -> list[UUID]:
    """Return the practices in which a number has changed: one probe of an index for each. Crosses practices."""

    def noted(model: Any) -> Exists:
        return Exists(model.objects.filter(practice_id=OuterRef("pk"), is_folded=False))

    with across_practices():
        found = Practice.objects.filter(Q(noted(StandingTally)) | Q(noted(ReminderTally))).order_by("pk")
        return list(found.values_list("pk", flat=True))
