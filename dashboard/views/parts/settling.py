"""Of which messages in doubt is staff asked whether they arrived, because no carrier will tell soon? (CHN-3)"""

from collections.abc import Collection
from uuid import UUID

from dashboard.views.access import Staff
from reminders.queries.unsettled import needing_a_person


def to_be_settled(staff: Staff, delivery_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these deliveries that need a person: one query, none where there are no deliveries."""
    if not delivery_ids:
        return frozenset()
    needing = needing_a_person(staff.now, practice_id=staff.practice_id, pk__in=delivery_ids)
    return frozenset(needing.values_list("pk", flat=True))
