"""When is a lapsed client asked back? (SEQ-5, SEQ-10; R12, R14, R18, R19, R24, R29)"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cadences.timeline import Offset, Unit, at_local
from reminders.engine.bookings import holds_on
from reminders.engine.clocks import Clock
from reminders.engine.lapse import Lapse, lapses_of
from reminders.engine.monthly import not_sooner_than, where_staff_moved_it
from reminders.engine.moves import changed, ended, moved, without_open
from reminders.engine.refill import Wanted
from reminders.engine.refill_steps import window_of
from reminders.engine.send_windows import next_open
from reminders.engine.values import Facts, Policy, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, Reason, ReminderState, SequenceKind, SequenceState

REFILL_NEAR = timedelta(days=30)
TREATED_RECENTLY_DAYS = 28
FIRST_WITHIN_DAYS = 7
MOST_MONTHS = 24
SPREAD_DAYS = 28
SEND_TIME = time(10)

_MAY_BEGIN_AGAIN = frozenset({Reason.TREATED.value, Reason.VOIDED.value, Reason.JOINED.value})


def plan_reactivation(
    clocks: tuple[Clock, ...],
    refills: Mapping[str, Sequence],
    existing: tuple[Sequence, ...],
    facts: Facts,
    policy: Policy,
    now: datetime,
) -> tuple[Wanted, ...]:
    """Return the client's reactivations as they shall be now: at most one lives, and when time changes that.

    `refills` are the wanted refill sequences by the anchor of their clock.
    """
    lapses = lapses_of(clocks, refills, facts, policy, now)
    held = _held_families(clocks, refills, facts, policy, now)
    alive = [sequence for sequence in existing if sequence.is_live]
    live = alive[0] if alive else None
    wanted = [Wanted(ended(each, Reason.JOINED, now)) for each in alive[1:]]
    if live is not None and (reason := _is_over(live, clocks, refills)) is not None:
        wanted.append(Wanted(ended(live, reason, now)))
        live = None
    if live is None and policy.live_at is not None:
        live = _begun(lapses, existing, clocks, facts, now)
    if live is not None:
        live = _suspended(live, now) if held else _monthly(live, refills, facts, policy, now)
    return (*wanted, Wanted(live, tuple(lapse.at for lapse in lapses if lapse.at > now)))


def opted_out_of_reactivation(
    clocks: tuple[Clock, ...], existing: tuple[Sequence, ...], now: datetime
) -> tuple[Wanted, ...]:
    """An opt-out ends it, or marks the one that would have begun: START revives neither (R28)."""
    wanted = [Wanted(ended(each, Reason.OPTED_OUT, now)) for each in existing]
    if not clocks:
        return tuple(wanted)
    latest = max(clocks, key=lambda clock: (clock.day_zero, clock.anchor.id))
    key = f"{SequenceKind.REACTIVATION}:{latest.anchor.id}"
    if any(each.key == key or each.opened_at.date() >= latest.day_zero for each in existing):
        return tuple(wanted)
    refused = Sequence(
        key=key,
        kind=SequenceKind.REACTIVATION,
        anchor=latest.anchor.id,
        opened_at=now,
        state=SequenceState.ENDED,
        reason=Reason.OPTED_OUT.value,
        ended_at=now,
    )
    return (*wanted, Wanted(refused))


def _begun(
    lapses: Iterable[Lapse],
    existing: Iterable[Sequence],
    clocks: Iterable[Clock],
    facts: Facts,
    now: datetime,
) -> Sequence | None:
    """A reactivation that names the longest lapsed family, unless she was asked back since she last came (R24).

    Where a treatment that ended one is withdrawn, that one goes on.
    """
    by_key = {each.key: each for each in existing}
    over = [each for each in by_key.values() if each.is_live or each.reason not in _MAY_BEGIN_AGAIN]
    latest = max((clock.day_zero for clock in clocks), default=date.min)
    if any(not each.is_live and each.opened_at.date() >= latest for each in over):
        return None
    for lapse in lapses:
        key = f"{SequenceKind.REACTIVATION}:{lapse.clock.anchor.id}"
        known = by_key.get(key)
        if lapse.at > now or known in over:
            continue
        if known is not None:
            day_one = known.day_zero or _day_one(lapse, facts, now)
            again = replace(known, ended_at=None, reason="", reopened_at=now, cycle=known.cycle + 1)
            cadence = lapse.clock.cadence
            return replace(again, treatment_type=cadence.treatment_type, family=cadence.family, day_zero=day_one)
        return Sequence(
            key=key,
            kind=SequenceKind.REACTIVATION,
            anchor=lapse.clock.anchor.id,
            opened_at=now,
            treatment_type=lapse.clock.cadence.treatment_type,
            family=lapse.clock.cadence.family,
            day_zero=_day_one(lapse, facts, now),
        )
    return None


def _is_over(live: Sequence, clocks: Iterable[Clock], refills: Mapping[str, Sequence]) -> Reason | None:
    """A treatment of the family that it names ends it (R14), and so does the withdrawal of the last one."""
    own = [clock for clock in clocks if clock.cadence.family == live.family]
    if not own:
        return Reason.VOIDED
    for clock in own:
        refill = refills.get(clock.anchor.id)
        if refill is not None and (refill.opened_at <= live.opened_at or refill.reason == Reason.FINISHED):
            return None
    return Reason.TREATED


def _held_families(
    clocks: Iterable[Clock], refills: Mapping[str, Sequence], facts: Facts, policy: Policy, now: datetime
) -> set[str]:
    """The families that a booking holds: a refill that is BOOKED, or one finished before the booking (R12)."""
    return {
        clock.cadence.family
        for clock in clocks
        if (refill := refills.get(clock.anchor.id)) is not None
        and (
            refill.state is SequenceState.BOOKED
            or any(
                hold.until > now
                for hold in holds_on(
                    facts.visits,
                    clock.cadence.family,
                    clock.day_zero,
                    policy,
                    is_series=clock.cadence.is_series,
                )
            )
        )
    }


def _suspended(sequence: Sequence, now: datetime) -> Sequence:
    """A booking suspends the rest; if it falls away the next monthly day goes on, count kept (R12)."""
    reminders = without_open(sequence, Reason.BOOKED, now)
    return changed(sequence, state=SequenceState.BOOKED, reminders=reminders)


def _monthly(base: Sequence, refills: Mapping[str, Sequence], facts: Facts, policy: Policy, now: datetime) -> Sequence:
    """Plan the one next message; each later one when it has been settled.

    Once begun, a booking that falls away only interrupts: the lapse need not come again (R12).
    """
    state = SequenceState.PAUSED if facts.is_paused else SequenceState.OPEN
    reminders = base.reminders
    if base.state is SequenceState.PAUSED and state is SequenceState.OPEN:
        reminders = tuple(_resumed(each, now) for each in reminders)
    base = changed(base, state=state, reminders=reminders)
    if any(each.state in {ReminderState.CLAIMED, ReminderState.UNKNOWN} for each in reminders):
        return base
    opened = next((each for each in reminders if each.is_open), None)
    sent = sum(each.state in COUNTED_STATES for each in reminders)
    if opened is not None and opened.moved_to is not None and sent < policy.reactivation_limit:
        return changed(base, reminders=where_staff_moved_it(reminders, opened, opened.moved_to, facts, policy, now))
    if opened is not None and opened.allowed_at <= now:
        return base
    found = _next_month(base, refills, facts, policy, now)
    if sent >= policy.reactivation_limit or found is None:
        return ended(base, Reason.LIMIT_REACHED, now)
    return changed(base, reminders=_with_next(reminders, opened, *found, facts, policy))


def _resumed(reminder: Reminder, now: datetime) -> Reminder:
    if reminder.is_open and reminder.allowed_at <= now:
        return moved(reminder, ReminderState.SUPPRESSED, reason=Reason.PAST_AT_RESUMPTION.value)
    return reminder


def _with_next(
    reminders: tuple[Reminder, ...],
    opened: Reminder | None,
    month: int,
    planned_at: datetime,
    facts: Facts,
    policy: Policy,
) -> tuple[Reminder, ...]:
    allowed_at = next_open(window_of(facts, policy), planned_at) or planned_at
    if opened is not None:
        if opened.state is not ReminderState.PLANNED:
            return reminders
        timed = replace(opened, position=month, planned_at=planned_at, allowed_at=allowed_at, due_at=allowed_at)
        return tuple(timed if each is opened else each for each in reminders)
    step = f"month_{month}"
    cycle = max((each.cycle for each in reminders if each.step == step), default=-1) + 1
    return (*reminders, Reminder(step, month, planned_at, allowed_at, allowed_at, cycle=cycle))


def _day_one(first: Lapse, facts: Facts, now: datetime) -> date:
    """The day whose monthly return all messages keep: within 7 days of the lapse, or as spread (R19, R24)."""
    zone = ZoneInfo(facts.person.home_zone)
    today = now.astimezone(zone).date()
    lapsed_on = first.at.astimezone(zone).date()
    if facts.reactivates_on is not None and facts.reactivates_on > lapsed_on:
        return max(facts.reactivates_on, today + timedelta(days=1))
    if today - lapsed_on <= timedelta(days=FIRST_WITHIN_DAYS):
        return max(lapsed_on, today) + timedelta(days=1)
    spread = int.from_bytes(hashlib.sha256(facts.person.id.encode()).digest()[:4], "big") % SPREAD_DAYS
    return today + timedelta(days=1 + spread)


def _next_month(
    sequence: Sequence, refills: Mapping[str, Sequence], facts: Facts, policy: Policy, now: datetime
) -> tuple[int, datetime] | None:
    """The next monthly day with nothing of hers in the way; waiting skips whole months (R24).

    A refill step is in the way of the days up to 30 before its moment, and until it would be too late for it (R4);
    by then it is settled. None where 24 months are over.
    """
    day_one = sequence.day_zero
    if day_one is None:
        return None
    back = {each.step for each in sequence.reminders if each.is_open}  # a skip that staff took back
    past = [
        each.position
        for each in sequence.reminders
        if not each.is_open and not each.may_come_again and not (each.is_skipped and each.step in back)
    ]
    not_before = not_sooner_than(sequence.reminders, now)
    due = [each.due_at for refill in refills.values() for each in refill.reminders if each.is_open]
    too_late = timedelta(days=policy.late_days)
    treated_on = max((treated.performed_on for treated in facts.treatments), default=None)
    for month in range(max(past, default=-1) + 1, MOST_MONTHS + 1):
        day = Offset(month, Unit.MONTHS).after(day_one)
        planned_at = at_local(day, SEND_TIME, facts.person.home_zone)
        is_near_refill = any(-too_late <= moment - planned_at <= REFILL_NEAR for moment in due)
        is_fresh = treated_on is not None and day - treated_on <= timedelta(days=TREATED_RECENTLY_DAYS)
        if planned_at > now and planned_at >= not_before and not is_near_refill and not is_fresh:
            return month, planned_at
    return None
