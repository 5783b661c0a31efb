"""May this reminder leave now? (DESIGN.md 5; R3, R4, R20 to R32)"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from cadences.timeline import ChannelRule, at_local
from reminders.engine.bookings import is_unrelated_soon
from reminders.engine.channels import open_channels
from reminders.engine.confirmation_steps import (
    APART,
    AT_ONCE,
    BOOKED,
    EVENING_BEFORE,
    HOURS_24,
    HOURS_48,
    MORNING,
    booking_age,
)
from reminders.engine.joining import joined_steps
from reminders.engine.plan import barred_reason
from reminders.engine.refill_steps import window_of
from reminders.engine.send_windows import SendWindow, closes_at, leaves_from, next_open, transactional_window
from reminders.engine.touchpoints import (
    CONFIRMS,
    confirming,
    last_sent_at,
    sent_count,
    step_of,
    touchpoint_of,
)
from reminders.engine.values import Decision, Facts, Policy, Reminder, Send, Sequence, Suppress, Wait
from reminders.engine.voice import spoken
from reminders.engine.words import Channel, MessageKind, Reason, ReminderState, SequenceKind, SequenceState, Touchpoint

__all__ = ["CONFIRMS", "decide", "last_sent_at", "sent_count", "step_of", "touchpoint_of"]

HOLD = timedelta(hours=1)
"""A hold is decided again hourly, besides when the awaited fact changes (R26)."""

TIMING = frozenset({"", Reason.WINDOW, Reason.GAP, Reason.CAP, Reason.ORDER, Reason.APPOINTMENT_SOON, Reason.PACE})
"""Waiting for these is waiting for time; what runs out then is merely late (R4), not held (R26)."""

BEFORE_START = frozenset({HOURS_48, HOURS_24, MORNING, EVENING_BEFORE})


def decide(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """Decide on one due reminder. Total and deterministic; the last word before a message leaves (R32)."""
    barred = barred_reason(facts, now)
    if barred is not None:
        return Suppress(barred)
    if sequence.kind is SequenceKind.CONFIRMATION:
        return _confirmation(reminder, sequence, facts, policy, now)
    return _promotion(reminder, sequence, facts, policy, now)


def _promotion(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime) -> Decision:
    over = _over(reminder, sequence, facts, policy)
    if over is not None:
        return Suppress(over)
    latest = reminder.allowed_at + timedelta(days=policy.late_days)
    if now > latest:
        return _too_late(reminder)
    window = window_of(facts, policy)
    if next_open(window, now) is None:
        return Suppress(Reason.NO_WINDOW)
    held = _held(sequence, facts, policy)
    if held is not None:
        return _hold(held, now, latest)
    step = step_of(reminder, sequence, policy)
    rule = step.channel_rule if step is not None else ChannelRule.PREFERENCE
    channels, closed = open_channels(rule, MessageKind.PROMOTION, facts, policy)
    if not channels:
        return Suppress(closed) if closed in _FINAL else _hold(closed, now, latest)
    send = worded(reminder, sequence, channels, facts, policy, now)
    if send is None:
        return _hold(Reason.NO_APPROVED_TEXT, now, latest)
    blocked = _blocked_until(reminder, sequence, facts, policy, now)
    if blocked is not None:
        return _until(next_open(window, blocked.until) or blocked.until, blocked.reason, now, latest)
    leaves_at = leaves_from(window, now)
    if leaves_at != now:
        return _until(leaves_at or now + HOLD, Reason.WINDOW, now, latest)
    busy_until = _busy_until(send, policy, now)
    if busy_until is not None:
        return _until(next_open(window, busy_until) or busy_until, Reason.PACE, now, latest)
    return replace(send, leaves_by=closes_at(window, now))


def _over(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy) -> Reason | None:
    """Return why it will not leave whatever time brings (R7, R19, R23, R28, R30)."""
    if sequence.state is SequenceState.HOLDOUT:
        return Reason.HOLDOUT
    if facts.permissions.is_opted_out:
        return Reason.OPTED_OUT
    if sequence.state is SequenceState.BOOKED:
        return Reason.BOOKED
    if policy.live_at is None or reminder.planned_at < policy.live_at:
        return Reason.BEFORE_GO_LIVE
    if sequence.kind is SequenceKind.REFILL and sent_count(sequence) >= policy.most_refills:
        return Reason.LIMIT_REACHED
    return None


def _too_late(reminder: Reminder) -> Suppress:
    if reminder.state is ReminderState.WAITING and reminder.reason not in TIMING:
        return Suppress(Reason(reminder.reason))
    return Suppress(Reason.TOO_LATE)


def _hold(reason: Reason, now: datetime, latest: datetime) -> Wait:
    """It is decided again hourly (R26)."""
    return _until(now + HOLD, reason, now, latest)


def _until(until: datetime, reason: Reason, now: datetime, latest: datetime) -> Wait:
    """No wait outlasts the moment from which it is too late (R4)."""
    return Wait(min(until, max(latest, now) + timedelta(seconds=1)), reason)


def _held(sequence: Sequence, facts: Facts, policy: Policy) -> Reason | None:
    """Return what a person must settle before any promotion leaves (SEQ-10, OPT-1; R20, R23, R27, R29)."""
    if policy.is_paused:
        return Reason.PRACTICE_PAUSED
    if facts.is_paused_by_staff and not facts.has_open_issue:
        return Reason.PAUSED_BY_STAFF
    if facts.has_open_issue or sequence.state is SequenceState.PAUSED:
        return Reason.SERVICE_ISSUE
    if facts.has_unclear_reply:
        return Reason.REPLY_UNCLEAR
    if facts.has_unanswered_reply:
        return Reason.REPLY_UNANSWERED
    if policy.is_records_stale:
        return Reason.RECORDS_STALE
    return None


def in_peace_until(day: date, facts: Facts) -> datetime:
    """The first moment of the day on which a client who asked for later may be reminded again (R27)."""
    return at_local(day, time(), facts.person.home_zone)


def _blocked_until(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime) -> Wait | None:
    """Return until when order, gap, cap or a near appointment keep it back (R3, R23, R27)."""
    earlier = [each for each in sequence.reminders if each.is_open and each.position < reminder.position]
    if earlier:
        return Wait(max(now + HOLD, *(each.due_at for each in earlier)), Reason.ORDER)
    waits: list[Wait] = []
    step = step_of(reminder, sequence, policy)
    sent_at = last_sent_at(sequence)
    if sent_at is not None and sequence.kind is SequenceKind.REFILL:
        waits.append(Wait(sent_at + timedelta(days=step.gap_days if step else 5), Reason.GAP))
    if facts.last_promotion_at is not None:
        waits.append(Wait(facts.last_promotion_at + timedelta(days=policy.cap_days), Reason.CAP))
    if facts.snoozed_until is not None:
        waits.append(Wait(in_peace_until(facts.snoozed_until, facts), Reason.SNOOZED))
    waits += [
        Wait(visit.starts_at + timedelta(minutes=visit.duration_minutes), Reason.APPOINTMENT_SOON)
        for visit in facts.visits
        if visit.starts_at is not None and is_unrelated_soon(visit, now)
    ]
    pending = [wait for wait in waits if wait.until > now]
    return max(pending, key=lambda wait: wait.until, default=None)


def worded(
    reminder: Reminder,
    sequence: Sequence,
    channels: tuple[Channel, ...],
    facts: Facts,
    policy: Policy,
    now: datetime,
) -> Send | None:
    """Return the message a promotion would be now: with the steps that join it (R22), in its text and voice (R31).

    None where no text of its touchpoint is approved for any of the channels.
    """
    step = step_of(reminder, sequence, policy)
    has_incentive = bool(step and step.incentive) and sent_count(sequence) > 0
    others = joined_steps(reminder, sequence, facts, policy, now)
    combined = spoken(Touchpoint.COMBINED, channels, facts, policy) if others else None
    if combined is not None:
        keys = {ref.sequence for ref in others}
        is_past_first = all(sent_count(other) > 0 for other in facts.sequences if other.key in keys)
        return replace(combined, with_incentive=has_incentive and is_past_first, joined=others)
    chosen = spoken(touchpoint_of(reminder, sequence, facts, policy), channels, facts, policy)
    return replace(chosen, with_incentive=has_incentive) if chosen is not None else None


_FINAL = frozenset({Reason.OPTED_OUT, Reason.PREFERS_NONE})


def _confirmation(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime) -> Decision:
    if sequence.state is not SequenceState.OPEN:
        return Suppress(Reason(sequence.reason) if sequence.reason else Reason.APPOINTMENT_PASSED)
    until = reminder.valid_until or now
    if now >= until:
        return _too_late(reminder)
    if policy.live_at is None or reminder.planned_at < policy.live_at:
        return Suppress(Reason.BEFORE_GO_LIVE)
    if policy.is_paused:
        return _hold(Reason.PRACTICE_PAUSED, now, until)
    if reminder.step in BEFORE_START:
        sent_at = last_sent_at(sequence)
        if sent_at is not None and now - sent_at < APART:
            return Suppress(Reason.TOO_CLOSE)
    channels, closed = _confirmation_channels(facts, policy)
    if not channels:
        return Suppress(closed) if closed in _FINAL else _hold(closed, now, until)
    window = transactional_window(facts.person.zones)
    is_at_once = _leaves_at_once(reminder, sequence, facts, now)
    shut = None if is_at_once else _shut(window, now, until)
    if shut is not None:
        return shut
    send = spoken(confirming(reminder, sequence, facts, now), channels, facts, policy)
    if send is not None:
        send = replace(send, leaves_by=None if is_at_once else closes_at(window, now))
    return _in_turn(send, policy, now, until)


def _shut(window: SendWindow, now: datetime, until: datetime) -> Decision | None:
    """What becomes of a confirmation while its window is closed, or about to close; None: it is open."""
    opens_at = leaves_from(window, now)
    if opens_at == now:
        return None
    if opens_at is None or opens_at >= until:
        return Suppress(Reason.NO_WINDOW)
    return Wait(opens_at, Reason.WINDOW)


def _in_turn(send: Send | None, policy: Policy, now: datetime, until: datetime) -> Decision:
    if send is None:
        return _hold(Reason.NO_APPROVED_TEXT, now, until)
    busy_until = _busy_until(send, policy, now)
    return send if busy_until is None else _until(busy_until, Reason.PACE, now, until)


def _confirmation_channels(facts: Facts, policy: Policy) -> tuple[tuple[Channel, ...], Reason]:
    """The channels of a confirmation: not by text while words that may be an opt-out wait for a person."""
    if not facts.has_unclear_reply:
        return open_channels(ChannelRule.PREFERENCE, MessageKind.CONFIRMATION, facts, policy)
    quiet = replace(policy, channels_down=policy.channels_down | {Channel.SMS})
    channels, closed = open_channels(ChannelRule.PREFERENCE, MessageKind.CONFIRMATION, facts, quiet)
    return channels, Reason.REPLY_UNCLEAR if closed is Reason.CHANNEL_DOWN else closed


def _busy_until(send: Send, policy: Policy, now: datetime) -> datetime | None:
    """Until when the gateways take no more; None: at once. It is no reason for another channel (CHN-3)."""
    turns = [policy.channels_busy[channel] for channel in send.channels if channel in policy.channels_busy]
    return max((turn for turn in turns if turn > now), default=None)


def _leaves_at_once(reminder: Reminder, sequence: Sequence, facts: Facts, now: datetime) -> bool:
    """A booking learned of within 15 minutes of being made is confirmed at any hour, while it is fresh (R4)."""
    if reminder.step != BOOKED or now - reminder.planned_at > AT_ONCE:
        return False
    visit = next((visit for visit in facts.visits if visit.id == sequence.anchor), None)
    age = booking_age(visit) if visit is not None else None
    return age is not None and age <= AT_ONCE
