"""When does each message around an appointment leave, and which are left out? (R4, R5, R8)"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cadences.timeline import at_local
from reminders.engine.moves import cancelled, moved
from reminders.engine.send_windows import SendWindow, next_open, previous_open
from reminders.engine.values import Policy, Reminder, Visit
from reminders.engine.words import Reason, ReminderState

BOOKED, MOVED, CANCELLED = "booked", "moved", "cancelled"
HOURS_48, HOURS_24, MORNING, EVENING_BEFORE = "hours_48", "hours_24", "morning", "evening_before"
POSITIONS = (BOOKED, MOVED, HOURS_48, HOURS_24, EVENING_BEFORE, MORNING, CANCELLED)

AT_ONCE = timedelta(minutes=15)
TOO_OLD = timedelta(hours=24)
MOVES_SETTLE = timedelta(minutes=10)
APART = timedelta(hours=3)
MORNING_OPENS = time(8)
EARLY_START = time(9, 30)
EVENING = time(18)


@dataclass(frozen=True, slots=True)
class Lead:
    """The appointment that speaks for a visit: all of one client, location and day (R11).

    `starts_at` is the earliest start of them, `moved_at` when that start last changed.
    """

    visit: Visit
    starts_at: datetime
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step before the appointment leaves: as counted, and inside the window."""

    step: str
    planned_at: datetime
    due_at: datetime


def moments_before(visit: Visit, starts_at: datetime, window: SendWindow) -> tuple[Moment, ...]:
    """Return when the 48-hour, 24-hour and morning steps leave: moved back into the window (R5).

    One that would come within 3 hours of the one before is left out.
    """
    local = starts_at.astimezone(ZoneInfo(visit.zone))
    if local.time() < EARLY_START:
        last = (EVENING_BEFORE, at_local(local.date() - timedelta(days=1), EVENING, visit.zone))
    else:
        opens = at_local(local.date(), MORNING_OPENS, visit.zone)
        last = (MORNING, max(starts_at - timedelta(hours=3), opens))
    counted = ((HOURS_48, starts_at - timedelta(hours=48)), (HOURS_24, starts_at - timedelta(hours=24)), last)
    moments: list[Moment] = []
    for step, planned_at in counted:
        due_at = previous_open(window, planned_at)
        if due_at is not None and not (moments and due_at - moments[-1].due_at < APART):
            moments.append(Moment(step, planned_at, due_at))
    return tuple(moments)


def booking_confirmation(
    visit: Visit, starts_at: datetime, moments: tuple[Moment, ...], policy: Policy, window: SendWindow
) -> Reminder | None:
    """At once if learned of within 15 minutes; in the window otherwise; none for an old booking (R4)."""
    learned_at = visit.learned_at
    age = booking_age(visit)
    if age is None or age > TOO_OLD:
        return None
    due_at = learned_at if age <= AT_ONCE else next_open(window, learned_at) or learned_at
    reminder = Reminder(
        step=BOOKED,
        position=POSITIONS.index(BOOKED),
        planned_at=learned_at,
        allowed_at=due_at,
        due_at=due_at,
        valid_until=_booking_stands_until(learned_at, starts_at, moments),
    )
    if policy.live_at is None or learned_at < policy.live_at:
        return moved(
            reminder,
            ReminderState.SUPPRESSED,
            reason=Reason.BEFORE_GO_LIVE.value,
            allowed_at=learned_at,
            due_at=learned_at,
        )
    return reminder


def booking_age(visit: Visit) -> timedelta | None:
    """How old the booking was when medspa learned of it; None if nobody said, or said a day yet to come (R4)."""
    if visit.booked_at is None or visit.booked_at - visit.learned_at > AT_ONCE:
        return None
    return visit.learned_at - visit.booked_at


def rebound(reminder: Reminder, starts_at: datetime, moments: tuple[Moment, ...]) -> Reminder:
    """An open booking confirmation names the start as it is now, and stands until its 48-hour step."""
    if not reminder.is_open:
        return reminder
    until = _booking_stands_until(reminder.planned_at, starts_at, moments)
    return reminder if until == reminder.valid_until else replace(reminder, valid_until=until)


def _booking_stands_until(learned_at: datetime, starts_at: datetime, moments: tuple[Moment, ...]) -> datetime:
    return min((moment.due_at for moment in moments if moment.due_at > learned_at), default=starts_at)


def told_of_move(
    latest: Reminder | None, lead: Lead, told_starts_at: datetime | None, window: SendWindow, now: datetime
) -> Reminder | None:
    """One "your appointment has moved" with the new time: the last of several within 10 minutes (R8)."""
    moved_at = lead.moved_at
    if moved_at is None or told_starts_at is None or lead.starts_at == told_starts_at:
        if latest is not None and latest.is_open:
            return cancelled(latest, Reason.APPOINTMENT_MOVED, now)
        return latest
    if latest is not None and (latest.state is ReminderState.CLAIMED or latest.planned_at == moved_at):
        return _move(latest, lead, moved_at, window) if latest.may_come_again else latest
    if latest is None or not latest.is_open:
        return _move(latest, lead, moved_at, window)
    allowed_at = next_open(window, moved_at + MOVES_SETTLE) or moved_at + MOVES_SETTLE
    return moved(
        latest,
        ReminderState.PLANNED,
        reason="",
        planned_at=moved_at,
        allowed_at=allowed_at,
        due_at=allowed_at,
        valid_until=lead.starts_at,
    )


def _move(latest: Reminder | None, lead: Lead, moved_at: datetime, window: SendWindow) -> Reminder:
    allowed_at = next_open(window, moved_at + MOVES_SETTLE) or moved_at + MOVES_SETTLE
    return Reminder(
        step=MOVED,
        position=POSITIONS.index(MOVED),
        planned_at=moved_at,
        allowed_at=allowed_at,
        due_at=allowed_at,
        valid_until=lead.starts_at,
        cycle=0 if latest is None else latest.cycle + 1,
    )


def step_before(
    latest: Reminder | None,
    moment: Moment,
    until: datetime,
    said: list[Reminder],
    policy: Policy,
    now: datetime,
) -> Reminder | None:
    """One step before the start: timed, or left out when past, before go-live or too close to another (R5)."""
    if latest is not None and latest.is_open:
        return _retimed(latest, moment, until, now)
    if latest is not None and not latest.may_come_again and latest.planned_at == moment.planned_at:
        return latest
    if moment.due_at <= now or (policy.live_at is not None and moment.due_at < policy.live_at):
        return None
    if any(each.is_open and abs(moment.due_at - each.allowed_at) < APART for each in said):
        return None
    return Reminder(
        step=moment.step,
        position=POSITIONS.index(moment.step),
        planned_at=moment.planned_at,
        allowed_at=moment.due_at,
        due_at=moment.due_at,
        valid_until=until,
        cycle=0 if latest is None else latest.cycle + 1,
    )


def _retimed(latest: Reminder, moment: Moment, until: datetime, now: datetime) -> Reminder | None:
    if latest.planned_at == moment.planned_at:
        if (latest.allowed_at, latest.valid_until) == (moment.due_at, until):
            return latest
        due_at = moment.due_at if latest.state is ReminderState.PLANNED else latest.due_at
        return replace(latest, allowed_at=moment.due_at, due_at=due_at, valid_until=until)
    if moment.due_at <= now:
        return None
    return moved(
        latest,
        ReminderState.PLANNED,
        reason="",
        planned_at=moment.planned_at,
        allowed_at=moment.due_at,
        due_at=moment.due_at,
        valid_until=until,
    )
