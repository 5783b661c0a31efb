"""What may a person see and change of their own login? Name, password, where they are signed in. (TEN-4)"""

from datetime import datetime

from allauth.account.signals import password_changed
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from dashboard.forms.account import OwnNameForm, OwnPasswordForm
from dashboard.views.parts.toasts import said
from dashboard.views.wording.browsers import browser_words
from dashboard.views.wording.moments import date_words, hour_words
from practices import clock
from practices.models import Person
from practices.operations.sessions import end_other_sessions, end_session
from practices.queries.sessions import sessions_of


def signed_in_person(request: HttpRequest) -> Person:
    """Return who asks; only for views behind `login_required`."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("This view is for people who have signed in.")
    return person


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show name, password and sessions."""
    return _page(request, signed_in_person(request))


@require_POST
@login_required
@never_cache
def account_name(request: HttpRequest) -> HttpResponse:
    """Change the name that colleagues see."""
    person, form = signed_in_person(request), OwnNameForm(request.POST)
    if not form.is_valid():
        return _page(request, person, name_form=form)
    person.name = form.cleaned_data["name"]
    person.save(update_fields=["name"])
    said(request, "Your name was changed.")
    return redirect("dashboard:account")


@sensitive_post_parameters()
@require_POST
@login_required
@never_cache
def account_password(request: HttpRequest) -> HttpResponse:
    """Change the password and sign the person out everywhere else."""
    person = signed_in_person(request)
    too_many = ratelimit.consume_or_429(request, action="change_password", user=person)
    if too_many is not None:
        return too_many
    form = OwnPasswordForm(data=request.POST, user=person)
    if not form.is_valid():
        return _page(request, person, password_form=form)
    form.save()
    update_session_auth_hash(request, person)
    password_changed.send(sender=Person, request=request, user=person)
    others = end_other_sessions(person.pk, request.session.session_key)
    said(request, "Your password was changed." + (" You were signed out elsewhere." if others else ""))
    return redirect("dashboard:account")


@require_POST
@login_required
def account_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign the person out of one browser."""
    if not end_session(signed_in_person(request).pk, session_id):
        raise Http404("No such session of this person.")
    said(request, "You were signed out there.")
    return redirect("dashboard:account")


@require_POST
@login_required
def account_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere else."""
    end_other_sessions(signed_in_person(request).pk, request.session.session_key)
    said(request, "You were signed out everywhere else.")
    return redirect("dashboard:account")


def _since(moment: datetime, now: datetime) -> str:
    """A person has no time zone of their own, so it is said in UTC."""
    return f"{date_words(moment.date(), now.date())}, {hour_words(moment)} UTC"


def _page(
    request: HttpRequest,
    person: Person,
    *,
    name_form: OwnNameForm | None = None,
    password_form: OwnPasswordForm | None = None,
) -> HttpResponse:
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        UserSession.objects.create_from_request(request)
    now = clock.now()
    seats = sessions_of(person.pk, request.session.session_key or "", now)
    context = {
        "person": person,
        "name_form": name_form or OwnNameForm(initial={"name": person.name}),
        "password_form": password_form or OwnPasswordForm(user=person),
        "sessions": [(seat, browser_words(seat.user_agent), _since(seat.since, now)) for seat in seats],
    }
    return render(request, "account/account.html", context)
