"""Where does a person start after signing in?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, memberships_of, staff_page
from practices.models import Person
from practices.queries.abilities import Ability


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's only practice, or let them choose."""
    places = memberships_of(request, _person(request))
    return redirect("dashboard:outbox", places[0].slug) if len(places) == 1 else redirect("dashboard:practices")


@require_safe
@login_required
def practices(request: HttpRequest) -> HttpResponse:
    """Show the practices of the person; the switcher leads here (TEN-2)."""
    person = _person(request)
    context = {"places": memberships_of(request, person), "person": person}
    return render(request, "dashboard/practices.html", context)


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def practice(_request: HttpRequest, staff: Staff) -> HttpResponseRedirect:
    """Show a practice's first page."""
    return redirect("dashboard:outbox", staff.slug)


def _person(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("This view is for people who have signed in.")
    return person
