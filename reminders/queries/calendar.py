"""What is planned for the coming days and weeks? Counted and listed on the partial index of open reminders."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence as Series
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, QuerySet, Value

from reminders.engine.words import OPEN_STATES, SequenceKind, SequenceState
from reminders.models import Reminder
from reminders.queries.paging import Place

OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Planned:
    """So many open reminders of one sort on one day. `day` counts the days asked for, from zero."""

    day: int
    kind: SequenceKind
    treatment_type: str
    """Its name; empty where the sequence is about none."""
    step: str
    is_held_out: bool
    """They will not leave (R30)."""
    count: int


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One page of a day's open reminders in the order of time, and where the next page begins."""

    reminders: tuple[Reminder, ...]
    following: Place | None


def planned_by_day(practice_id: UUID, midnights: Series[datetime], *, with_overdue: bool) -> Mapping[int, int]:
    """Return how many open reminders each day holds: one query, on the index alone.

    `midnights` part the days: the first begins at the first of them, the last ends at the last. `with_overdue`: what
    was due before counts on the first day.
    """
    rows = (
        _between(practice_id, midnights, with_overdue=with_overdue)
        .annotate(day=_day_of(midnights))
        .order_by()
        .values_list("day")
        .annotate(count=Count("*"))
    )
    found: Counter[int] = Counter()
    for day, count in rows:
        found[max(day - 1, 0)] += count
    return found


def planned_by_sort(practice_id: UUID, midnights: Series[datetime], *, with_overdue: bool) -> tuple[Planned, ...]:
    """Return the same by treatment type and step: one query."""
    rows = (
        _between(practice_id, midnights, with_overdue=with_overdue)
        .annotate(day=_day_of(midnights), kind=F("sequence__kind"), type_name=F("sequence__treatment_type__name"))
        .annotate(is_held_out=Q(sequence__state=SequenceState.HOLDOUT.value))
        .order_by()
        .values_list("day", "kind", "type_name", "step", "is_held_out")
        .annotate(count=Count("*"))
    )
    return tuple(
        Planned(max(day - 1, 0), SequenceKind(kind), type_name or "", step, is_held_out, count)
        for day, kind, type_name, step, is_held_out, count in rows
    )


def planned_on(
    practice_id: UUID, start_at: datetime, end_at: datetime, after: Place | None, most: int, *, with_overdue: bool
) -> PlannedDay:
    """Return the open reminders of one day with whom and what they are about, keyset-paged: two queries.

    The rows of the page are found by themselves first: whatever is sorted is narrow.
    """
    rows = _between(practice_id, (start_at, end_at), with_overdue=with_overdue).order_by("due_at", "id")
    if after is not None:
        later = Q(due_at__gt=after.at) | Q(due_at=after.at, id__gt=after.row_id)
        rows = rows.filter(later, due_at__gte=after.at)
    chosen = list(rows.values_list("pk", flat=True)[: most + 1])
    shown = (
        Reminder.objects.filter(practice_id=practice_id, pk__any_of=chosen[:most])
        .select_related(
            "client",
            "sequence__treatment_type",
            "sequence__treatment__location",
            "sequence__appointment__location",
        )
        .order_by("due_at", "id")
    )
    reminders = tuple(shown)
    following = Place(0, reminders[-1].due_at, reminders[-1].pk) if len(chosen) > most else None
    return PlannedDay(reminders, following)


def _between(practice_id: UUID, midnights: Series[datetime], *, with_overdue: bool) -> QuerySet[Reminder]:
    rows = Reminder.objects.filter(practice_id=practice_id, state__in=OPEN, due_at__lt=midnights[-1])
    return rows if with_overdue else rows.filter(due_at__gte=midnights[0])


def _day_of(midnights: Series[datetime]) -> Func:
    """Which of the days a reminder is due on, from one; zero: before the first."""
    thresholds = Value(list(midnights), output_field=ArrayField(DateTimeField()))
    return Func(F("due_at"), thresholds, function="width_bucket", output_field=IntegerField())
