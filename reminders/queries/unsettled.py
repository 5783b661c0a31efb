"""Of which messages does nobody know whether they arrived? (CHN-3)"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from reminders.models import Delivery, Reminder
from reminders.queries.paging import Place

PAGE: Final = 20
COUNTED: Final = 100
"""So many are counted; of more it is said that there are."""
FOUND_OUT_WITHIN: Final = timedelta(minutes=15)
"""By then the carrier's report or its answer has mostly come; what is left needs a person."""


@dataclass(frozen=True, slots=True)
class UnsettledPage:
    """Deliveries, the oldest first, and where newer ones begin."""

    deliveries: tuple[Delivery, ...]
    more_after: Place | None


def unsettled_page(practice_id: UUID, after: Place | None) -> UnsettledPage:
    """Return one page of what nobody knows of, from the index of just these: two queries, none that counts."""
    rows = _unknown(practice_id)
    if after is not None:
        later = Q(attempted_at__gt=after.at) | Q(attempted_at=after.at, pk__gt=after.row_id)
        rows = rows.filter(later, attempted_at__gte=after.at)
    reminders = Reminder.objects.select_related("sequence__treatment_type").order_by("planned_at", "id")
    found = list(
        rows.select_related("client", "message__written_by__person")
        .prefetch_related(Prefetch("message__reminders", queryset=reminders))
        .defer("html", "headers")
        .order_by("attempted_at", "pk")[: PAGE + 1]
    )
    shown = tuple(found[:PAGE])
    more_after = Place(0, shown[-1].attempted_at, shown[-1].pk) if len(found) > PAGE else None
    return UnsettledPage(shown, more_after)


def unsettled_delivery(practice_id: UUID, delivery_id: UUID) -> Delivery | None:
    """Return a delivery with its client, in whatever state; None where the practice has no such delivery."""
    rows = Delivery.objects.filter(practice_id=practice_id, pk=delivery_id)
    return rows.select_related("client").defer("text", "html", "headers").first()


def needing_a_person(now: datetime, **own: Any) -> QuerySet[Delivery]:
    """Return at most `COUNTED` deliveries that nobody knows of and that no carrier will tell of soon.

    `own`: whose, as filters. Those that cannot be asked about count at once.
    """
    rows = Delivery.objects.filter(
        Q(next_at=None) | Q(attempted_at__lte=now - FOUND_OUT_WITHIN), **own, state=Delivery.State.UNKNOWN
    )
    return rows.order_by("attempted_at")[:COUNTED]


def _unknown(practice_id: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(practice_id=practice_id, state=Delivery.State.UNKNOWN)
