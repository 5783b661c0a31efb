"""What do the rules say, stated once more? The invariants never ask the code that they watch.

Slow and plain on purpose: every rule here is read from RULES.md and uses none of the engine's predicates.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.engine.state_rules import STATE_RULES, is_holiday
from reminders.engine.values import Facts, Policy, Visit


def may_promote_at(now: datetime, facts: Facts, policy: Policy) -> bool:
    """Monday to Saturday, 10:00-20:00, narrower by state and practice, in every zone she may be in (SEQ-7)."""
    for zone in facts.person.zones:
        local = now.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        if local.weekday() == 6 or not 600 <= minute < 1200:
            return False
        if policy.promotion_opens and local.time() < policy.promotion_opens:
            return False
        if policy.promotion_closes and local.time() >= policy.promotion_closes:
            return False
        for state in facts.person.states:
            rule = STATE_RULES.by_state.get(state)
            hours = rule.week[local.weekday()] if rule else (0, 1440)
            if hours is None or not hours[0] <= minute < hours[1]:
                return False
            if rule and rule.bars_holidays and is_holiday(local.date()):
                return False
    return True


def may_confirm_at(now: datetime, facts: Facts) -> bool:
    """8:00-21:00 on the wall of every zone she may be in, any day (R5)."""
    return all(8 <= now.astimezone(ZoneInfo(zone)).hour < 21 for zone in facts.person.zones)


def is_of_age(facts: Facts, now: datetime) -> bool:
    """Eighteen years old where she lives; an unknown birthday counts as old enough (R21)."""
    born_on = facts.person.date_of_birth
    if born_on is None:
        return True
    today = now.astimezone(ZoneInfo(facts.person.home_zone)).date()
    return (today.year - born_on.year, today.month, today.day) >= (18, born_on.month, born_on.day)


def is_held_by_booking(
    visits: Iterable[Visit], family: str, day_zero: date, now: datetime, policy: Policy, *, is_series: bool
) -> bool:
    """Whether a fitting booking stands, or fell away so lately that nothing may be released (R6, R8 to R10)."""
    return any(
        _fits(visit, family, day_zero, now, policy, is_series=is_series) and _stands(visit, now) for visit in visits
    )


def _fits(visit: Visit, family: str, day_zero: date, now: datetime, policy: Policy, *, is_series: bool) -> bool:
    if visit.starts_at is None:
        return False
    day = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
    if (day - day_zero).days <= (0 if is_series else 28):
        return False
    for service in visit.services:
        if service.kind == "treatment_type" and service.family == family:
            return True
        if service.kind == "consultation" and policy.consultation_fits:
            return True
        if service.kind == "unknown":
            since = max(service.unknown_since or visit.learned_at, visit.learned_at)
            if now - since < timedelta(days=7):
                return True
    return not visit.services and now - visit.learned_at < timedelta(days=7)


def _stands(visit: Visit, now: datetime) -> bool:
    starts_at = visit.starts_at or now
    ended_at = visit.ended_at or starts_at
    if visit.status == "cancelled":
        return now - ended_at < timedelta(hours=24)
    if visit.status == "no_show":
        return now - ended_at < timedelta(days=7)
    if visit.status == "completed":
        return now - max(ended_at, starts_at) < timedelta(days=3)
    return now - starts_at < timedelta(days=14)


def confirmed_start(anchor: str, facts: Facts, policy: Policy, now: datetime) -> datetime | None:
    """The start that a confirmation of this appointment must name: the earliest of its visit (R11)."""
    rows = [
        visit
        for visit in facts.visits
        if visit.starts_at is not None
        and visit.status in ("booked", "confirmed")
        and visit.starts_at > now
        and (
            policy.confirms == "all"
            or any(service.kind in ("treatment_type", "consultation") for service in visit.services)
        )
    ]
    own = next((visit for visit in rows if visit.id == anchor), None)
    if own is None or policy.confirms == "none":
        return None
    return min(
        visit.starts_at
        for visit in rows
        if visit.starts_at is not None and (visit.location, _day(visit)) == (own.location, _day(own))
    )


def _day(visit: Visit) -> date | None:
    return visit.starts_at.astimezone(ZoneInfo(visit.zone)).date() if visit.starts_at else None
