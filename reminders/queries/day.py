"""Which messages are of one day, and how did each fare? Keyset-limited, whatever the day holds (SEQ-11, R33)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from reminders.engine.words import OPEN_STATES, SENT_STATES, Reason, ReminderState
from reminders.models import Delivery, Message, Reminder
from reminders.queries.ledger import SUPPRESSED, Ledger, has_come
from reminders.queries.paging import Place

OPEN = [state.value for state in OPEN_STATES]


class Show(StrEnum):
    """Which part of a day is asked for; each figure of the sum has one."""

    ALL = ""
    SENT = "sent"
    NOT_SENT = "not-sent"
    WAITING = "waiting"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    LATER = "later"


@dataclass(slots=True)
class DayTally:
    """The sums of one day: of what has come due, what was confirmed delivered, what comes, what bookings stopped."""

    ledger: Ledger = field(default_factory=Ledger)
    delivered: int = 0
    planned: int = 0
    stopped_by_bookings: int = 0

    @property
    def all(self) -> int:
        """Every reminder of the day that came due or may."""
        return self.ledger.due + self.planned


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the feed: the reminders that joined in it (R22), or one that has none (yet)."""

    reminders: tuple[Reminder, ...]
    message: Message | None

    @property
    def first(self) -> Reminder:
        """The reminder that set the line's moment."""
        return self.reminders[0]


@dataclass(frozen=True, slots=True)
class Feed:
    """Lines in the order of time, and where earlier ones end."""

    lines: tuple[Line, ...]
    earlier: Place | None


def tally_of_day(practice_id: UUID, start_at: datetime, end_at: datetime, now: datetime) -> DayTally:
    """Count the reminders whose first allowed moment lies in the day: one query on the index (practice, allowed_at)."""
    tally = DayTally()
    rows = (
        Reminder.objects.filter(practice_id=practice_id, allowed_at__gte=start_at, allowed_at__lt=end_at)
        .annotate(is_due=Case(When(has_come(now), then=Value(value=True)), default=Value(value=False)))
        .values_list("state", "reason", "is_due")
        .annotate(count=Count("*"))
    )
    for state, reason, is_due, count in rows:
        if is_due:
            tally.ledger.add(ReminderState(state), reason, count)
            tally.delivered += count if state == ReminderState.DELIVERED else 0
        elif state in OPEN:
            tally.planned += count
        elif state == ReminderState.CANCELLED and reason == Reason.BOOKED:
            tally.stopped_by_bookings += count
    return tally


def feed_so_far(
    practice_id: UUID, start_at: datetime, now: datetime, show: Show, before: Place | None, most: int
) -> Feed:
    """Return the latest lines of what came due since the day began, at most `most`: four queries or fewer."""
    rows = _with_names(
        Reminder.objects.filter(has_come(now), _shown(show), practice_id=practice_id, allowed_at__gte=start_at)
    ).order_by("-allowed_at", "-id")
    if before is not None:
        earlier = Q(allowed_at__lt=before.at) | Q(allowed_at=before.at, id__lt=before.row_id)
        rows = rows.filter(earlier, allowed_at__lte=before.at)
    found = list(rows[: most + 1])
    read = found[:most]
    lines = [_line(each, start_at) for each in reversed(read)]
    place = Place(0, read[-1].allowed_at, read[-1].pk) if len(found) > most else None
    return Feed(tuple(line for line in lines if line is not None), place)


def feed_ahead(practice_id: UUID, now: datetime, end_at: datetime, most: int) -> Feed:
    """Return the next lines that are planned for the rest of the day, at most `most`: two queries."""
    rows = _with_names(
        Reminder.objects.filter(practice_id=practice_id, state__in=OPEN, allowed_at__gt=now, allowed_at__lt=end_at)
    ).order_by("allowed_at", "id")
    return Feed(tuple(Line((each,), None) for each in rows[:most]), None)


def failed_lines(rows: QuerySet[Reminder], most: int) -> tuple[Line, ...]:
    """Return the newest of these failed reminders, one line a message."""
    found = list(_with_names(rows).order_by("-allowed_at", "-id")[: 2 * most])
    lines = {each.message_id: _line(each, None) for each in reversed(found)}
    return tuple(line for line in reversed(list(lines.values())) if line is not None)[:most]


def _with_names(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    joined = Reminder.objects.select_related("sequence__treatment_type").order_by("allowed_at", "id")
    tries = Delivery.objects.only(
        "message_id", "channel", "gateway", "state", "error", "attempted_at", "next_at"
    ).order_by("attempted_at", "id")
    return rows.select_related(
        "client", "message", "sequence__treatment_type", "sequence__treatment__location"
    ).prefetch_related(Prefetch("message__reminders", queryset=joined), Prefetch("message__deliveries", queryset=tries))


def _line(reminder: Reminder, start_at: datetime | None) -> Line | None:
    """Return the line that a reminder opens; None where another reminder of its message opens it."""
    message = reminder.message
    if message is None:
        return Line((reminder,), None)
    together = sorted(message.reminders.all(), key=lambda each: start_at is not None and each.allowed_at < start_at)
    return Line((reminder, *together[1:]), message) if together[0].pk == reminder.pk else None


def _shown(show: Show) -> Q:
    sent, suppressed = [state.value for state in SENT_STATES], [state.value for state in SUPPRESSED]
    failed = [ReminderState.FAILED.value]
    match show:
        case Show.SENT:
            return Q(state__in=sent)
        case Show.NOT_SENT:
            return ~Q(state__in=sent)
        case Show.WAITING:
            return ~Q(state__in=[*sent, *suppressed, *failed])
        case Show.SUPPRESSED:
            return Q(state__in=suppressed)
        case Show.FAILED:
            return Q(state__in=failed)
        case Show.ALL | Show.LATER:
            return Q()
