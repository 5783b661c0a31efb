"""What do the names of the price list mean, and which wait for somebody to say so? (LIB-5)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadences.models import Service
from cadences.queries.library import library_of
from cadences.queries.services import mapped_services, waiting_services
from clients.queries.carried import carried
from dashboard.forms.services import MappedForm, meaning_choices
from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.moments import date_words, time_tag
from dashboard.views.wording.services import carried_words, meaning_words
from practices.models import StaffMember
from practices.queries.abilities import Ability
from reminders.queries.catching_up import clients_to_plan


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name that nobody has mapped yet."""

    id: str
    name: str
    url: str
    carried: str
    since: SafeString


@dataclass(frozen=True, slots=True)
class Mapped:
    """A name that means something, and who said so."""

    name: str
    url: str
    means: str
    by: str


@require_safe
@staff_page(Ability.CHANGE_CADENCES)
def services(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the names that wait, with what the records hold of them, and below all others with what they mean."""
    today = staff.today
    types = library_of(staff.practice_id).types.values()
    form = MappedForm(request.GET, types=types)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "meaning": ""}
    kept = {key: value for key, value in wanted.items() if value}
    after = _key(request, "after")
    waiting = waiting_services(staff.practice_id, _key(request, "waiting"))
    mapped = mapped_services(staff.practice_id, wanted["q"], wanted["meaning"], after)
    address = reverse("dashboard:services", args=[staff.slug])
    left = clients_to_plan(staff.practice_id, staff.now)
    page = {
        "staff": staff,
        "here": "services",
        "waiting": _waiting(waiting.services, staff, today),
        "waiting_count": staff.attention.unmapped,
        "waiting_url": f"{address}?{urlencode({'waiting': waiting.after})}" if waiting.after else "",
        "choices": meaning_choices(types),
        "form": form,
        "mapped": [_mapped(each, staff, today) for each in mapped.services],
        "is_filtered": bool(kept),
        "clear_url": address if kept else "",
        "first_url": f"{address}?{urlencode(kept)}" if after else "",
        "next_url": f"{address}?{urlencode(kept | {'after': mapped.after})}" if mapped.after else "",
        "left": left,
        "progress_url": reverse("dashboard:services_progress", args=[staff.slug]),
    }
    return render(request, "dashboard/services/page.html", page)


@require_safe
@staff_page(Ability.CHANGE_CADENCES)
def progress(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Answer how many clients still wait for their new plans, for the open page."""
    page = {
        "staff": staff,
        "left": clients_to_plan(staff.practice_id, staff.now),
        "progress_url": reverse("dashboard:services_progress", args=[staff.slug]),
    }
    return render(request, "components/planning_left.html", page)


def _key(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")[:200]


def _waiting(rows: Iterable[Service], staff: Staff, today: date) -> list[Waiting]:
    rows = list(rows)
    known = carried(staff.practice_id, [each.pk for each in rows])
    return [
        Waiting(
            id=str(each.pk),
            name=each.name,
            url=reverse("dashboard:service", args=[staff.slug, each.pk]),
            carried=carried_words(known[each.pk], today),
            since=time_tag(
                each.first_seen_at,
                staff.time_zone,
                date_words(each.first_seen_at.astimezone(ZoneInfo(staff.time_zone)).date(), today),
            ),
        )
        for each in rows
    ]


def _mapped(service: Service, staff: Staff, today: date) -> Mapped:
    means = meaning_words(service)
    return Mapped(
        name=service.name,
        url=reverse("dashboard:service", args=[staff.slug, service.pk]),
        means=f"{means[:1].upper()}{means[1:]}",
        by=mapped_by(service, staff, today),
    )


def mapped_by(service: Service, staff: Staff, today: date) -> str:
    """Return who said what a name means, and when; "by its name" where it was recognized."""
    if service.mapped_at is None:
        return "by its name"
    day = date_words(service.mapped_at.astimezone(ZoneInfo(staff.time_zone)).date(), today)
    return f"by {staff_name(service.mapped_by)}, {day}" if service.mapped_by else day


def staff_name(member: StaffMember) -> str:
    """Return a colleague's name, else the address she signs in with."""
    return member.person.name or member.person.email
