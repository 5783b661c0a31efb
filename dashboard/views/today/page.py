"""What needs a person today, and how do today's messages fare?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.today.failing_words import failing_section
from dashboard.views.today.messages import messages_today, place_of
from dashboard.views.today.needs import failed_section, held_section, page_url, strip_of, things_words
from dashboard.views.today.people import calls_section, replies_section, unknown_services
from dashboard.views.today.unsettled import unsettled_section
from dashboard.views.wording.moments import full_day_words
from practices.models import Practice
from practices.queries.abilities import Ability
from reminders.queries.day import Show


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def today(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show what needs a person and what leaves today; htmx asks for the same again, every half minute."""
    show = _show(request)
    before = place_of(request.GET.get("before", ""))
    sections = (
        failing_section(staff),
        calls_section(staff),
        replies_section(staff),
        held_section(staff),
        unsettled_section(staff),
        failed_section(staff),
    )
    local_today = staff.today
    address = reverse("dashboard:today", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "today",
        "summary": f"{full_day_words(local_today, local_today)}. {things_words(staff.attention.total)}",
        "strip": strip_of(staff.attention.alarm, staff),
        "sections": [section for section in sections if section is not None],
        "services": unknown_services(staff),
        "messages_today": messages_today(staff, show, before),
        "calls_url": page_url("calls_next", staff) if staff.attention.calls else "",
        "start_url": page_url("start", staff) if staff.practice.status == Practice.Status.SETUP else "",
        "show": show.value,
        "again_url": f"{address}?{urlencode({'show': show.value})}" if show else address,
    }
    is_again = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") is None
    return render(request, "dashboard/today/again.html" if is_again else "dashboard/today/page.html", context)


def _show(request: HttpRequest) -> Show:
    show = request.GET.get("show", "")
    return Show(show) if show in set(Show) else Show.ALL
