"""Which reminders stand behind one figure of the ledger, the newest first? (SEQ-11, R33)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Q, Sum

from practices.operations.rows import run
from reminders.engine.words import SENT_STATES, ReminderState
from reminders.models import Reminder, ReminderTally
from reminders.queries.ledger import SUPPRESSED

PAGE: Final = 50
FIGURES: Final[Mapping[str, frozenset[ReminderState]]] = MappingProxyType(
    {
        "due": frozenset(ReminderState),
        "sent": SENT_STATES,
        "waiting": frozenset(
            {ReminderState.PLANNED, ReminderState.WAITING, ReminderState.CLAIMED, ReminderState.UNKNOWN}
        ),
        "suppressed": SUPPRESSED,
        "failed": frozenset({ReminderState.FAILED}),
    }
)
"""The figures of the ledger, and the states that each counts."""

# Of few among many: the days that have some are known, so that only those days' reminders are looked at, each on its
# range of the index and no further than one page.
_FIND: Final = """
    SELECT found.id FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS span(start, stop)
    CROSS JOIN LATERAL (
        SELECT r.id, r.allowed_at FROM reminders_reminder r
        WHERE r.allowed_at >= span.start AND r.allowed_at < span.stop AND r.allowed_at <= %(now)s
            AND r.practice_id = %(practice)s AND r.state = ANY(%(states)s) AND (r.state <> 'cancelled' OR r.came_due)
            AND (NOT %(is_narrow)s OR r.reason = %(reason)s)
            AND (%(after)s::uuid IS NULL OR (r.allowed_at, r.id) < (%(end_at)s, %(after)s::uuid))
        ORDER BY r.allowed_at DESC, r.id DESC LIMIT %(most)s
    ) found
    ORDER BY found.allowed_at DESC, found.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure is asked for: of `reason` where it is not None, from `start` until before `end`."""

    figure: str = "due"
    reason: str | None = None
    start: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    end: datetime = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Reminders, the newest first, and the one after which the next page begins."""

    reminders: tuple[Reminder, ...]
    more_after: UUID | None = None


def ledger_page(practice_id: UUID, asked: Asked, after: UUID | None, now: datetime) -> LedgerPage:
    """Return one page of the reminders that a figure counts: at most four queries, none of which reads all."""
    end_at = min(asked.end, now + timedelta(microseconds=1))
    if after is not None:
        last = Reminder.objects.filter(practice_id=practice_id, pk=after).values_list("allowed_at", flat=True).first()
        if last is None:
            return LedgerPage(())
        end_at = min(end_at, last + timedelta(microseconds=1))
    else:
        last = None
    if end_at <= asked.start:
        return LedgerPage(())
    spans = [_within(day, asked.start, end_at) for day in _days(practice_id, asked, end_at)]
    found = run(
        _FIND,
        {
            "practice": practice_id,
            "starts": [start for start, _ in spans],
            "ends": [end for _, end in spans],
            "end_at": last,
            "now": now,
            "states": [state.value for state in FIGURES[asked.figure]],
            "is_narrow": asked.reason is not None,
            "reason": asked.reason or "",
            "after": after,
            "most": PAGE + 1,
        },
    )
    ids = [row_id for (row_id,) in found]
    rows = Reminder.objects.filter(pk__any_of=ids).select_related(
        "client", "sequence__treatment_type", "sequence__treatment__location", "sequence__appointment__location",
        "message",
    )  # fmt: skip
    shown = sorted(rows, key=lambda each: (each.allowed_at, each.pk), reverse=True)[:PAGE]
    return LedgerPage(tuple(shown), shown[-1].pk if len(ids) > PAGE else None)


def _within(day: date, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """What lies of a day in UTC between two moments."""
    midnight = datetime.combine(day, time(), UTC)
    return max(midnight, start), min(midnight + timedelta(days=1), end)


def _days(practice_id: UUID, asked: Asked, end: datetime) -> list[date]:
    """The days in UTC, newest first, among which the page's reminders are: as many as a page and one may take."""
    first, last = asked.start.astimezone(UTC).date(), end.astimezone(UTC).date()
    tallies = ReminderTally.objects.filter(
        practice_id=practice_id, on__gte=first, on__lte=last, state__in=[state.value for state in FIGURES[asked.figure]]
    ).filter(~Q(state=ReminderState.CANCELLED.value) | Q(came_due=True))
    if asked.reason is not None:
        tallies = tallies.filter(reason=asked.reason)
    days: list[date] = []
    known = 0
    for on, count in tallies.values_list("on").annotate(count=Sum("change")).filter(count__gt=0).order_by("-on"):
        days.append(on)
        is_whole = first < on < last
        known += count if is_whole else 0
        if known > PAGE:
            break
    return days
