"""Which sequences confirm a client's appointments? (SEQ-4; R8, R11)"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reminders.engine.bookings import BOOKED_STATUSES
from reminders.engine.confirmation_steps import (
    BOOKED,
    CANCELLED,
    EVENING_BEFORE,
    HOURS_24,
    HOURS_48,
    MORNING,
    MOVED,
    POSITIONS,
    TOO_OLD,
    Lead,
    booking_confirmation,
    moments_before,
    rebound,
    step_before,
    told_of_move,
)
from reminders.engine.moves import cancelled, changed, ended
from reminders.engine.refill import Wanted
from reminders.engine.refill_steps import latest_by_step
from reminders.engine.send_windows import SendWindow, next_open, transactional_window
from reminders.engine.values import Facts, Policy, Reminder, Sequence, Visit
from reminders.engine.words import Reason, ReminderState, SequenceKind, SequenceState

__all__ = [
    "BOOKED",
    "CANCELLED",
    "EVENING_BEFORE",
    "HOURS_24",
    "HOURS_48",
    "MORNING",
    "MOVED",
    "plan_confirmations",
]


def plan_confirmations(facts: Facts, policy: Policy, now: datetime) -> tuple[Wanted, ...]:
    """Return the confirmation sequences of the client as they shall be now."""
    existing = {each.key: each for each in facts.sequences if each.kind is SequenceKind.CONFIRMATION}
    if not existing and not facts.visits:
        return ()
    window = transactional_window(facts.person.zones)
    leads = _leads(facts, existing, policy, now)
    visits = {visit.id: visit for visit in facts.visits}
    return (
        *(_confirmed(lead, existing.get(_key(lead.visit)), policy, window, now) for lead in leads.values()),
        *(
            _closing(sequence, visits.get(sequence.anchor), policy, window, now)
            for sequence in existing.values()
            if sequence.is_live and sequence.anchor not in leads
        ),
    )


def _key(visit: Visit) -> str:
    return f"{SequenceKind.CONFIRMATION}:{visit.id}"


def _leads(facts: Facts, existing: Mapping[str, Sequence], policy: Policy, now: datetime) -> dict[str, Lead]:
    """The rows of one client, location and day are one visit, timed by the earliest start (R11)."""
    groups: dict[tuple[str | None, date], list[tuple[datetime, str, Visit]]] = {}
    for visit in facts.visits:
        if visit.starts_at is None or visit.status not in BOOKED_STATUSES or visit.starts_at <= now:
            continue
        if _is_confirmed_here(visit, policy):
            day = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
            groups.setdefault((visit.location, day), []).append((visit.starts_at, visit.id, visit))
    leads = {}
    for group in groups.values():
        starts_at, _, earliest = min(group)
        known = [each for each in group if (row := existing.get(_key(each[2]))) is not None and row.is_live]
        _, _, visit = min(known or group)
        leads[visit.id] = Lead(visit, starts_at, earliest.moved_at)
    return leads


def _is_confirmed_here(visit: Visit, policy: Policy) -> bool:
    if policy.confirms == "injectables":
        return any(service.kind in {"treatment_type", "consultation"} for service in visit.services)
    return policy.confirms == "all"


def _confirmed(lead: Lead, existing: Sequence | None, policy: Policy, window: SendWindow, now: datetime) -> Wanted:
    starts_at = lead.starts_at
    base = existing or Sequence(
        key=_key(lead.visit),
        kind=SequenceKind.CONFIRMATION,
        anchor=lead.visit.id,
        opened_at=now,
        told_starts_at=starts_at,
    )
    moments = moments_before(lead.visit, starts_at, window)
    latest = latest_by_step(base.reminders)
    said: list[Reminder] = []
    if existing is None:
        booked = booking_confirmation(lead.visit, starts_at, moments, policy, window)
    else:
        booked = latest.get(BOOKED)
    if booked is not None:
        booked = rebound(booked, starts_at, moments)
        said.append(booked)
    told_starts_at = base.told_starts_at
    # Whatever is still to be said will name the start; an earlier row that joined the visit is no move.
    if policy.live_at is None or lead.moved_at is None or (booked is not None and booked.is_open):
        told_starts_at = starts_at
    move = told_of_move(latest.get(MOVED), lead, told_starts_at, window, now)
    if move is not None:
        said.append(move)
    for index, moment in enumerate(moments):
        until = moments[index + 1].due_at if index + 1 < len(moments) else starts_at
        step = step_before(latest.get(moment.step), moment, until, said, policy, now)
        if step is not None:
            said.append(step)
    sequence = changed(
        base,
        state=SequenceState.OPEN,
        reason="",
        ended_at=None,
        cycle=base.cycle if base.is_live else base.cycle + 1,
        starts_at=starts_at,
        told_starts_at=told_starts_at,
        reminders=_with(base, said, Reason.APPOINTMENT_MOVED, now),
    )
    return Wanted(sequence, (starts_at,))


def _with(base: Sequence, said: list[Reminder], otherwise: Reason, now: datetime) -> tuple[Reminder, ...]:
    """Merge: what was said or shall be said stands; any other open reminder is cancelled."""
    chosen = {(each.step, each.cycle): each for each in said}
    known = {(each.step, each.cycle) for each in base.reminders}
    kept = [
        chosen.get((each.step, each.cycle)) or (cancelled(each, otherwise, now) if each.is_open else each)
        for each in base.reminders
    ]
    return tuple(kept + [each for key, each in chosen.items() if key not in known])


def _closing(sequence: Sequence, visit: Visit | None, policy: Policy, window: SendWindow, now: datetime) -> Wanted:
    """End a confirmation whose appointment is over, gone, or spoken for by another of the visit."""
    if visit is None or visit.starts_at is None:
        return Wanted(ended(sequence, Reason.VOIDED, now))
    if visit.status == "cancelled":
        return _cancellation(sequence, visit, policy, window, now)
    if visit.status == "no_show":
        return Wanted(ended(sequence, Reason.NO_SHOW, now))
    if visit.status in {"arrived", "completed"}:
        return Wanted(ended(sequence, Reason.FINISHED, now))
    if visit.starts_at <= now:
        return Wanted(ended(sequence, Reason.APPOINTMENT_PASSED, now))
    return Wanted(ended(sequence, Reason.ANOTHER_CONFIRMS, now))


def _cancellation(sequence: Sequence, visit: Visit, policy: Policy, window: SendWindow, now: datetime) -> Wanted:
    """Cancelled by the practice: one notice, while it is still of use; then the sequence ends (R8).

    A record that is corrected to say that she cancelled takes the notice back.
    """
    told = latest_by_step(sequence.reminders).get(CANCELLED)
    if told is not None and told.is_open and not visit.is_cancelled_by_practice:
        return Wanted(ended(sequence, Reason.APPOINTMENT_CANCELLED, now))
    if told is None or told.may_come_again:
        told = _notice(told, visit, policy, window, now)
    if told is None or not (told.is_open or told.state in {ReminderState.CLAIMED, ReminderState.UNKNOWN}):
        return Wanted(ended(sequence, Reason.APPOINTMENT_CANCELLED, now))
    reminders = _with(sequence, [told], Reason.APPOINTMENT_CANCELLED, now)
    return Wanted(changed(sequence, reminders=reminders))


def _notice(
    latest: Reminder | None, visit: Visit, policy: Policy, window: SendWindow, now: datetime
) -> Reminder | None:
    cancelled_at = visit.ended_at or now
    is_over = visit.starts_at is None or visit.starts_at <= now or now - cancelled_at > TOO_OLD
    is_live = policy.live_at is not None and policy.live_at <= cancelled_at
    if is_over or not is_live or not visit.is_cancelled_by_practice:
        return None
    due_at = next_open(window, cancelled_at) or cancelled_at
    return Reminder(
        step=CANCELLED,
        position=POSITIONS.index(CANCELLED),
        planned_at=cancelled_at,
        allowed_at=due_at,
        due_at=due_at,
        valid_until=visit.starts_at,
        cycle=0 if latest is None else latest.cycle + 1,
    )
