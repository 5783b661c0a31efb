"""How does staff pause a client's reminders, resume them, end or reopen a sequence, write a note? (SEQ-10)"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from clients.operations.staff_notes import Written, write_note
from dashboard.forms.steering import NoteForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.outreach import sequence_name
from dashboard.views.wording.people import client_name
from dashboard.views.wording.steering import refusal_words
from practices.queries.abilities import Ability
from reminders.models import Sequence
from reminders.operations import steering_sequences as steering
from reminders.operations.steering_hold import SteeringRefused
from reminders.queries.steering import sequence_of


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def pause(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Hold everything but confirmations until a person resumes it, with Undo."""
    try:
        steering.pause(staff.practice_id, client_id, staff.actor, staff.now)
    except Client.DoesNotExist as error:
        raise Http404("No such client in this practice.") from error
    undo_url = reverse("dashboard:resume", args=[staff.slug, client_id])
    said(request, "Reminders are paused. Confirmations of appointments go on.", undo_url)
    return redirect("dashboard:client", staff.slug, client_id)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def resume(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Let the sequences go on."""
    try:
        steering.resume(staff.practice_id, client_id, staff.actor, staff.now)
    except Client.DoesNotExist as error:
        raise Http404("No such client in this practice.") from error
    said(request, "Reminders go on. What came due meanwhile is left out.")
    return redirect("dashboard:client", staff.slug, client_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def end(request: HttpRequest, staff: Staff, sequence_id: UUID) -> HttpResponse:
    """Ask first, for what it planned does not come back as it was; then end one sequence."""
    sequence = _sequence(staff, sequence_id)
    name = sequence_name(sequence)
    if request.method == "POST":
        try:
            steering.end_sequence(staff.practice_id, sequence_id, staff.actor, staff.now)
            said(request, f"The {name} sequence is ended.")
        except SteeringRefused as error:
            refused(request, refusal_words(error, staff.now, staff.time_zone))
        return redirect("dashboard:client", staff.slug, sequence.client_id)
    who = client_name(sequence.client)
    today = staff.today
    since = f" of {date_words(sequence.day_zero, today)}" if sequence.day_zero else ""
    page = {
        "staff": staff,
        "here": "clients",
        "title": f"End the {name} sequence",
        "sentences": [
            (
                f"{who} gets no more messages about the treatment{since}, and no monthly messages because of it. "
                "The next treatment starts afresh. Other sequences and confirmations go on."
            ),
            "It can be opened again later, with the steps that are then still to come.",
        ],
        "submit": f"End the {name} sequence",
        "cancel": "Keep the sequence",
        "cancel_url": reverse("dashboard:client", args=[staff.slug, sequence.client_id]),
        "is_danger": True,
    }
    return render(request, "dashboard/asked.html", page)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def reopen(request: HttpRequest, staff: Staff, sequence_id: UUID) -> HttpResponse:
    """Let a sequence go on that staff ended, or an opt-out that was taken back since."""
    sequence = _sequence(staff, sequence_id)
    try:
        steering.reopen_sequence(staff.practice_id, sequence_id, staff.actor, staff.now)
        said(request, f"The {sequence_name(sequence)} sequence goes on.")
    except SteeringRefused as error:
        refused(request, refusal_words(error, staff.now, staff.time_zone))
    return redirect("dashboard:client", staff.slug, sequence.client_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def note(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Keep a note; where it reads like an opt-out or a complaint, the client's page offers what follows."""
    row = Client.objects.filter(practice_id=staff.practice_id, pk=client_id, erased_at=None).first()
    if row is None:
        raise Http404("No such client in this practice.")
    form = NoteForm(request.POST if request.method == "POST" else None)
    back = reverse("dashboard:client", args=[staff.slug, client_id])
    if request.method == "POST" and form.is_valid():
        written = write_note(staff.practice_id, client_id, form.cleaned_data["text"], staff.actor, staff.now)
        said(request, "The note is kept.")
        sounds = _sound_of(written)
        return redirect(f"{back}?note={sounds}" if sounds else back)
    page = {
        "staff": staff,
        "here": "clients",
        "title": f"Write a note on {client_name(row)}",
        "form": form,
        "submit": "Keep the note",
        "cancel": "Write none",
        "cancel_url": back,
    }
    return render(request, "dashboard/asked.html", page, status=422 if form.errors else 200)


def _sound_of(written: Written) -> str:
    """What a note reads like, as the client's page has it in its address; empty for nothing that matters."""
    if written.wants_no_messages:
        return "opt-out"
    if written.is_complaint:
        return "complaint"
    return "wish" if written.may_want_fewer else ""


def _sequence(staff: Staff, sequence_id: UUID) -> Sequence:
    sequence = sequence_of(staff.practice_id, sequence_id)
    if sequence is None:
        raise Http404("No such sequence in this practice.")
    return sequence
