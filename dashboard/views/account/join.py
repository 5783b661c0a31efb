"""How does somebody follow an invitation into a practice? (TEN-2)"""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.forms.account import JoinForm
from dashboard.views.parts.toasts import said
from dashboard.views.wording.roles import ROLE_WORDS
from practices import clock
from practices.models import Person
from practices.operations.invitations import accept, accept_as_new_person
from practices.operations.people import PersonRefused
from practices.queries.team import InvitationClosed, Invited, invited


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites, and let the invited person in: with one press, by signing in, or with a new account.

    A link that opens nothing says so in the same words whether it was used, revoked, too old or made up.
    """
    person = request.user if isinstance(request.user, Person) else None
    try:
        invitation = invited(token, clock.now())
        if invitation.accepted_by_id is not None:
            return _already_in(invitation, person)
        if request.method == "POST":
            return _join(request, invitation, person)
        return _page(request, invitation, person)
    except InvitationClosed:
        return render(request, "account/join_closed.html", status=404)


def _already_in(invitation: Invited, person: Person | None) -> HttpResponse:
    """The link again, for the one whom it let in."""
    if person is None or person.pk != invitation.accepted_by_id:
        raise InvitationClosed
    return redirect("dashboard:practice", invitation.slug)


def _join(request: HttpRequest, invitation: Invited, person: Person | None) -> HttpResponse:
    address = get_adapter().get_client_ip(request)
    if person is not None and person.email.lower() != invitation.email.lower():
        return _page(request, invitation, person)
    if person is not None:
        accept(invitation.practice_id, invitation.invitation_id, person, clock.now(), address=address)
        said(request, f"You joined {invitation.practice_name}.")
        return redirect("dashboard:practice", invitation.slug)
    too_many = ratelimit.consume_or_429(request, action="join")
    if too_many is not None:
        return too_many
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, None, form)
    try:
        joined = accept_as_new_person(
            invitation.practice_id,
            invitation.invitation_id,
            invitation.email,
            form.cleaned_data["name"],
            form.cleaned_data["password"],
            clock.now(),
            address=address,
        )
    except PersonRefused as error:
        form.add_error(None, str(error))
        return _page(request, invitation, None, form)
    response: HttpResponse = perform_login(request, joined, redirect_url=_url_of(invitation))
    said(request, f"You joined {invitation.practice_name}.")
    return response


def _url_of(invitation: Invited) -> str:
    return str(redirect("dashboard:practice", invitation.slug).url)


def _page(
    request: HttpRequest, invitation: Invited, person: Person | None, form: JoinForm | None = None
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "role_words": ROLE_WORDS[invitation.role],
        "person": person,
        "is_invited": person is not None and person.email.lower() == invitation.email.lower(),
        "has_account": person is None and Person.objects.filter(email__iexact=invitation.email).exists(),
        "form": form or JoinForm(),
    }
    return render(request, "account/join.html", context)
