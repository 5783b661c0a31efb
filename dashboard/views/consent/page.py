"""Who may get reminders by text and by email, who may not and why, and does the practice vouch? (SEQ-12)"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.models.consent import ConsentAttestation, ConsentScope
from clients.operations.consents import AttestationRefused, attest
from clients.queries.agreements import attestations
from dashboard.forms.consent import AttestForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.ledger.page import list_url
from dashboard.views.parts.figures import Figure
from dashboard.views.parts.toasts import said
from dashboard.views.settings.pages import segments
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.reaches import HEADS, WORDS, may_leave, reach_words
from dashboard.views.wording.services import count_words, opened
from practices.queries.abilities import Ability
from reminders.engine.words import Channel, Reach, Reason
from reminders.queries.reach import ReachCounts, reach_counts


@dataclass(frozen=True, slots=True)
class Why:
    """How many clients are reached so, in a sentence; the figure opens the list of them."""

    sentence: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """One channel: the sum, who may get reminders, and who may not."""

    id: str
    name: str
    figures: tuple[Figure, ...]
    may: tuple[Why, ...]
    may_not: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the practice vouches for."""

    scope: str
    wording: str
    words: str
    withdraw_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def consent(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the counts, what waits, and what was vouched for; vouch."""
    form = AttestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scope = ConsentScope(form.cleaned_data["scope"])
        try:
            attest(
                staff.practice_id, scope, form.cleaned_data["wording"], staff.person_name, staff.now, actor=staff.actor
            )
        except AttestationRefused as error:
            form.add_error("wording", str(error))
        else:
            said(request, f"The practice vouches for consent to {scope.label.lower()}.")
            return redirect("dashboard:consent", staff.slug)
    vouched = attestations(staff.practice_id)
    is_vouched = any(each.scope == ConsentScope.SMS for each in vouched)
    counts = reach_counts(staff.practice_id)
    waiting = staff.attention.held.get(Reason.NO_CONSENT, 0)
    context = {
        "staff": staff,
        "here": "settings",
        "segments": segments(staff, "consent"),
        "form": form,
        "parts": [_part(staff, counts, channel, name, is_vouched=is_vouched) for channel, name in HEADS.items()],
        "has_clients": bool(counts.sms) or counts.unplanned > 0,
        "unplanned": f"{opened(count_words(counts.unplanned, 'client'))} {_waits(counts.unplanned)} for the first plan."
        if counts.unplanned
        else "",
        "waiting": f"{opened(count_words(waiting, 'message'))} {_waits(waiting)} for consent." if waiting else "",
        "waiting_url": list_url(staff.slug, "waiting", {"reason": Reason.NO_CONSENT.value}),
        "vouched": _vouched(staff, vouched),
    }
    return render(request, "dashboard/consent/page.html", context, status=422 if form.errors else 200)


def _part(staff: Staff, counts: ReachCounts, channel: Channel, name: str, *, is_vouched: bool) -> Part:
    numbers = counts.of(channel)
    rows = [
        (reach, Why(reach_words(channel, reach, is_vouched=is_vouched), _figure(staff, channel, reach, numbers[reach])))
        for reach in WORDS[channel]
        if numbers[reach]
    ]
    may = tuple(row for reach, row in rows if may_leave(channel, reach, is_vouched=is_vouched))
    may_not = tuple(row for reach, row in rows if not may_leave(channel, reach, is_vouched=is_vouched))
    figures = (
        Figure("clients", numbers.total()),
        Figure("may get reminders", sum(each.figure.number for each in may)),
        Figure("may not", sum(each.figure.number for each in may_not)),
    )
    return Part(channel.value, name, figures, may, may_not)


def _figure(staff: Staff, channel: Channel, reach: Reach, number: int) -> Figure:
    address = reverse("dashboard:consent_clients", args=[staff.slug])
    query = urlencode({"channel": channel.value, "word": reach.value})
    return Figure(reach.value, number, f"{address}?{query}")


def _waits(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _vouched(staff: Staff, rows: Iterable[ConsentAttestation]) -> list[Vouched]:
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    return [
        Vouched(
            each.get_scope_display(),
            each.wording.strip(),
            f"{each.attested_by} vouched on {date_words(each.attested_at.astimezone(zone).date(), today)}.",
            reverse("dashboard:consent_withdraw", args=[staff.slug, each.pk]),
        )
        for each in rows
    ]
