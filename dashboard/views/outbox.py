"""What has left, exactly as it was handed over? (CHN-1)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadences.queries.library import library_of
from cadences.timeline import Cadence
from dashboard.views.access import Staff, staff_page
from dashboard.views.frames import Frame, frame_of, letter_url
from dashboard.views.wording.moments import day_words, hour_words, time_tag
from dashboard.views.wording.outreach import by_channels, client_zone, message_name, why_together
from dashboard.views.wording.people import client_name
from dashboard.views.wording.states import DELIVERIES, Shown
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Delivery
from reminders.queries.outbox import Cursor, OutboxPage, letter, newer_deliveries, outbox_page

CHANNELS: Mapping[str, Channel] = {"texts": Channel.SMS, "emails": Channel.EMAIL}
SEGMENTS = (("", "All"), ("texts", "Texts"), ("emails", "Emails"))

# An email styles itself; it may not run, send or load anything, and only our own pages may frame it.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "sandbox": ["allow-same-origin"],
}


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as the page shows it."""

    day: str
    at: SafeString
    client_name: str
    client_url: str
    what: str
    state: Shown
    error: str
    reasons: tuple[str, ...]
    frame: Frame


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def outbox(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the deliveries, newest first, one page of them."""
    show = _show(request)
    before = _cursor(request.GET.get("before", ""))
    page = outbox_page(staff.practice_id, CHANNELS.get(show), before)
    address = reverse("dashboard:outbox", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "outbox",
        "rows": _rows(page, staff),
        "segments": [(f"{address}?{urlencode({'show': key})}" if key else address, name, key == show)
                     for key, name in SEGMENTS],
        "show": show,
        "is_first_page": before is None,
        "newest_url": address,
        "older_url": _older_url(address, show, page.older),
        "newer_url": _newer_url(staff, show, page),
    }  # fmt: skip
    return render(request, "dashboard/outbox.html", context)


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def newer(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Answer the open page's question for what has left since: rows to put on top, or nothing (204)."""
    show = _show(request)
    page = newer_deliveries(staff.practice_id, CHANNELS.get(show), _cursor(request.GET.get("after", "")))
    if not page.deliveries:
        return HttpResponse(status=204)
    context = {
        "staff": staff,
        "rows": _rows(page, staff),
        "newer_url": _newer_url(staff, show, page),
        "arrived": len(page.deliveries),
    }
    return render(request, "dashboard/outbox_newer.html", context)


@require_safe
@csp(LETTER_POLICY)
@staff_page(Ability.SEE_CLIENTS)
def letter_page(request: HttpRequest, _staff: Staff, delivery_id: UUID) -> HttpResponse:
    """Show the HTML part of an email by itself, for the frame: without scripts, forms or anything from elsewhere."""
    delivery = letter(delivery_id)
    if delivery is None:
        raise Http404("No such email in this practice.")
    if delivery.html:
        return HttpResponse(delivery.html)
    return render(request, "dashboard/letter.html", {"delivery": delivery})


def _show(request: HttpRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in CHANNELS else ""


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the outbox.") from error


def _older_url(address: str, show: str, older: Cursor | None) -> str:
    if older is None:
        return ""
    return f"{address}?{urlencode(({'show': show} if show else {}) | {'before': str(older)})}"


def _newer_url(staff: Staff, show: str, page: OutboxPage) -> str:
    query = {"show": show} if show else {}
    if page.deliveries:
        query["after"] = str(Cursor(page.deliveries[0].attempted_at, page.deliveries[0].pk))
    return f"{reverse('dashboard:outbox_newer', args=[staff.slug])}?{urlencode(query)}"


def _rows(page: OutboxPage, staff: Staff) -> list[Row]:
    today = staff.now.astimezone(ZoneInfo(staff.time_zone)).date()
    cadences = library_of(staff.practice_id).versions
    return [_row(delivery, cadences, staff, today) for delivery in page.deliveries]


def _row(delivery: Delivery, cadences: Mapping[UUID, Cadence], staff: Staff, today: date) -> Row:
    local = delivery.attempted_at.astimezone(ZoneInfo(staff.time_zone))
    reminders = list(delivery.message.reminders.all())
    return Row(
        day=day_words(local.date(), today),
        at=time_tag(delivery.attempted_at, staff.time_zone, hour_words(local)),
        client_name=client_name(delivery.client),
        client_url=reverse("dashboard:client", args=[staff.slug, delivery.client_id]),
        what=f"{message_name(delivery.message, reminders)}{by_channels([delivery.channel])}",
        state=DELIVERIES[Delivery.State(delivery.state)],
        error=delivery.error,
        reasons=why_together(reminders, cadences, client_zone(delivery.client, reminders, staff.time_zone), today),
        frame=frame_of(
            delivery, zone_name=staff.time_zone, today=today, letter_url=letter_url(staff.slug, delivery.pk)
        ),
    )
