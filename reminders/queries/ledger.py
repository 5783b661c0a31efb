"""What became of every reminder whose moment has come? due = sent + waiting + suppressed + failed (SEQ-11, R33)"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from practices.operations.rows import run
from reminders.engine.words import SENT_STATES, ReminderState
from reminders.models import Reminder, ReminderTally

State = ReminderState
_COUNT_EDGES: Final = """
    SELECT date_trunc('month', r.allowed_at AT TIME ZONE %(zone)s)::date,
        CASE WHEN r.allowed_at < %(today)s THEN date_trunc('month', r.allowed_at AT TIME ZONE 'UTC')::date END,
        r.state, r.reason, count(*)
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS edge(start, stop)
    JOIN reminders_reminder r ON r.allowed_at >= edge.start AND r.allowed_at < edge.stop
    WHERE r.practice_id = %(practice)s AND r.allowed_at <= %(now)s AND (r.state <> 'cancelled' OR r.came_due)
    GROUP BY 1, 2, 3, 4
"""
_COUNT: Final = """
    SELECT r.state, r.reason, count(*)
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS edge(start, stop)
    JOIN reminders_reminder r ON r.allowed_at >= edge.start AND r.allowed_at < edge.stop
    WHERE r.practice_id = %(practice)s AND r.allowed_at <= %(now)s AND (r.state <> 'cancelled' OR r.came_due)
    GROUP BY 1, 2
"""
SUPPRESSED = frozenset({State.SUPPRESSED, State.EXPIRED, State.CANCELLED})


@dataclass(slots=True)
class Ledger:
    """The sums of one client or of a practice. `suppressed` by reason."""

    sent: int = 0
    waiting: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def due(self) -> int:
        """Always the sum of the rest: it is counted from the same rows, each in exactly one place."""
        return self.sent + self.waiting + self.suppressed.total() + self.failed

    def add(self, state: ReminderState, reason: str, count: int = 1) -> None:
        """Count reminders whose moment has come."""
        if state in SENT_STATES:
            self.sent += count
        elif state in SUPPRESSED:
            self.suppressed[reason or state.value.upper()] += count
        elif state is State.FAILED:
            self.failed += count
        else:
            self.waiting += count


def has_come(now: datetime) -> Q:
    """Reminders whose moment has come, less those cancelled before it (R33)."""
    return Q(allowed_at__lte=now) & (~Q(state=State.CANCELLED.value) | Q(came_due=True))


def ledger_of_practice(practice_id: UUID, now: datetime) -> Ledger:
    """Return the ledger of the practice whose scope is open: whole days as the database keeps them, today counted."""
    ledger = Ledger()
    _add_days(ledger, practice_id, date.min, _utc_day(now))
    _add_counted(ledger, practice_id, [(_midnight(_utc_day(now)), _after(now))], now)
    return ledger


def ledger_between(practice_id: UUID, start: datetime, end: datetime, now: datetime) -> Ledger:
    """Return the ledger of the reminders whose moment came from `start` until before `end`: at most two queries.

    Whole days in UTC are as the database keeps them; what lies before the first and after the last is counted.
    """
    ledger = Ledger()
    first = _utc_day(start) if start == _midnight(_utc_day(start)) else _utc_day(start) + timedelta(days=1)
    last = min(_utc_day(end), _utc_day(now))
    edges = [(start, end)]
    if first < last:
        _add_days(ledger, practice_id, first, last)
        edges = [(start, _midnight(first)), (_midnight(last), end)]
    _add_counted(ledger, practice_id, edges, now)
    return ledger


def ledger_by_month(practice_id: UUID, time_zone: str, now: datetime) -> dict[date, Ledger]:
    """Return the ledger of each month in the practice's zone, by its first day, the newest first: two queries.

    The days that the database keeps are days in UTC. So the hours by which a month begins later or earlier than in
    UTC are counted, and put where they belong.
    """
    found: dict[date, Ledger] = {}
    today = _utc_day(now)
    rows = _days(practice_id, date.min, today).values_list("on__year", "on__month", "state", "reason")
    for year, month, state, reason, count in rows.annotate(count=Sum("change")):
        _month(found, date(year, month, 1)).add(State(state), reason, count)
    this_month = now.astimezone(ZoneInfo(time_zone)).date().replace(day=1)
    starts, ends = zip(*_edges(min([*found, this_month]), this_month, time_zone, now), strict=True)
    counted = run(
        _COUNT_EDGES,
        {
            "zone": time_zone,
            "practice": practice_id,
            "today": _midnight(today),
            "now": now,
            "starts": list(starts),
            "ends": list(ends),
        },
    )
    for local, utc, state, reason, count in counted:
        _month(found, local).add(State(state), reason, count)
        if utc is not None:
            _month(found, utc).add(State(state), reason, -count)
    for ledger in found.values():
        ledger.suppressed = +ledger.suppressed
    return {month: found[month] for month in sorted(found, reverse=True) if found[month].due}


def ledger_of(reminders: Iterable[Reminder], now: datetime) -> Ledger:
    """Return the ledger of reminders already read."""
    ledger = Ledger()
    for each in reminders:
        if each.allowed_at <= now and (each.state != State.CANCELLED.value or each.came_due):
            ledger.add(ReminderState(each.state), each.reason)
    return ledger


def _edges(first: date, last: date, time_zone: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """The hours between the beginnings of each month in the zone and in UTC, and what has come of today."""
    today = _midnight(_utc_day(now))
    edges = [(today, _after(now))]
    month = first
    while month <= last + timedelta(days=31):
        local = datetime.combine(month, time(), ZoneInfo(time_zone)).astimezone(UTC)
        start, end = min(_midnight(month), local), min(max(_midnight(month), local), today)
        if start < end:
            edges.append((start, end))
        month = (month + timedelta(days=31)).replace(day=1)
    return edges


def _month(found: dict[date, Ledger], month: date) -> Ledger:
    return found.setdefault(month, Ledger())


def _days(practice_id: UUID, first: date, before: date) -> QuerySet[ReminderTally]:
    """What the database keeps of the days from `first` until before another, as has_come() has it."""
    rows = ReminderTally.objects.filter(practice_id=practice_id, on__gte=first, on__lt=before)
    return rows.filter(~Q(state=State.CANCELLED.value) | Q(came_due=True))


def _add_days(ledger: Ledger, practice_id: UUID, first: date, before: date) -> None:
    rows = _days(practice_id, first, before).values_list("state", "reason").annotate(count=Sum("change"))
    for state, reason, count in rows:
        if count:
            ledger.add(State(state), reason, count)


def _add_counted(ledger: Ledger, practice_id: UUID, edges: Sequence[tuple[datetime, datetime]], now: datetime) -> None:
    """Count what came within these spans, each on its range of the index (practice, allowed_at)."""
    starts, ends = zip(*edges, strict=True)
    known = {"practice": practice_id, "now": now, "starts": list(starts), "ends": list(ends)}
    for state, reason, count in run(_COUNT, known):
        ledger.add(State(state), reason, count)


def _after(now: datetime) -> datetime:
    """The first moment that has not come."""
    return now + timedelta(microseconds=1)


def _utc_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
