"""Why is a client to be called, whose call is it, and what came of it? In sentences."""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import Appointment, Client, ServiceIssue
from dashboard.views.client.timeline.words_said import CALLS, ISSUES
from dashboard.views.wording.moments import date_words, day_words, hour_words, joined
from dashboard.views.wording.outreach import message_name
from practices.models import StaffMember
from reminders.models import Call
from reminders.models.call import OF_OWN_ACCORD
from reminders.queries.call_history import CallHistory

LONGEST_QUOTE: Final = 140
NEAR: Final = 7


def in_sentence(day: date, today: date) -> str:
    """Return a day that has come as it stands within a sentence.

    >>> today = date(2026, 11, 24)
    >>> [in_sentence(date(2026, 11, number), today) for number in (24, 23, 20, 3)]
    ['today', 'yesterday', 'on Friday', 'on November 3']
    """
    if day in (today, date.fromordinal(today.toordinal() - 1)):
        return day_words(day, today).lower()
    return f"on {day:%A}" if 0 < (today - day).days < NEAR else f"on {date_words(day, today)}"


def moment_words(moment: datetime, zone_name: str, today: date) -> str:
    """Return a moment that has come as it stands within a sentence: "yesterday at 3:30 pm"."""
    local = moment.astimezone(ZoneInfo(zone_name))
    return f"{in_sentence(local.date(), today)} at {hour_words(local)}"


def quoted(text: str) -> str:
    """Return words in quotation marks, on one line, shortened after a word where they are long.

    >>> quoted("Is it   safe?"), quoted("much too long " * 20)[-11:], len(quoted("x" * 200))
    ('“Is it safe?”', 'too long …”', 142)
    """
    words = " ".join(text.split())
    if len(words) <= LONGEST_QUOTE:
        return f"“{words}”"
    whole, between, _ = words[:LONGEST_QUOTE].rpartition(" ")
    return f"“{whole} …”" if between else f"“{words[: LONGEST_QUOTE - 1]}…”"


def why_called(call: Call, history: CallHistory, zone_name: str, today: date) -> str:
    """Return why a client is on the call list, with its date (CARE-2, R9, R10, R15, R29)."""
    if call.reason == OF_OWN_ACCORD:
        return "The practice called of its own accord."
    issue, appointment = history.issues.get(call.anchor), history.appointments.get(call.anchor)
    session = history.sessions.get(call.anchor)
    if issue is not None:
        told = in_sentence(issue.opened_at.astimezone(ZoneInfo(zone_name)).date(), today)
        teller = staff_name(issue.opened_by) if issue.opened_by else ISSUES[ServiceIssue.Origin(issue.origin)]
        if issue.origin == ServiceIssue.Origin.WISH:
            waits = "" if issue.resolved_at else " Reminders and all texts wait."
            return f"{teller} may ask for fewer messages, written {told}.{waits}"
        paused = "" if issue.resolved_at else " Reminders are paused."
        return f"{teller} told of a problem {told}.{paused}"
    if appointment is not None and appointment.starts_at is not None:
        at = moment_words(appointment.starts_at, _zone(appointment, zone_name), today)
        what = _what(appointment)
        if call.reason == Call.Reason.NO_SHOW:
            return f"Did not come {at}{what}."
        return f"Was booked {at}{what}. Nobody knows whether the visit took place."
    if session is not None:
        number = f"Session {session.series_number}" if session.series_number else "The last session"
        of = f"{number} of {session.treatment_type.name} was {in_sentence(session.performed_on, today)}"
        return f"{of}. The next one is not booked."
    return CALLS[Call.Reason(call.reason)]


def words_said(call: Call, history: CallHistory) -> str:
    """Return what the client, or whoever told of a problem, said; empty where nothing was."""
    issue = history.issues.get(call.anchor)
    return issue.text if issue is not None else ""


def history_words(client: Client, history: CallHistory, zone_name: str, today: date) -> str:
    """Return the last treatment, the last message and the last reply, in one line."""
    parts = []
    treatment, message = history.treatments.get(client.pk), history.messages.get(client.pk)
    reply = history.replies.get(client.pk)
    if treatment is not None:
        by = f" with {treatment.provider.display_name}" if treatment.provider else ""
        treated_on = in_sentence(treatment.performed_on, today)
        parts.append(f"Last treated {treated_on}: {treatment.treatment_type.name}{by}.")
    if message is not None and message.sent_at is not None:
        sent_on = message.sent_at.astimezone(ZoneInfo(zone_name)).date()
        parts.append(f"Last message {in_sentence(sent_on, today)}: {message_name(message, message.reminders.all())}.")
    if reply is not None:
        said_on = reply.received_at.astimezone(ZoneInfo(zone_name)).date()
        parts.append(f"Answered {in_sentence(said_on, today)}: {quoted(reply.text)}")
    return " ".join(parts)


def whose_words(call: Call, history: CallHistory, reader_id: UUID) -> str:
    """Return who has a call, or to whom it goes while nobody has taken it (CARE-2)."""
    if call.taken_by is not None:
        return "You have it" if call.taken_by_id == reader_id else f"{first_name(call.taken_by)} has it"
    for_id = getattr(call, "for_id", None)
    if for_id is None:
        return "For a manager"
    return "For you" if for_id == reader_id else f"For {first_name(history.staff[for_id])}"


def outcome_words(call: Call, zone_name: str, today: date) -> str:
    """Return what came of a call, who made it and when; of one still open, of its last try."""
    by = call.closed_by or call.taken_by
    moment = call.closed_at or call.taken_at
    words = [Call.Outcome(call.outcome).label] if call.outcome else ["Closed"]
    if moment is not None:
        words.append(moment_words(moment, zone_name, today))
    if by is not None:
        words.append(f"by {staff_name(by)}")
    return f"{', '.join(words)}."


def staff_name(member: StaffMember) -> str:
    """Return a staff member's name, else their email address."""
    return member.person.name or member.person.email


def first_name(member: StaffMember) -> str:
    """Return what colleagues call a staff member."""
    return staff_name(member).split(" ", 1)[0]


def _zone(appointment: Appointment, zone_name: str) -> str:
    return appointment.location.time_zone if appointment.location else zone_name


def _what(appointment: Appointment) -> str:
    services = [each.service for each in appointment.services.all()]
    names = list(dict.fromkeys(each.treatment_type.name if each.treatment_type else each.name for each in services))
    by = f" with {appointment.provider.display_name}" if appointment.provider else ""
    return f", {joined(names)}{by}" if names else by
