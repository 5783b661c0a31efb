"""Which messages has the practice handed over, newest first?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from reminders.engine.words import Channel
from reminders.models import Delivery, Reminder

PAGE = 20
YEARS = range(1970, 9999)
"""What lies beyond has no wall time in every zone."""

NOT_ARRIVED = (Delivery.State.REFUSED, Delivery.State.UNDELIVERED)
FAILURES_REACH_BACK = timedelta(days=30)
"""Failures are few among many: the list of them reads the index no further back."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the outbox: just before (older than) or after (newer than) this delivery."""

    attempted_at: datetime
    delivery_id: UUID

    def __str__(self) -> str:
        return f"{self.attempted_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.delivery_id.hex}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Return the cursor that `str()` wrote.

        Raises:
            ValueError: it is none.
        """
        moment, separator, delivery_id = text.partition("-")
        if not separator:
            raise ValueError("A cursor is a moment and an id.")
        attempted_at = datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        if attempted_at.year not in YEARS:
            raise ValueError("No zone knows this moment.")
        return cls(attempted_at, UUID(hex=delivery_id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries. `failed_since`: only what did not arrive, handed over since, without what says `but_for`."""

    channel: Channel | None = None
    failed_since: datetime | None = None
    but_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """Deliveries newest first, and where older ones begin."""

    deliveries: tuple[Delivery, ...]
    older: Cursor | None


def outbox_page(practice_id: UUID, wanted: Wanted, before: Cursor | None) -> OutboxPage:
    """Return one page of the outbox, keyset-paged on (attempted_at, id): two queries."""
    rows = _deliveries(practice_id, wanted)
    if before is not None:
        earlier = Q(attempted_at__lt=before.attempted_at) | Q(
            attempted_at=before.attempted_at, id__lt=before.delivery_id
        )
        rows = rows.filter(earlier, attempted_at__lte=before.attempted_at)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    older = Cursor(shown[-1].attempted_at, shown[-1].id) if len(found) > PAGE else None
    return OutboxPage(tuple(shown), older)


def newer_deliveries(practice_id: UUID, wanted: Wanted, after: Cursor | None) -> OutboxPage:
    """Return what was handed over since, at most one page, newest first."""
    rows = _deliveries(practice_id, wanted)
    if after is not None:
        later = Q(attempted_at__gt=after.attempted_at) | Q(attempted_at=after.attempted_at, id__gt=after.delivery_id)
        rows = rows.filter(later, attempted_at__gte=after.attempted_at)
    shown = list(rows[:PAGE])
    return OutboxPage(tuple(shown), None)


def letter(delivery_id: UUID) -> Delivery | None:
    """Return an email with its HTML part; None where the practice in scope has no such email."""
    return Delivery.objects.filter(pk=delivery_id, channel=Channel.EMAIL).only("subject", "html", "text").first()


def _deliveries(practice_id: UUID, wanted: Wanted) -> QuerySet[Delivery]:
    reminders = Reminder.objects.select_related(
        "sequence__treatment_type", "sequence__treatment__location", "sequence__appointment__location"
    ).order_by("planned_at", "id")
    rows = (
        Delivery.objects.filter(practice_id=practice_id)
        .select_related("client", "message__provider", "template_version__approved_by__person")
        .prefetch_related(Prefetch("message__reminders", queryset=reminders))
        .order_by("-attempted_at", "-id")
        .defer("html", "headers")
    )
    if wanted.channel is not None:
        rows = rows.filter(channel=wanted.channel)
    if wanted.failed_since is not None:
        rows = rows.filter(state__in=NOT_ARRIVED, attempted_at__gte=wanted.failed_since).exclude(
            error__in=wanted.but_for
        )
    return rows
