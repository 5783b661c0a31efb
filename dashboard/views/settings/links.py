"""Under which host do the links in messages stand, and what must its domain say? (MSG-5)"""

from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from dashboard.forms.settings_links import LinksForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.settings.pages import saved, segments
from dashboard.views.wording.moments import date_tag, date_words
from practices.queries.abilities import Ability
from practices.queries.link_hosts import link_host_of, origin_of, public_host, replaced_hosts
from reminders.operations.tracked_links import choose_link_host

EXAMPLE: Final = "4fKm29QRaZ"
"""A token as messages have them, of no link."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A host from before, which still answers, and the day until which new links stood on it."""

    host: str
    until: SafeString


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_SETTINGS)
def links(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show how links read and what a host of one's own needs, and change it."""
    host = link_host_of(staff.practice_id)
    form = LinksForm(request.POST if request.method == "POST" else None, current={"host": host})

    def save(changes: dict[str, Any]) -> frozenset[str]:
        if "host" in changes and choose_link_host(staff.practice_id, changes["host"], staff.actor, staff.now):
            return frozenset(changes)
        return frozenset()

    if saved(request, form, save):
        return redirect("dashboard:settings_links", staff.slug)
    page = {
        "staff": staff,
        "here": "settings",
        "form": form,
        "segments": segments(staff, "settings_links"),
        "host": host,
        "host_url": f"{origin_of(host)}/",
        "example": f"{origin_of(host)}/b/{EXAMPLE}",
        "public_host": public_host(),
        "replaced": _replaced(staff),
    }
    return render(request, "dashboard/settings/links.html", page)


def _replaced(staff: Staff) -> list[Replaced]:
    return [
        Replaced(host, date_tag(day, date_words(day, staff.today)))
        for host, moment in replaced_hosts(staff.practice_id)
        for day in (moment.astimezone(ZoneInfo(staff.time_zone)).date(),)
    ]
