"""In whose voice, when and how often do messages leave? (TEN-3, MSG-7, R6, R11, R14, R23, R24, R31)"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.forms.settings_sending import SendingForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.settings.pages import saved, segments
from practices.models import Practice
from practices.operations.settings import change_practice
from practices.queries.abilities import Ability

FIELDS = (
    "voice",
    "sms_detail",
    "email_detail",
    "promotion_opens",
    "promotion_closes",
    "cap_days",
    "reactivation_limit",
    "confirms",
    "consultation_fits",
    "touch_up_resets",
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def sending(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the rules that every message follows, and change them."""
    form = SendingForm(
        request.POST if request.method == "POST" else None,
        current={field: getattr(staff.practice, field) for field in FIELDS},
    )
    if saved(request, form, lambda changes: change_practice(staff.practice_id, changes, staff.actor, staff.now)):
        return redirect("dashboard:settings_sending", staff.slug)
    page = {
        "staff": staff,
        "here": "settings",
        "form": form,
        "segments": segments(staff, "settings_sending"),
        "is_live": staff.practice.status == Practice.Status.LIVE,
        "is_paused": staff.practice.status == Practice.Status.PAUSED,
        "hours_url": reverse("dashboard:settings_hours", args=[staff.slug]),
        "pause_url": reverse("dashboard:settings_pause", args=[staff.slug]),
    }
    return render(request, "dashboard/settings/sending.html", page)
