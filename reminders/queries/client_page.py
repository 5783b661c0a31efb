"""What was, is and will be said to one client?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Max, OuterRef, QuerySet, Subquery, Sum

from reminders.models import Call, Delivery, Reminder, Sequence, TrackedLink


@dataclass(frozen=True, slots=True)
class Openings:
    """How often the booking links of one reminder were opened, on all channels, and when last."""

    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ClientOutreach:
    """The sequences, reminders and deliveries of one client, each in the order of time."""

    sequences: tuple[Sequence, ...]
    reminders: tuple[Reminder, ...]
    deliveries: Mapping[UUID, tuple[Delivery, ...]]
    """Message id -> its deliveries."""
    calls: tuple[Call, ...]
    openings: Mapping[UUID, Openings]
    """Reminder id -> how often its booking links were opened; only of those that were."""


def client_outreach(practice_id: UUID, client_id: UUID) -> ClientOutreach:
    """Return everything planned for and said to a client: four queries, however much it is."""
    sequences = {
        row.pk: row
        for row in Sequence.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("treatment_type", "cadence_version", "treatment__location", "appointment__location")
        .order_by("opened_at", "id")
    }
    reminders = list(
        Reminder.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("message__provider")
        .annotate(
            times_opened=Subquery(_opened(Sum("times_opened"))), last_opened_at=Subquery(_opened(Max("last_opened_at")))
        )
        .order_by("due_at", "position", "id")
    )
    for reminder in reminders:
        reminder.sequence = sequences[reminder.sequence_id]
    calls = (
        Call.objects.filter(practice_id=practice_id, client_id=client_id)
        .select_related("taken_by__person", "closed_by__person")
        .order_by("opened_at", "id")
    )
    return ClientOutreach(
        sequences=tuple(sequences.values()),
        reminders=tuple(reminders),
        deliveries=_deliveries_of(practice_id, client_id),
        calls=tuple(calls),
        openings={
            each.pk: Openings(each.times_opened, each.last_opened_at) for each in reminders if each.last_opened_at
        },
    )


def _deliveries_of(practice_id: UUID, client_id: UUID) -> dict[UUID, tuple[Delivery, ...]]:
    rows = (
        Delivery.objects.filter(message__practice_id=practice_id, message__client_id=client_id)
        .select_related("client", "message__written_by__person", "template_version__approved_by__person")
        .defer("html", "headers")
        .order_by("attempted_at", "id")
    )
    found: dict[UUID, tuple[Delivery, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), row)
    return found


def _opened(what: Aggregate) -> QuerySet[Any, Any]:
    """One sum over the links of a reminder that were opened, as a part of its row."""
    links = TrackedLink.objects.filter(reminder_id=OuterRef("pk"), practice_id=OuterRef("practice_id"))
    return links.filter(times_opened__gt=0).order_by().values("reminder_id").annotate(found=what).values("found")
