"""What is the practice called, where is it, and how do its emails look? (TEN-3)"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dashboard.forms.settings_practice import PracticeForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.settings.pages import saved, segments
from dashboard.views.wording.people import phone_words
from practices.operations.settings import change_practice
from practices.queries.abilities import Ability


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def practice(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the practice's own settings, and change them."""
    chosen = staff.practice
    form = PracticeForm(
        request.POST if request.method == "POST" else None,
        current={
            "name": chosen.name,
            "time_zone": chosen.time_zone,
            "address_line": chosen.address_line,
            "phone": phone_words(chosen.phone),
            "booking_url": chosen.booking_url,
            "color": chosen.color,
            "logo_url": chosen.logo_url,
        },
    )
    if saved(request, form, lambda changes: change_practice(staff.practice_id, changes, staff.actor, staff.now)):
        return redirect("dashboard:settings", staff.slug)
    page = {"staff": staff, "here": "settings", "form": form, "segments": segments(staff, "settings")}
    return render(request, "dashboard/settings/practice.html", page)
