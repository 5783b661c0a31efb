"""Who is asking, and for which practice? Every page of a practice goes through `staff_page`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from dashboard.views.navigation import Menu, menu_of
from practices import clock
from practices.models import Person, Practice
from practices.operations.auditing import Actor
from practices.queries.abilities import ABILITIES, Ability, may
from practices.queries.directory import Membership, practices_of
from practices.tenancy import practice_scope
from reminders.queries.attention import Attention, attention

P = ParamSpec("P")

CACHED = "_medspa_memberships"
NEEDS: Final = "ability"
"""The attribute of a view of a practice that says which ability it asks for."""


@dataclass(frozen=True)
class Staff:
    """A signed-in person at work in one practice, and the moment of the request."""

    person: Person
    membership: Membership
    practice: Practice
    memberships: tuple[Membership, ...]
    now: datetime
    address: str | None = None

    @property
    def has_other_practices(self) -> bool:
        """Whether there is something to switch to."""
        return len(self.memberships) > 1

    @property
    def practice_id(self) -> UUID:
        """The practice whose scope is open."""
        return self.membership.practice_id

    @property
    def time_zone(self) -> str:
        """The zone in which the practice's days begin and end."""
        return self.practice.time_zone

    @property
    def today(self) -> date:
        """The day that it is in the practice's zone."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def practice_name(self) -> str:
        """As the page's sidebar says it."""
        return self.membership.name

    @property
    def slug(self) -> str:
        """As addresses say it."""
        return self.membership.slug

    @property
    def person_name(self) -> str:
        """The person's name, else their email address."""
        return self.person.name or self.person.email

    @property
    def role_name(self) -> str:
        """Owner, Manager, Injector or Front desk."""
        return str(self.membership.role.label)

    @property
    def may(self) -> frozenset[Ability]:
        """What the role may; templates ask `{% if "see_money" in staff.may %}`."""
        return ABILITIES[self.membership.role]

    @cached_property
    def attention(self) -> Attention:
        """What needs a person of this role: asked once a page, by the menu or before it by the page (one query)."""
        return attention(self.practice_id, self.now, self.may)

    @property
    def menu(self) -> Menu:
        """The addresses this role may open and what waits there, as the sidebar shows them."""
        waiting = self.attention
        counts = {
            "today": waiting.total,
            "calls": waiting.calls,
            "replies": waiting.replies,
            "services": waiting.unmapped,
        }
        return menu_of(self.slug, self.may, counts)

    @property
    def actor(self) -> Actor:
        """The same person as operations and the audit trail know them."""
        return Actor(self.membership.staff_member_id, self.address)


StaffView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponseBase]


def staff_page(ability: Ability) -> Callable[[StaffView[P]], Callable[..., HttpResponseBase]]:
    """Return a decorator that puts a view behind its doors: signed in, of this practice, and with this ability.

    The view runs inside the practice's scope until it is rendered. A stranger is sent to sign in; a practice of
    others does not exist (404, DESIGN.md 6); what a role may not is refused (403, TEN-2). Nothing of a practice
    is kept by browsers or proxies.
    """

    def decorated(view: StaffView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, Person):
                return redirect_to_login(_way_back(request, slug))
            memberships = memberships_of(request, person)
            membership = next((each for each in memberships if each.slug == slug), None)
            if membership is None:
                raise Http404("No such practice among this person's.")
            if not may(membership.role, ability):
                raise PermissionDenied(refusal(membership))
            with practice_scope(membership.practice_id):
                practice = Practice.objects.get(pk=membership.practice_id)
                staff = Staff(person, membership, practice, memberships, clock.now(), _address(request))
                response = view(request, staff, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        setattr(guarded, NEEDS, ability)
        return guarded

    return decorated


def refusal(membership: Membership) -> str:
    """Return the words of the page that somebody gets who may not open another (TEN-2)."""
    return f"Your role, {str(membership.role.label).lower()}, may not open this. An owner can change that."


def _way_back(request: HttpRequest, slug: str) -> str:
    """Where to go after signing in: here; after a press, to the page it was on, for an action has no page."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        path = urlunsplit(urlsplit(page)._replace(scheme="", netloc=""))
        if url_has_allowed_host_and_scheme(path, None):
            return path
    return reverse("dashboard:practice", args=[slug])


def _address(request: HttpRequest) -> str | None:
    """From where: behind a proxy what the proxy says, as for sign-in attempts."""
    return get_adapter(request).get_client_ip(request) or None


def memberships_of(request: HttpRequest, person: Person) -> tuple[Membership, ...]:
    """Return the practices of the person who asks, looked up once a request."""
    known: tuple[Membership, ...] | None = getattr(request, CACHED, None)
    if known is None:
        known = practices_of(person.pk)
        setattr(request, CACHED, known)
    return known
