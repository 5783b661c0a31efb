"""What has left through every gateway, exactly as it was handed over, and did it arrive? (CHN-1, CHN-2)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadences.queries.library import library_of
from cadences.timeline import Cadence
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.counting import counted_to
from dashboard.views.parts.frames import Frame, frame_of, letter_url
from dashboard.views.wording.deliveries import NEVER_SAID, Reading, fate_words, shown_of
from dashboard.views.wording.moments import date_words, day_words, full_day_words, hour_words, time_tag
from dashboard.views.wording.outreach import by_channels, client_zone, message_name, why_together
from dashboard.views.wording.people import client_name
from dashboard.views.wording.states import Shown
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Delivery
from reminders.queries.outbox import (
    FAILURES_REACH_BACK,
    Cursor,
    OutboxPage,
    Wanted,
    newer_deliveries,
    outbox_page,
)
from reminders.queries.unsettled import COUNTED

CHANNELS: Mapping[str, Channel] = {"texts": Channel.SMS, "emails": Channel.EMAIL}
FAILED = "failed"
SEGMENTS = (("", "All"), ("texts", "Texts"), ("emails", "Emails"), (FAILED, "Did not arrive"))
EMPTY: Mapping[str, str] = {
    "": "Nothing has left yet.",
    "texts": "No text has left yet.",
    "emails": "No email has left yet.",
    FAILED: "Nothing failed to arrive in the last 30 days.",
}

NEAR = {"Today", "Yesterday"}


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as the page shows it. `day`: of the head above it; empty where the row above has the same."""

    day: str
    at: SafeString
    client_name: str
    client_url: str
    what: str
    state: Shown
    fate: str
    reasons: tuple[str, ...]
    frame: Frame | None
    """None of a try that was not made, or never arrived: its client got nothing by it."""


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def outbox(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the deliveries, newest first, one page of them."""
    show = _show(request)
    before = _cursor(request.GET.get("before", ""))
    page = outbox_page(staff.practice_id, _wanted(show, staff), before)
    address = reverse("dashboard:outbox", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "outbox",
        "rows": _rows(page, staff),
        "segments": [(f"{address}?{urlencode({'show': key})}" if key else address, name, key == show)
                     for key, name in SEGMENTS],
        "doubt": _doubt(staff),
        "show": show,
        "is_first_page": before is None,
        "newest_url": address,
        "empty": EMPTY[show],
        "older_url": _older_url(address, show, page.older),
        "newer_url": _newer_url(staff, show, page),
        "has_day": bool(page.deliveries),
    }  # fmt: skip
    return render(request, "dashboard/outbox/page.html", context)


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def newer(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Answer the open page's question for what has left since: rows to put on top, or nothing (204)."""
    show = _show(request)
    after = _cursor(request.GET.get("after", ""))
    page = newer_deliveries(staff.practice_id, _wanted(show, staff), after)
    if not page.deliveries:
        return HttpResponse(status=204)
    day_on_top = _day(after.attempted_at, staff) if after else None
    rows = _rows(page, staff, below=day_on_top)
    context = {
        "staff": staff,
        "rows": rows,
        "newer_url": _newer_url(staff, show, page),
        "has_day": True,
        "arrived": len(page.deliveries),
    }
    response = render(request, "dashboard/outbox/newer.html", context)
    if after and rows[0].day:  # a new day begins on top of the list, above the head of the last one
        response.headers["HX-Retarget"] = "#letters"
        response.headers["HX-Reswap"] = "afterbegin"
    return response


def _show(request: HttpRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in EMPTY else ""


def _wanted(show: str, staff: Staff) -> Wanted:
    return Wanted(CHANNELS.get(show), staff.now - FAILURES_REACH_BACK if show == FAILED else None, NEVER_SAID)


def _doubt(staff: Staff) -> str:
    """Of how many messages nobody knows whether they arrived; empty where there are none."""
    number = staff.attention.unsettled
    if not number:
        return ""
    if number == 1:
        return "Of one message nobody knows whether it arrived."
    return f"Of {counted_to(number, COUNTED)} messages nobody knows whether they arrived."


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place among the messages.") from error


def _older_url(address: str, show: str, older: Cursor | None) -> str:
    if older is None:
        return ""
    return f"{address}?{urlencode(({'show': show} if show else {}) | {'before': str(older)})}"


def _newer_url(staff: Staff, show: str, page: OutboxPage) -> str:
    query = {"show": show} if show else {}
    if page.deliveries:
        query["after"] = str(Cursor(page.deliveries[0].attempted_at, page.deliveries[0].pk))
    return f"{reverse('dashboard:outbox_newer', args=[staff.slug])}?{urlencode(query)}"


def _day(moment: datetime, staff: Staff) -> date:
    return moment.astimezone(ZoneInfo(staff.time_zone)).date()


def _rows(page: OutboxPage, staff: Staff, below: date | None = None) -> list[Row]:
    """The rows, each day's head on the first of them; `below`: the day whose head stands above them already."""
    today = staff.today
    cadences = library_of(staff.practice_id).versions
    rows = []
    for delivery in page.deliveries:
        day = _day(delivery.attempted_at, staff)
        rows.append(_row(delivery, cadences, staff, today, is_first_of_day=day != below))
        below = day
    return rows


def _row(
    delivery: Delivery, cadences: Mapping[UUID, Cadence], staff: Staff, today: date, *, is_first_of_day: bool
) -> Row:
    local = delivery.attempted_at.astimezone(ZoneInfo(staff.time_zone))
    reminders = list(delivery.message.reminders.all())
    return Row(
        day=_day_head(local.date(), today) if is_first_of_day else "",
        at=time_tag(delivery.attempted_at, staff.time_zone, hour_words(local)),
        client_name=client_name(delivery.client),
        client_url=reverse("dashboard:client", args=[staff.slug, delivery.client_id]),
        what=f"{message_name(delivery.message, reminders)}{by_channels([delivery.channel])}",
        state=shown_of(delivery),
        fate=fate_words(delivery, Reading(staff.time_zone, staff.now, local.date(), is_hour_said=True)),
        reasons=why_together(reminders, cadences, client_zone(delivery.client, reminders, staff.time_zone), today),
        frame=None
        if delivery.error in NEVER_SAID
        else frame_of(delivery, zone_name=staff.time_zone, today=today, letter_url=letter_url(staff.slug, delivery.pk)),
    )


def _day_head(day: date, today: date) -> str:
    """A near day by its name and date, any other by its date."""
    name = day_words(day, today)
    return f"{name}, {date_words(day, today)}" if name in NEAR else full_day_words(day, today)
