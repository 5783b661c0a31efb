"""Shall all messages of the practice be held, or leave again? Asked before it is done. (R26)"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from practices.models import Practice
from practices.operations.settings import pause_practice, resume_practice
from practices.queries.abilities import Ability

HOLD = {
    "question": "Hold all messages",
    "sentences": (
        "From now on nothing leaves: no reminder, no reactivation message, no survey and no confirmation of a visit.",
        "What falls due waits until you resume: a reminder five days at most, a confirmation until its visit is near.",
        "What waited too long is left out, and the reason is shown.",
    ),
    "fields": (("do", "hold"),),
    "submit": "Hold all messages",
    "cancel": "Let them leave",
    "is_danger": True,
}
RESUME = {
    "question": "Resume messages",
    "sentences": (
        "What waits is decided again at once, and leaves when its hours allow it. What waited too long is left out.",
    ),
    "fields": (("do", "resume"),),
    "submit": "Resume messages",
    "cancel": "Keep holding them",
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def pause(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Ask, then hold or resume everything."""
    if request.method == "POST":
        if request.POST.get("do") == "hold":
            if pause_practice(staff.practice_id, staff.actor, staff.now):
                said(request, "All messages are held. Nothing leaves until you resume.")
            else:
                refused(request, "Nothing to hold: messages of this practice do not leave now.")
        elif request.POST.get("do") != "resume":
            refused(request, "Choose whether to hold the messages or to resume them.")
        elif resume_practice(staff.practice_id, staff.actor, staff.now):
            said(request, "Messages leave again.")
        else:
            refused(request, "Nothing to resume: messages of this practice are not held.")
        return redirect("dashboard:settings_sending", staff.slug)
    if staff.practice.status == Practice.Status.SETUP:
        refused(request, "Nothing to hold: the practice is not live yet.")
        return redirect("dashboard:settings_sending", staff.slug)
    asked = RESUME if staff.practice.status == Practice.Status.PAUSED else HOLD
    page = {
        "staff": staff,
        "here": "settings",
        "cancel_url": reverse("dashboard:settings_sending", args=[staff.slug]),
        **asked,
    }
    return render(request, "dashboard/settings/pause.html", page)
