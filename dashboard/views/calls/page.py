"""Whom should somebody call, and what came of the calls made? (CARE-2)"""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.calls.rows import call_rows, caller_of, list_url, show_of
from dashboard.views.parts.toasts import said
from practices.queries.abilities import Ability
from reminders.queries.calls import Show, call_page, newer_calls, next_call
from reminders.queries.paging import Place

SEGMENTS = ((Show.OPEN, "Open"), (Show.MINE, "Mine"), (Show.DONE, "Done"))
EMPTY = {
    Show.OPEN: (
        "Nobody to call.",
        "A client comes here after a no-show, a problem, a visit of unknown outcome, or a series that stands still.",
    ),
    Show.MINE: (
        "No call is yours.",
        "Yours are the calls that you took, and those to clients whom you treated last.",
    ),
    Show.DONE: ("No call has been recorded yet.", "What comes of each call stands here, the newest first."),
}


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def calls(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one segment of the call list, the newest first, those tried without an answer below."""
    show = show_of(request.GET.get("show"))
    after = place_of(request.GET.get("after", ""))
    page = call_page(staff.practice_id, show, caller_of(staff), after)
    rows = call_rows(page.calls, staff, show)
    title, words = EMPTY[show]
    context = {
        "staff": staff,
        "here": "calls",
        "show": show.value,
        "untried": [each for each in rows if not each.is_open or not each.outcome],
        "tried": [each for each in rows if each.is_open and each.outcome],
        "segments": [(list_url(staff, each), name, each is show) for each, name in SEGMENTS],
        "is_first_page": after is None,
        "first_url": list_url(staff, show),
        "older_url": list_url(staff, show, after=str(page.older)) if page.older else "",
        "news_url": _news_url(staff, show, max((each.pk for each in page.calls), default=None)),
        "start_url": f"{reverse('dashboard:calls_next', args=[staff.slug])}?{urlencode({'show': show.value})}",
        "empty_title": title,
        "empty_words": words,
    }
    return render(request, "dashboard/calls/page.html", context)


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def newer(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Answer the open page's question for calls that came since: rows to put on top, or nothing (204)."""
    show = show_of(request.GET.get("show"))
    found = newer_calls(staff.practice_id, show, caller_of(staff), after_id_of(request))
    if not found:
        return HttpResponse(status=204)
    context = {
        "staff": staff,
        "rows": call_rows(found, staff, show),
        "news_url": _news_url(staff, show, max(each.pk for each in found)),
        "arrived": len(found),
    }
    return render(request, "dashboard/calls/newer.html", context)


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def following(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Lead to the next call of a round that nobody else has and that was not tried today."""
    show = show_of(request.GET.get("show"))
    today_at = staff.now.astimezone(ZoneInfo(staff.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    after = place_of(request.GET.get("after", ""))
    call = next_call(staff.practice_id, show, caller_of(staff), after, today_at)
    if call is None:
        said(request, "That was the last call." if after else "Nobody is left to call today.")
        return redirect(list_url(staff, show))
    address = reverse("dashboard:call", args=[staff.slug, call.pk])
    return redirect(f"{address}?{urlencode({'round': show.value or 'all'})}")


def place_of(text: str) -> Place | None:
    """Return the place that an address names.

    Raises:
        Http404: it is none.
    """
    try:
        return Place.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the list.") from error


def after_id_of(request: HttpRequest) -> UUID | None:
    """Return the id after which the open page asks for more.

    Raises:
        Http404: it is none.
    """
    try:
        return UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError as error:
        raise Http404("This is no id.") from error


def _news_url(staff: Staff, show: Show, newest_id: UUID | None) -> str:
    query = {"show": show.value} | ({"after": str(newest_id)} if newest_id else {})
    return f"{reverse('dashboard:calls_newer', args=[staff.slug])}?{urlencode(query)}"
