"""How does staff skip, send or move one coming reminder? (SEQ-10)"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.steering import MoveForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.client.facts import hours_fact
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.moments import date_words, hour_words
from dashboard.views.wording.outreach import reminder_name, reminder_phrase
from dashboard.views.wording.people import client_name
from dashboard.views.wording.steering import moment_words, outcome_words, refusal_words
from practices.queries.abilities import Ability
from reminders.models import Reminder
from reminders.operations import steering
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.steering_hold import SteeringRefused
from reminders.queries.steering import reminder_of


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def skip(request: HttpRequest, staff: Staff, reminder_id: UUID) -> HttpResponse:
    """Leave one reminder out, with Undo while its moment is still to come."""
    reminder = _reminder(staff, reminder_id)
    undo_url = reverse("dashboard:unskip", args=[staff.slug, reminder_id])

    def act() -> None:
        steering.skip(staff.practice_id, reminder_id, staff.actor, staff.now)
        said(request, f"{_name(reminder)} is skipped.", undo_url if reminder.allowed_at > staff.now else "")

    return _done(request, staff, reminder, act)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def unskip(request: HttpRequest, staff: Staff, reminder_id: UUID) -> HttpResponse:
    """Put a skipped reminder back."""
    reminder = _reminder(staff, reminder_id)

    def act() -> None:
        steering.unskip(staff.practice_id, reminder_id, staff.actor, staff.now)
        said(request, f"{_name(reminder)} is planned again.")

    return _done(request, staff, reminder, act)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def send_now(request: HttpRequest, staff: Staff, reminder_id: UUID) -> HttpResponse:
    """Ask first, for what has left cannot be called back; then let it leave as soon as the rules allow."""
    reminder = _reminder(staff, reminder_id)
    if request.method == "POST":

        def act() -> None:
            outcome = steering.send_now(staff.practice_id, reminder_id, staff.actor, staff.now)
            said(request, f"{_name(reminder)}: {_lower(outcome_words(outcome, staff.now, staff.time_zone))}")

        return _done(request, staff, reminder, act)
    zone_name = _zone(staff, reminder)
    today = staff.now.astimezone(ZoneInfo(zone_name)).date()
    page = {
        "staff": staff,
        "here": "clients",
        "title": f"Send {reminder_phrase(reminder)} now",
        "sentences": [
            (
                f"It is planned for {moment_words(reminder.due_at, today, zone_name, staff.time_zone)}. Sent now, it"
                f" leaves to {client_name(reminder.client)} within seconds, or at the first time that the hours for"
                " messages, the pause between messages and the client’s consent allow."
            ),
            "What has left cannot be called back. Later reminders keep their gap to it.",
        ],
        "submit": "Send it now",
        "cancel": f"Keep {_day(reminder.due_at, staff, zone_name)}",
        "cancel_url": _client_url(staff, reminder),
    }
    return render(request, "dashboard/asked.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def move(request: HttpRequest, staff: Staff, reminder_id: UUID) -> HttpResponse:
    """Ask for a day and an hour where the client lives; then move the reminder there, with Undo."""
    reminder = _reminder(staff, reminder_id)
    if request.method == "POST" and "at" in request.GET:
        return _move_to(request, staff, reminder)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = steering.move(
                staff.practice_id,
                reminder_id,
                form.cleaned_data["day"],
                form.cleaned_data["hour"],
                staff.actor,
                staff.now,
            )
        except SteeringRefused as error:
            form.add_error(None, refusal_words(error, staff.now, staff.time_zone))
        else:
            _say_moved(request, staff, reminder, outcome)
            return redirect(f"{_client_url(staff, reminder)}#now")
    gathered = bound(staff.practice_id, staff.now)
    facts = gather(gathered, [reminder.client_id], staff.now)[reminder.client_id].facts
    zone_name = facts.person.home_zone
    local = max(reminder.due_at, staff.now).astimezone(ZoneInfo(zone_name))
    today = staff.now.astimezone(ZoneInfo(zone_name)).date()
    if request.method != "POST":
        form = MoveForm(initial={"day": local.date(), "hour": local.time().replace(second=0, microsecond=0)})
    hours = hours_fact(facts, gathered.policy)
    page = {
        "staff": staff,
        "here": "clients",
        "title": f"Move {reminder_phrase(reminder)}",
        "sentences": [
            (
                f"It is planned for {moment_words(reminder.due_at, today, zone_name, staff.time_zone)}."
                f" Hours for messages: {hours.values[0]}. {' '.join(hours.notes)}"
            ),
            "The day and the hour are those where the client lives. Later reminders of the sequence keep their gap.",
        ],
        "form": form,
        "submit": "Move the reminder",
        "cancel": f"Keep {_day(reminder.due_at, staff, zone_name)}",
        "cancel_url": _client_url(staff, reminder),
    }
    return render(request, "dashboard/asked.html", page, status=422 if form.errors else 200)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def move_back(request: HttpRequest, staff: Staff, reminder_id: UUID) -> HttpResponse:
    """Give a moved reminder back to its cadence."""
    reminder = _reminder(staff, reminder_id)

    def act() -> None:
        outcome = steering.move_back(staff.practice_id, reminder_id, staff.actor, staff.now)
        words = outcome_words(outcome, staff.now, staff.time_zone)
        undo_url = _undo_url(staff, reminder, outcome.moved_before)
        said(request, f"{_name(reminder)} is back at its own time. {words}", undo_url)

    return _done(request, staff, reminder, act)


def _move_to(request: HttpRequest, staff: Staff, reminder: Reminder) -> HttpResponse:
    """Undo: the exact moment it had before."""
    try:
        moment = datetime.fromisoformat(request.GET["at"])
    except ValueError as error:
        raise Http404("No such moment.") from error
    if moment.tzinfo is None:
        raise Http404("No such moment.")

    def act() -> None:
        outcome = steering.move_to(staff.practice_id, reminder.pk, moment, staff.actor, staff.now)
        said(request, f"{_name(reminder)} is moved back. {outcome_words(outcome, staff.now, staff.time_zone)}")

    return _done(request, staff, reminder, act)


def _say_moved(request: HttpRequest, staff: Staff, reminder: Reminder, outcome: steering.Outcome) -> None:
    words = outcome_words(outcome, staff.now, staff.time_zone)
    said(request, f"{_name(reminder)} is moved. {words}", _undo_url(staff, reminder, outcome.moved_before))


def _undo_url(staff: Staff, reminder: Reminder, moved_before: datetime | None) -> str:
    if moved_before is None:
        return reverse("dashboard:move_back", args=[staff.slug, reminder.pk])
    if moved_before <= staff.now:
        return ""
    address = reverse("dashboard:move", args=[staff.slug, reminder.pk])
    return f"{address}?{urlencode({'at': moved_before.isoformat()})}"


def _done(request: HttpRequest, staff: Staff, reminder: Reminder, act: Callable[[], None]) -> HttpResponse:
    """Do it, or say why not; back to the client either way."""
    try:
        act()
    except SteeringRefused as error:
        refused(request, f"{_name(reminder)}: {_lower(refusal_words(error, staff.now, staff.time_zone))}")
    return redirect(f"{_client_url(staff, reminder)}#now")


def _reminder(staff: Staff, reminder_id: UUID) -> Reminder:
    reminder = reminder_of(staff.practice_id, reminder_id)
    if reminder is None:
        raise Http404("No such reminder in this practice.")
    return reminder


def _name(reminder: Reminder) -> str:
    return reminder_name(reminder, reminder.sequence)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _zone(staff: Staff, reminder: Reminder) -> str:
    gathered = gather(bound(staff.practice_id, staff.now), [reminder.client_id], staff.now)
    return gathered[reminder.client_id].facts.person.home_zone


def _day(at: datetime, staff: Staff, zone_name: str) -> str:
    local, today = at.astimezone(ZoneInfo(zone_name)), staff.now.astimezone(ZoneInfo(zone_name)).date()
    return hour_words(local) if local.date() == today else date_words(local.date(), today)


def _client_url(staff: Staff, reminder: Reminder) -> str:
    return reverse("dashboard:client", args=[staff.slug, reminder.client_id])
