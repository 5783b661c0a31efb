"""Which appointments hold back which reminders, and until when? (R6 to R10)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.engine.values import Policy, Visit

BOOKED_STATUSES = frozenset({"booked", "confirmed"})
LIVE_STATUSES = BOOKED_STATUSES | {"arrived"}

TOO_SOON_DAYS = 28
UNKNOWN_SERVICE_DAYS = 7
REOPENS_AFTER_CANCELLATION = timedelta(hours=24)
REOPENS_AFTER_NO_SHOW = timedelta(days=7)
REOPENS_AFTER_SILENCE = timedelta(days=14)
OUTCOME_UNKNOWN_AFTER = timedelta(days=3)
TREATMENT_FOLLOWS_WITHIN = timedelta(days=3)
ONE_DAY = timedelta(days=1)

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hold:
    """An appointment that holds, or held, the refill of a family back, and the moment it lets go."""

    visit: Visit
    until: datetime


def holds_on(
    visits: Iterable[Visit], family: str, day_zero: date, policy: Policy, *, is_series: bool = False
) -> tuple[Hold, ...]:
    """Return the appointments that fit a sequence of `family` counted from `day_zero` (R6, R8 to R10).

    A hold whose `until` has passed fell away: the sequence re-opens from then.
    """
    earliest = day_zero + timedelta(days=1 if is_series else TOO_SOON_DAYS + 1)
    holds = []
    for visit in visits:
        if visit.starts_at is None:
            continue
        if visit.starts_at.date() < earliest - ONE_DAY:  # no zone is that far from UTC
            continue
        if visit.starts_at.astimezone(ZoneInfo(visit.zone)).date() < earliest:
            continue
        fits_until = _fits_until(visit, family, policy)
        if fits_until is not None:
            holds.append(Hold(visit, min(_lets_go_at(visit), fits_until)))
    return tuple(holds)


def outcome_unknown_since(visit: Visit, now: datetime) -> datetime | None:
    """Return since when nobody has said what became of an appointment that passed, if so (R10)."""
    if visit.starts_at is None or visit.status not in LIVE_STATUSES:
        return None
    since = visit.starts_at + OUTCOME_UNKNOWN_AFTER
    return since if since <= now else None


def _lets_go_at(visit: Visit) -> datetime:
    """When the appointment stops holding: for one still to come, 14 days after its start (R10)."""
    if visit.starts_at is None:
        return _NEVER
    ended_at = visit.ended_at or visit.starts_at
    if visit.status == "cancelled":
        return ended_at + REOPENS_AFTER_CANCELLATION
    if visit.status == "no_show":
        return ended_at + REOPENS_AFTER_NO_SHOW
    if visit.status == "completed":
        return max(ended_at, visit.starts_at) + TREATMENT_FOLLOWS_WITHIN
    return visit.starts_at + REOPENS_AFTER_SILENCE


def _fits_until(visit: Visit, family: str, policy: Policy) -> datetime | None:
    """Until when the services fit the family; None: never. An unknown service fits for 7 days (R6)."""
    if not visit.services:
        return visit.learned_at + timedelta(days=UNKNOWN_SERVICE_DAYS)
    latest: datetime | None = None
    for service in visit.services:
        if service.kind == "treatment_type" and service.family == family:
            return datetime.max.replace(tzinfo=UTC)
        if service.kind == "consultation" and policy.consultation_fits:
            return datetime.max.replace(tzinfo=UTC)
        if service.kind == "unknown":
            since = max(service.unknown_since or visit.learned_at, visit.learned_at)
            until = since + timedelta(days=UNKNOWN_SERVICE_DAYS)
            latest = until if latest is None or until > latest else latest
    return latest


def is_unrelated_soon(visit: Visit, now: datetime) -> bool:
    """Whether any appointment of the client starts within 48 hours: promotion waits until after it (R23)."""
    if visit.starts_at is None or visit.status not in BOOKED_STATUSES:
        return False
    return now < visit.starts_at + timedelta(minutes=visit.duration_minutes) and visit.starts_at <= now + timedelta(
        hours=48
    )
