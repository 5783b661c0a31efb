"""Where does a person start after signing in, and how do they switch or make practices?"""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.forms.sign_up import PracticeForm
from dashboard.views.access import Staff, memberships_of, staff_page
from dashboard.views.account.page import signed_in_person
from dashboard.views.parts.toasts import said
from practices import clock
from practices.operations.creation import PracticeRefused
from practices.operations.founding import found_practice
from practices.queries.abilities import Ability


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's only practice, or let them choose."""
    places = memberships_of(request, signed_in_person(request))
    return redirect("dashboard:today", places[0].slug) if len(places) == 1 else redirect("dashboard:practices")


@require_safe
@login_required
@never_cache
def practices(request: HttpRequest) -> HttpResponse:
    """Show the practices of the person; the switcher leads here (TEN-2)."""
    person = signed_in_person(request)
    return render(
        request, "dashboard/account/practices.html", {"places": memberships_of(request, person), "person": person}
    )


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def practice(_request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show a practice's first page."""
    return redirect("dashboard:today", staff.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def new_practice(request: HttpRequest) -> HttpResponse:
    """Make a further practice, owned by the one who makes it (TEN-2)."""
    person = signed_in_person(request)
    form = PracticeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "dashboard/account/new_practice.html", {"form": form})
    too_many = ratelimit.consume_or_429(request, action="found_practice", user=person)
    if too_many is not None:
        return too_many
    address = get_adapter().get_client_ip(request)
    try:
        made = found_practice(
            person, form.cleaned_data["name"], form.cleaned_data["time_zone"], clock.now(), address=address
        )
    except PracticeRefused as error:
        form.add_error(None, str(error))
        return render(request, "dashboard/account/new_practice.html", {"form": form})
    said(request, f"{made.name} was made.")
    return redirect("dashboard:start", made.slug)
