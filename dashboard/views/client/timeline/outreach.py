"""Which reminders stand on a client's timeline: sent, stopped, waiting and coming?"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Sequence as Series
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import Appointment
from dashboard.views.client.timeline.context import Context
from dashboard.views.client.timeline.entries import Entry, Group
from dashboard.views.client.timeline.fates import fates_of, frames_of, opened_words, settling_of
from dashboard.views.parts.frames import preview_frame
from dashboard.views.wording.deliveries import not_arrived, shown_of
from dashboard.views.wording.moments import date_words, joined, number_words
from dashboard.views.wording.outreach import by_channels, message_name, reminder_name, treatment_name, why_together
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.states import REMINDERS, Shown
from practices.queries.client_trail import Deed
from reminders.engine.words import OPEN_STATES, Reason, ReminderState, SequenceKind, SequenceState
from reminders.models import Delivery, Reminder
from reminders.operations.previewing import PreviewText

STANDING_STILL: Mapping[str, Shown] = {
    SequenceState.PAUSED: Shown("paused", "Paused"),
    SequenceState.HOLDOUT: Shown("suppressed", "Held out"),
}


def message_entries(reminders: Iterable[Reminder], context: Context) -> Iterator[Entry]:
    """Yield one entry for each message, however many reminders joined in it, with its exact text (R22)."""
    by_message: dict[UUID, list[Reminder]] = {}
    for each in reminders:
        if each.message_id is not None and each.state not in OPEN_STATES:
            by_message.setdefault(each.message_id, []).append(each)
    for message_id, members in by_message.items():
        message = members[0].message
        if message is None:
            continue
        deliveries = context.deliveries.get(message_id, ())
        at = message.sent_at or message.decided_at
        state = shown_of(deliveries[0]) if len(deliveries) == 1 else REMINDERS[ReminderState(members[0].state)]
        yield Entry(
            Group.MESSAGES,
            at,
            state,
            f"{message_name(message, members)}{by_channels(each.channel for each in deliveries)}",
            state,
            whys=(
                *why_together(members, context.cadences, context.zone_name, context.today, context.moves),
                *fates_of(deliveries, at, context),
                *(() if _is_told(members[0], deliveries) else _reason_of(members[0])),
                *opened_words(members, context),
            ),
            frames=frames_of(deliveries, context),
            actions=settling_of(deliveries, context),
        )


def _is_told(reminder: Reminder, deliveries: Iterable[Delivery]) -> bool:
    """Whether the carrier's own words say why it failed: then the engine's reason adds nothing."""
    return reminder.state == ReminderState.FAILED and any(each.error for each in not_arrived(deliveries))


def coming_entries(reminders: Iterable[Reminder], context: Context) -> Iterator[Entry]:
    """Yield the reminders that may still leave: when, why then, why they wait, and the text they would have."""
    for each in reminders:
        if each.state not in OPEN_STATES:
            continue
        previews = context.previews.get(each.pk, ())
        state = STANDING_STILL.get(each.sequence.state, REMINDERS[ReminderState(each.state)])
        channels = [preview.channel for preview in previews]
        yield Entry(
            Group.MESSAGES,
            max(each.due_at, context.now),
            state,
            f"{reminder_name(each, each.sequence)}{by_channels(channels)}",
            None if each.state == ReminderState.PLANNED and each.sequence.state not in STANDING_STILL else state,
            whys=(
                *(_in_peace(each, context) or _reason_of(each)),
                *why_together([each], context.cadences, context.zone_name, context.today, context.moves),
                *(["Reminders due within seven days of each other leave as one."] if _is_joined(previews) else []),
            ),
            frames=tuple(preview_frame(preview, context.client) for preview in previews),
            is_coming=True,
            actions=context.actions.get(each.pk, ()),
        )


def _in_peace(reminder: Reminder, context: Context) -> tuple[str, ...]:
    """Why it does not leave at its own moment, where the client asked to be left alone (R27)."""
    until = context.peace_until
    if until is None or until <= context.today or reminder.sequence.kind == SequenceKind.CONFIRMATION:
        return ()
    day = reminder.due_at.astimezone(ZoneInfo(context.zone_name)).date()
    if day >= until and reminder.reason != Reason.SNOOZED:
        return ()
    return (f"The client is left in peace until {date_words(until, context.today)}. It does not leave before.",)


def _is_joined(previews: Iterable[PreviewText]) -> bool:
    """Whether it shares its message with a reminder of another sequence (R22)."""
    return any(preview.is_joined for preview in previews)


def stopped_entries(
    reminders: Iterable[Reminder], appointments: Series[Appointment], context: Context
) -> Iterator[Entry]:
    """Yield what will not leave and why; the steps of one sequence that fell for one reason are one entry."""
    groups: dict[tuple[UUID, int, str, str], list[Reminder]] = {}
    for each in reminders:
        if each.message_id is None and each.pk in context.skips:
            yield _skipped(each, context.skips[each.pk], context)
        elif each.message_id is None and each.state not in OPEN_STATES:
            groups.setdefault((each.sequence_id, each.cycle, each.state, each.reason), []).append(each)
    for members in groups.values():
        first = members[0]
        state = REMINDERS[ReminderState(first.state)]
        yield Entry(
            Group.MESSAGES,
            _stopped_at(first, appointments, context.now),
            state,
            _stopped_name(members),
            state,
            whys=(*_reason_of(first), _planned_for(members, context)),
        )


def _skipped(reminder: Reminder, deed: Deed, context: Context) -> Entry:
    """One that staff left out, when they did."""
    state = Shown("suppressed", "Skipped")
    whys = (f"{deed.by or 'Staff'} left it out.", _planned_for([reminder], context))
    name = reminder_name(reminder, reminder.sequence)
    return Entry(Group.MESSAGES, deed.at, state, name, state, whys=whys, also=Group.STAFF)


def _stopped_name(members: Series[Reminder]) -> str:
    first = members[0]
    if len(members) == 1:
        return reminder_name(first, first.sequence)
    kind = first.sequence.kind
    if kind == SequenceKind.CONFIRMATION:
        return f"{number_words(len(members)).capitalize()} confirmations"
    return f"{treatment_name(first.sequence)}, {number_words(len(members))} reminders"


def _planned_for(members: Series[Reminder], context: Context) -> str:
    zone = ZoneInfo(context.zone_name)
    days = dict.fromkeys(date_words(each.due_at.astimezone(zone).date(), context.today) for each in members)
    return f"Planned for {joined(list(days))}."


def _stopped_at(reminder: Reminder, appointments: Series[Appointment], now: datetime) -> datetime:
    """When a reminder stopped: its decision, else the booking or end that stopped it, else its own time if past."""
    if reminder.decided_at is not None:
        return reminder.decided_at
    if reminder.reason == Reason.BOOKED:
        learned = [each.learned_at for each in appointments if each.learned_at <= min(reminder.due_at, now)]
        if learned:
            return max(learned)
    ended_at = reminder.sequence.ended_at
    if reminder.state == ReminderState.CANCELLED and ended_at is not None:
        return ended_at
    return min(reminder.due_at, now)


def _reason_of(reminder: Reminder) -> tuple[str, ...]:
    sentence = reason_sentence(reminder.reason)
    return (sentence,) if sentence else ()
