"""What is a reminder or a message called, and what set its time?"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cadences.timeline import Cadence, Step
from clients.models import Client
from dashboard.views.wording.moments import date_words, full_day_words, hour_words, joined, zone_words
from practices.queries.client_trail import Deed
from reminders.engine.confirmation import BOOKED, CANCELLED, EVENING_BEFORE, HOURS_24, HOURS_48, MORNING, MOVED
from reminders.engine.send_windows import home_zone
from reminders.engine.words import Channel, SequenceKind, Touchpoint
from reminders.models import Message, Reminder, Sequence

SUNDAY: Final = 6
WEEK: Final = 7

ORDINALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Touchpoint.FIRST.value: "first reminder",
        Touchpoint.SECOND.value: "second reminder",
        Touchpoint.SECOND_INCENTIVE.value: "second reminder",
        Touchpoint.LAST.value: "last reminder",
    }
)
CONFIRMATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        BOOKED: "Appointment confirmed",
        MOVED: "Appointment moved",
        HOURS_48: "Appointment in two days",
        HOURS_24: "Appointment in one day",
        MORNING: "Appointment today",
        EVENING_BEFORE: "Appointment tomorrow morning",
        CANCELLED: "Appointment cancelled by the practice",
    }
)
OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Touchpoint.COMBINED.value: "Two reminders, as one message",
        Touchpoint.CHECK_IN.value: "check-in",
        Touchpoint.SEASONAL.value: "seasonal note",
        Touchpoint.BEFORE_AFTER.value: "before and after",
        Touchpoint.OFFER.value: "offer",
        Touchpoint.SURVEY.value: "Survey",
        Touchpoint.OPT_OUT_REPLY.value: "Answer to the opt-out",
        Touchpoint.HELP_REPLY.value: "Answer to HELP",
        Touchpoint.START_REPLY.value: "Answer to START",
        Touchpoint.STAFF_ANSWER.value: "Answer from staff",
    }
)
CHANNELS: Final[Mapping[Channel, str]] = MappingProxyType({Channel.SMS: "by text", Channel.EMAIL: "by email"})


def touchpoint_name(touchpoint: str) -> str:
    """Return what a text is for, in lower case where a treatment's name stands before it."""
    return ORDINALS.get(touchpoint) or CONFIRMATIONS.get(touchpoint) or OTHERS[touchpoint]


def reminder_name(reminder: Reminder, sequence: Sequence, touchpoint: str = "") -> str:
    """Return what a reminder is called: "Botox, first reminder". A sent one goes by its text (R3)."""
    if sequence.kind == SequenceKind.CONFIRMATION:
        return CONFIRMATIONS.get(reminder.step, "Appointment")
    if sequence.kind == SequenceKind.SURVEY:
        return OTHERS[Touchpoint.SURVEY.value]
    if sequence.kind == SequenceKind.REACTIVATION:
        what = OTHERS.get(touchpoint, f"monthly message {reminder.position + 1}")
    else:
        what = ORDINALS.get(touchpoint) or ORDINALS.get(reminder.step, "first reminder")
    return f"{treatment_name(sequence)}, {what}"


def reminder_phrase(reminder: Reminder) -> str:
    """Return what a refill or a monthly message is called within a sentence: "the second Botox reminder"."""
    sequence = reminder.sequence
    if sequence.kind == SequenceKind.REACTIVATION:
        return f"monthly message {reminder.position + 1}"
    ordinal = ORDINALS.get(reminder.step, ORDINALS[Touchpoint.FIRST.value]).partition(" ")[0]
    return f"the {ordinal} {named_in_text(sequence)} reminder"


def message_name(message: Message, reminders: Iterable[Reminder]) -> str:
    """Return what a message is called; several joined reminders are one message that names them all (R22)."""
    reminders = list(reminders)
    if len(reminders) > 1:
        first, *others = dict.fromkeys(each.sequence for each in reminders)
        return f"{joined([treatment_name(first), *map(named_in_text, others)])}, as one message"
    if reminders:
        return reminder_name(reminders[0], reminders[0].sequence, message.touchpoint)
    return touchpoint_name(message.touchpoint).capitalize()


def by_channels(channels: Iterable[str]) -> str:
    """Return ", by text", ", by email" or both.

    >>> by_channels(["email", "sms"])
    ', by text and email'
    """
    known = set(channels)
    words = [CHANNELS[channel] for channel in Channel if channel in known]
    return f", {joined([words[0], *(word.removeprefix('by ') for word in words[1:])])}" if words else ""


def treatment_name(sequence: Sequence) -> str:
    """Return the treatment that a sequence is about, by its name on screen."""
    if sequence.treatment_type is not None:
        return sequence.treatment_type.name
    return sequence.family.replace("_", " ").capitalize() or "Visit"


def sequence_name(sequence: Sequence) -> str:
    """Return what a sequence is called within a sentence: "Botox", or "monthly" of a reactivation."""
    if sequence.kind == SequenceKind.REACTIVATION:
        return "monthly"
    return named_in_text(sequence)


def client_zone(client: Client, reminders: Iterable[Reminder], practice_zone: str) -> str:
    """Return the zone in whose wall time these reminders of a client were planned (R2)."""
    treatment = next((each.sequence.treatment for each in reminders if each.sequence.treatment), None)
    location = treatment.location if treatment else None
    zones = [client.stated_time_zone] if client.stated_time_zone else client.address_zones
    return home_zone(zones, location.time_zone if location else None, client.phone_zones, practice_zone)


def why_together(
    reminders: Iterable[Reminder],
    cadences: Mapping[UUID, Cadence],
    zone_name: str,
    today: date,
    moves: Mapping[UUID, Deed] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return why a message left when it did: a sentence a reminder, and why several left as one (R22).

    `moves`: by reminder, who moved it last.
    """
    whys = [
        why_moved(each, moves.get(each.pk), zone_name, today)
        if each.moved_to is not None
        else why_then(each, step_of(each, cadences), zone_name, today)
        for each in reminders
    ]
    if len(whys) > 1:
        whys.insert(0, "These reminders fall within seven days of each other, so they leave together.")
    return tuple(dict.fromkeys(whys))


def step_of(reminder: Reminder, cadences: Mapping[UUID, Cadence]) -> Step | None:
    """Return the cadence's step that a reminder stands for; None where no cadence timed it."""
    version_id = reminder.sequence.cadence_version_id
    cadence = cadences.get(version_id) if version_id else None
    return next((step for step in cadence.steps if step.key == reminder.step), None) if cadence else None


def named_in_text(sequence: Sequence) -> str:
    """Return the treatment that a sequence is about, as it stands within a sentence."""
    return sequence.treatment_type.named_in_text if sequence.treatment_type else treatment_name(sequence).lower()


def why_then(reminder: Reminder, step: Step | None, zone_name: str, today: date) -> str:
    """Return the sentence that says what set a reminder's time (LOOK.md, principle 7)."""
    sequence = reminder.sequence
    if sequence.kind == SequenceKind.CONFIRMATION:
        return _why_confirmed_then(reminder, today)
    if sequence.kind == SequenceKind.REACTIVATION:
        return f"Once a month, on the same day, at {_hour(reminder, zone_name)} in {zone_words(zone_name)}."
    if sequence.kind == SequenceKind.SURVEY:
        return _after_day_zero("A while", sequence, today) + "."
    if step is None:
        return "It opened again after the last reminder’s day, so one first reminder leaves two days later."
    return _moved_to(reminder, _after_day_zero(str(step.offset).capitalize(), sequence, today), zone_name, today)


def why_moved(reminder: Reminder, deed: Deed | None, zone_name: str, today: date) -> str:
    """Return who set a reminder's time, and what the rules made of it (SEQ-10)."""
    zone = ZoneInfo(zone_name)
    by = f" by {deed.by}" if deed and deed.by else " by staff"
    on = f" on {date_words(deed.at.astimezone(zone).date(), today)}" if deed else ""
    planned, allowed = reminder.planned_at.astimezone(zone), reminder.allowed_at.astimezone(zone)
    is_at_once = deed is not None and deed.action == "reminder_sent_now"
    if planned == allowed:
        where = f", at {hour_words(allowed)} in {zone_words(zone_name)}."
        return f"Sent{by}{on}, without waiting for its day." if is_at_once else f"Moved here{by}{on}{where}"
    asked = "to leave at once" if is_at_once else f"to {full_day_words(planned.date(), today)}, {hour_words(planned)}"
    goes = f"{full_day_words(allowed.date(), today)}, {hour_words(allowed)} in {zone_words(zone_name)}"
    return f"Moved{by}{on} {asked}. The first time allowed after that is {goes}."


def _moved_to(reminder: Reminder, counted: str, zone_name: str, today: date) -> str:
    zone = ZoneInfo(zone_name)
    planned, allowed = reminder.planned_at.astimezone(zone), reminder.allowed_at.astimezone(zone)
    if planned.date() == allowed.date():
        return f"{counted}, at {hour_words(allowed)} in {zone_words(zone_name)}."
    counted = f"{counted} is {full_day_words(planned.date(), today)}."
    days = (allowed.date() - planned.date()).days
    if planned.weekday() == SUNDAY and days == 1:
        return f"{counted} Nothing leaves on Sundays, so it goes Monday at {hour_words(allowed)}."
    goes = f"{allowed:%A}" if 0 < days < WEEK else full_day_words(allowed.date(), today)
    at = f"{hour_words(allowed)} in {zone_words(zone_name)}"
    return f"{counted} The first time allowed after that is {goes} at {at}."


def _after_day_zero(offset: str, sequence: Sequence, today: date) -> str:
    return f"{offset} after {date_words(sequence.day_zero, today)}" if sequence.day_zero else offset


def _hour(reminder: Reminder, zone_name: str) -> str:
    return hour_words(reminder.allowed_at.astimezone(ZoneInfo(zone_name)))


def appointment_words(starts_at: datetime, zone_name: str, today: date) -> str:
    """Return an appointment's day and hour: "Tuesday, December 1, 2 pm"."""
    local = starts_at.astimezone(ZoneInfo(zone_name))
    return f"{full_day_words(local.date(), today)}, {hour_words(time(local.hour, local.minute))}"


def _why_confirmed_then(reminder: Reminder, today: date) -> str:
    appointment = reminder.sequence.appointment
    starts_at = (appointment and appointment.starts_at) or reminder.sequence.told_starts_at
    if starts_at is None:
        return "The appointment’s time is not known."
    zone_name = appointment.location.time_zone if appointment and appointment.location else "UTC"
    of = appointment_words(starts_at, zone_name, today)
    sentences = {
        BOOKED: f"As soon as the booking for {of} was known.",
        MOVED: f"The appointment moved to {of}.",
        HOURS_48: f"48 hours before the appointment on {of}.",
        HOURS_24: f"24 hours before the appointment on {of}.",
        MORNING: f"Three hours before the appointment on {of}.",
        EVENING_BEFORE: f"The evening before, because the appointment on {of} starts early.",
        CANCELLED: f"The practice cancelled the appointment on {of}.",
    }
    return sentences.get(reminder.step, f"For the appointment on {of}.")
