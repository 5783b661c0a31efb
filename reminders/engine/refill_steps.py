"""When does each step of a refill sequence leave, and which are left out? (SEQ-10; R2 to R4, R8, R17, R19, R29)"""

from collections.abc import Sequence as Series
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cadences.timeline import Step, at_local
from reminders.engine.clocks import Clock
from reminders.engine.moves import cancelled, moved
from reminders.engine.send_windows import SendWindow, next_open, promotional_window
from reminders.engine.values import Facts, Policy, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, Reason, ReminderState

REOPENED = "reopened"
"""The step of R8's one reminder, where a booking fell away after every step had passed."""
REOPENED_AFTER_DAYS = 2
SEND_TIME = time(10)


def window_of(facts: Facts, policy: Policy) -> SendWindow:
    """Return when promotion may reach the client: strictest law, every candidate zone (SEQ-7)."""
    person = facts.person
    return promotional_window(person.zones, person.states, policy.promotion_opens, policy.promotion_closes)


@dataclass(slots=True)
class Steps:
    """The steps of one sequence, each planned after the one before (R3).

    `reopens_at`: since when the sequence is open again after a booking fell away; None if it never was held.
    """

    clock: Clock
    base: Sequence
    existing: Sequence | None
    facts: Facts
    policy: Policy
    now: datetime
    reopens_at: datetime | None

    def all(self, *, is_resumed: bool) -> tuple[Reminder, ...]:
        """Return every reminder of the sequence: what is settled untouched, the open ones timed anew."""
        cadence = self.policy.cadence(self.base) or self.clock.cadence
        latest = latest_by_step(self.base.reminders)
        window = window_of(self.facts, self.policy)
        zone = self.facts.person.home_zone
        previous: datetime | None = None
        planned_at = None
        changed: dict[tuple[str, int], Reminder] = {}
        for position, step in enumerate(cadence.steps):
            planned_at = at_local(step.offset.after(self.clock.day_zero), step.send_time, zone)
            reminder = self._step(latest.get(step.key), step, position, planned_at, window, previous)
            if reminder is not None:
                changed[reminder.step, reminder.cycle] = reminder
                previous = _counts_from(reminder) or previous
        keys = {step.key for step in cadence.steps}
        for each in self.base.reminders:
            if each.is_open and each.step not in keys and each.step != REOPENED:
                changed[each.step, each.cycle] = cancelled(each, Reason.CADENCE_CHANGED, self.now)
        extra = self._after_falling_away(latest, len(cadence.steps), planned_at, window)
        if extra is not None:
            changed[extra.step, extra.cycle] = extra
        if is_resumed:
            changed = {key: self._resumed(each) for key, each in changed.items()}
        return _merged(self.base.reminders, changed)

    def _resumed(self, reminder: Reminder) -> Reminder:
        """After a pause what is past is skipped (R29)."""
        if reminder.is_open and reminder.allowed_at <= self.now:
            return moved(reminder, ReminderState.SUPPRESSED, reason=Reason.PAST_AT_RESUMPTION.value)
        return reminder

    def _step(
        self,
        reminder: Reminder | None,
        step: Step,
        position: int,
        planned_at: datetime,
        window: SendWindow,
        previous: datetime | None,
    ) -> Reminder | None:
        if reminder is not None and not reminder.is_open and not reminder.may_come_again:
            return reminder
        if reminder is not None and reminder.is_open and reminder.moved_to is not None:
            planned_at = reminder.moved_to
        earliest = planned_at
        if previous is not None:
            earliest = max(planned_at, previous + timedelta(days=step.gap_days))
        allowed_at = next_open(window, earliest) or earliest
        live_at = self.policy.live_at
        if reminder is not None and reminder.is_open:
            if live_at is not None and planned_at < live_at:
                return self._never_due(reminder, planned_at, ReminderState.SUPPRESSED, Reason.BEFORE_GO_LIVE)
            if reminder.position != position:
                reminder = replace(reminder, position=position)
            return self._retimed(reminder, planned_at, allowed_at, window)
        fresh = Reminder(
            step=step.key,
            position=position,
            planned_at=planned_at,
            allowed_at=allowed_at,
            due_at=allowed_at,
            cycle=0 if reminder is None else reminder.cycle + 1,
        )
        if self.existing is None:
            return self._first_sight(fresh)
        opens_at = self._opens_at(self.existing, was_cancelled=reminder is not None)
        return fresh if planned_at >= max(opens_at, live_at or opens_at) else None

    def _opens_at(self, existing: Sequence, *, was_cancelled: bool) -> datetime:
        """From when on a step that is missing may be planned: re-opened sequences go on with future ones (R8)."""
        if self.reopens_at is not None and self.reopens_at != existing.reopened_at:
            return self.reopens_at
        if was_cancelled or not existing.is_live:
            return self.now
        return existing.reopened_at or existing.opened_at

    def _first_sight(self, fresh: Reminder) -> Reminder | None:
        """A step of a treatment just learned of: what has passed is never sent (SEQ-9, R19)."""
        planned_at = fresh.planned_at
        if planned_at < (self.policy.live_at or self.now):
            return self._never_due(fresh, planned_at, ReminderState.SUPPRESSED, Reason.BEFORE_GO_LIVE)
        if self.reopens_at is not None and planned_at < self.reopens_at:
            return None
        if planned_at < self.clock.anchor.recorded_at:
            return self._never_due(fresh, planned_at, ReminderState.EXPIRED, Reason.LEARNED_LATE)
        return fresh

    def _retimed(self, reminder: Reminder, planned_at: datetime, allowed_at: datetime, window: SendWindow) -> Reminder:
        """Time an open reminder anew. What a correction moves into the past is allowed from now (R4, R17).

        Unless its day was over before the treatment that it counts from was known at all (R13, SEQ-9).
        """
        if reminder.planned_at != planned_at:
            if planned_at < self.clock.anchor.recorded_at:
                return self._never_due(reminder, planned_at, ReminderState.EXPIRED, Reason.LEARNED_LATE)
            if allowed_at < self.now:
                allowed_at = next_open(window, self.now) or self.now
            return self._planned(reminder, planned_at, allowed_at)
        if allowed_at < reminder.allowed_at <= self.now:
            allowed_at = reminder.allowed_at
        if reminder.allowed_at == allowed_at:
            return reminder
        if reminder.state is ReminderState.PLANNED or allowed_at > self.now:
            return self._planned(reminder, planned_at, allowed_at)
        return replace(reminder, allowed_at=allowed_at)

    def _planned(self, reminder: Reminder, planned_at: datetime, allowed_at: datetime) -> Reminder:
        """Its moment has not come, or comes now: whatever it waited for is looked at then."""
        return moved(
            reminder,
            ReminderState.PLANNED,
            planned_at=planned_at,
            allowed_at=allowed_at,
            due_at=allowed_at,
            reason="",
        )

    def _never_due(self, reminder: Reminder, planned_at: datetime, state: ReminderState, reason: Reason) -> Reminder:
        """A step whose moment passed before it could have been sent: its moment was the planned one."""
        return moved(
            reminder,
            state,
            reason=reason.value,
            planned_at=planned_at,
            allowed_at=planned_at,
            due_at=planned_at,
        )

    def _after_falling_away(
        self,
        latest: dict[str, Reminder],
        position: int,
        last_planned_at: datetime | None,
        window: SendWindow,
    ) -> Reminder | None:
        """A booking fell away, no step was left and none was ever sent: one first reminder, 2 days later (R8)."""
        reopens_at, live_at = self.reopens_at, self.policy.live_at
        if reopens_at is None or live_at is None:
            return None
        if reopens_at < max(live_at, self.clock.anchor.recorded_at):
            return None
        known = latest.get(REOPENED)
        if known is not None and not known.is_open and not known.may_come_again:
            return None
        if last_planned_at is not None and last_planned_at >= reopens_at:
            if known is None or not known.is_open:
                return None
            return cancelled(known, Reason.CADENCE_CHANGED, self.now)
        if any(each.state in COUNTED_STATES for each in self.base.reminders):
            return None
        zone = self.facts.person.home_zone
        day = reopens_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=REOPENED_AFTER_DAYS)
        planned_at = at_local(day, SEND_TIME, zone)
        if known is not None and known.is_open and known.moved_to is not None:
            planned_at = known.moved_to
        allowed_at = next_open(window, planned_at) or planned_at
        if known is not None and known.is_open:
            return self._retimed(known, planned_at, allowed_at, window)
        return Reminder(
            step=REOPENED,
            position=position,
            planned_at=planned_at,
            allowed_at=allowed_at,
            due_at=allowed_at,
            cycle=0 if known is None else known.cycle + 1,
        )


def latest_by_step(reminders: Series[Reminder]) -> dict[str, Reminder]:
    """Return the reminder of each step's last cycle."""
    latest: dict[str, Reminder] = {}
    for each in reminders:
        if each.step not in latest or each.cycle > latest[each.step].cycle:
            latest[each.step] = each
    return latest


def _counts_from(reminder: Reminder) -> datetime | None:
    """The moment from which the next step's gap counts, if this one left or may still leave (R3)."""
    if reminder.is_open:
        return reminder.allowed_at
    if reminder.state in COUNTED_STATES:
        return reminder.sent_at or reminder.decided_at or reminder.allowed_at
    return None


def _merged(before: tuple[Reminder, ...], changed: dict[tuple[str, int], Reminder]) -> tuple[Reminder, ...]:
    known = {(each.step, each.cycle) for each in before}
    kept = [changed.get((each.step, each.cycle), each) for each in before]
    return tuple(kept + [each for key, each in changed.items() if key not in known])
