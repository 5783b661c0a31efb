"""What will leave in the coming days and weeks? (UI-1: calendar of coming messages)"""

from collections import Counter
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.coming.day import DAY_PAGE, rows_of
from dashboard.views.coming.week import DayColumn, bars_of, sort_name
from dashboard.views.coming.weeks import (
    STRIP_WEEKS,
    WEEK,
    check_reach,
    day_named,
    midnights,
    monday_named,
    monday_of,
    strip_of,
    strip_start,
    week_name,
    week_words,
)
from dashboard.views.today.messages import place_of
from dashboard.views.wording.moments import counted, day_words, full_day_words
from practices.queries.abilities import Ability
from reminders.queries.calendar import planned_by_day, planned_by_sort, planned_on

SUNDAY: Final = 6
SUNDAY_WORDS: Final = "Reminders rest on Sundays; confirmations do not."


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def coming(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one week, or one day of it, below the strip of five weeks."""
    today = staff.today
    if "day" in request.GET:
        return _day(request, staff, day_named(request.GET["day"]), today)
    monday = monday_named(request.GET["week"]) if "week" in request.GET else monday_of(today)
    return _week(request, staff, monday, today)


def _week(request: HttpRequest, staff: Staff, monday: date, today: date) -> HttpResponse:
    check_reach(monday, today)
    by_message = request.GET.get("by") == "message"
    columns = _columns(staff, monday, today, by_message=by_message)
    total = sum(column.total for column in columns)
    busiest = max(columns, key=lambda column: column.total)
    is_over = monday + timedelta(days=WEEK) <= today
    words = f"{counted(total, 'reminder')} {'is' if total == 1 else 'are'} planned"
    context = {
        "staff": staff,
        "here": "coming",
        "summary": f"{week_words(monday, today)}."
        + (f" {words}, {busiest.total:,} of them {_busiest_words(busiest)}." if total > 1 else ""),
        "strip": _strip(staff, monday, today),
        "columns": columns,
        "total": total,
        "is_over": is_over,
        "segments": [
            (_week_url(staff, monday), "By treatment", not by_message),
            (_week_url(staff, monday, by_message=True), "By message", by_message),
        ],
        "earlier_url": _week_url(staff, monday - timedelta(days=WEEK)) if monday > today else "",
        "earlier": week_words(monday - timedelta(days=WEEK), today),
        "later_url": _week_url(staff, monday + timedelta(days=WEEK)),
        "later": week_words(monday + timedelta(days=WEEK), today),
        "this_week_url": reverse("dashboard:coming", args=[staff.slug]),
    }
    return render(request, "dashboard/coming/page.html", context)


def _day(request: HttpRequest, staff: Staff, day: date, today: date) -> HttpResponse:
    check_reach(day, today)
    after = place_of(request.GET.get("after", ""))
    start_at, end_at = midnights(day, 1, staff.time_zone)
    page = planned_on(staff.practice_id, start_at, end_at, after, DAY_PAGE, with_overdue=day == today)
    counts = _counts(staff, strip_start(monday_of(day), today), today)
    total = counts.get(day, 0)
    words = f"{counted(total, 'reminder')} {'is' if total == 1 else 'are'} planned."
    following = _day_url(staff, day, str(page.following)) if page.following else ""
    context = {
        "staff": staff,
        "here": "coming",
        "title": full_day_words(day, today),
        "summary": words if total else "",
        "strip": _strip(staff, monday_of(day), today, counts),
        "rows": rows_of(page.reminders, staff),
        "is_over": day < today,
        "why_empty": SUNDAY_WORDS if day.weekday() == SUNDAY else "What treatments and appointments plan appears here.",
        "following_url": following,
        "is_first_page": after is None,
        "first_url": _day_url(staff, day),
        "week_url": _week_url(staff, monday_of(day)),
        "week": week_words(monday_of(day), today),
        "earlier_url": _day_url(staff, day - timedelta(days=1)) if day > today else "",
        "earlier": day_words(day - timedelta(days=1), today),
        "later_url": _day_url(staff, day + timedelta(days=1)),
        "later": day_words(day + timedelta(days=1), today),
    }
    return render(request, "dashboard/coming/day.html", context)


def _busiest_words(column: DayColumn) -> str:
    return "today" if column.is_today else f"on {column.name}"


def _columns(staff: Staff, monday: date, today: date, *, by_message: bool) -> tuple[DayColumn, ...]:
    first = max(monday, today)
    days = (monday + timedelta(days=WEEK) - first).days
    sorts: dict[date, Counter[str]] = {}
    if days > 0:
        bounds = midnights(first, days, staff.time_zone)
        for planned in planned_by_sort(staff.practice_id, bounds, with_overdue=first == today):
            name = sort_name(planned, by_message=by_message)
            sorts.setdefault(first + timedelta(days=planned.day), Counter())[name] += planned.count
    whole: Counter[str] = sum(sorts.values(), Counter())
    order = sorted(whole, key=lambda name: (-whole[name], name))
    most = max((count for day in sorts.values() for count in day.values()), default=1)
    columns = []
    for day in (monday + timedelta(days=number) for number in range(WEEK)):
        of_day = sorts.get(day, Counter())
        bars, rest = bars_of(of_day, order, most)
        columns.append(
            DayColumn(
                day=day,
                name=f"{day:%A}",
                words=f"{day:%b} {day.day}",
                url=_day_url(staff, day),
                is_today=day == today,
                is_past=day < today,
                total=of_day.total(),
                bars=bars,
                rest=rest,
            )
        )
    return tuple(columns)


def _counts(staff: Staff, start: date, today: date) -> dict[date, int]:
    first = max(start, today)
    days = (start + timedelta(days=WEEK * STRIP_WEEKS) - first).days
    if days <= 0:
        return {}
    bounds = midnights(first, days, staff.time_zone)
    counted_days = planned_by_day(staff.practice_id, bounds, with_overdue=first == today)
    return {first + timedelta(days=number): count for number, count in counted_days.items()}


def _strip(staff: Staff, monday: date, today: date, counts: dict[date, int] | None = None) -> object:
    start = strip_start(monday, today)
    urls = {week: _week_url(staff, week) for week in (start + timedelta(days=WEEK * n) for n in range(STRIP_WEEKS))}
    return strip_of(start, _counts(staff, start, today) if counts is None else counts, monday, today, urls)


def _week_url(staff: Staff, monday: date, *, by_message: bool = False) -> str:
    query = {"week": week_name(monday)} | ({"by": "message"} if by_message else {})
    return f"{reverse('dashboard:coming', args=[staff.slug])}?{urlencode(query)}"


def _day_url(staff: Staff, day: date, after: str = "") -> str:
    query = {"day": day.isoformat()} | ({"after": after} if after else {})
    return f"{reverse('dashboard:coming', args=[staff.slug])}?{urlencode(query)}"
