"""Who works in the practice, in which role, and who was asked to? (TEN-2)"""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.forms.team import InviteForm, RoleForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.moments import date_words, number_words
from dashboard.views.wording.roles import ROLE_WORDS
from practices.models import Invitation, Role, StaffMember
from practices.operations.invitations import InvitationRefused, invite, resend, revoke
from practices.operations.team import TeamRefused, change_role, remove_access
from practices.queries.abilities import Ability
from practices.queries.team import members, open_invitations, roles_given_by


@dataclass(frozen=True, slots=True)
class Line:
    """One who works here. `is_changeable`: whether the one who looks decides on them."""

    member: StaffMember
    since: str
    is_self: bool
    is_changeable: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One who was asked and has not come yet."""

    invitation: Invitation
    until: str
    is_expired: bool
    is_changeable: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.MANAGE_TEAM)
def team(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the team and who was asked; ask somebody by email."""
    roles = roles_given_by(staff.membership.role)
    form = InviteForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        provider = form.cleaned_data["provider"]
        try:
            invitation = invite(
                staff.practice_id,
                staff.actor,
                form.cleaned_data["email"],
                Role(form.cleaned_data["role"]),
                staff.now,
                provider_id=provider.pk if provider else None,
            )
        except (TeamRefused, InvitationRefused) as error:
            form.add_error("email", str(error))
        else:
            said(request, f"{invitation.email} was invited.")
            return redirect("dashboard:team", staff.slug)
    lines, asked = _lines(staff), _asked(staff)
    context = {
        "staff": staff,
        "here": "team",
        "form": form,
        "lines": lines,
        "asked": asked,
        "summary": _summary(len(lines), len(asked)),
    }
    return render(request, "dashboard/team/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.MANAGE_TEAM)
def team_member(request: HttpRequest, staff: Staff, member_id: UUID) -> HttpResponse:
    """Show what somebody may; give them another role."""
    member = _member(staff, member_id)
    roles = [(role, ROLE_WORDS[role]) for role in roles_given_by(staff.membership.role)]
    form = RoleForm(request.POST or None, roles=roles, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            change_role(staff.practice_id, staff.actor, member_id, role, staff.now)
        except TeamRefused as error:
            form.add_error("role", str(error))
        else:
            said(request, f"{_called(member)} is {role.label.lower()} now.")
            return _after(staff, member)
    context = {
        "staff": staff,
        "here": "team",
        "member": member,
        "called": _called(member),
        "form": form,
        "is_self": member.pk == staff.membership.staff_member_id,
    }
    return render(request, "dashboard/team/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.MANAGE_TEAM)
def team_remove(request: HttpRequest, staff: Staff, member_id: UUID) -> HttpResponse:
    """Ask first, then close the practice to somebody."""
    member = _member(staff, member_id)
    if request.method == "POST":
        try:
            remove_access(staff.practice_id, staff.actor, member_id, staff.now)
        except TeamRefused as error:
            refused(request, str(error))
            return redirect("dashboard:team_member", staff.slug, member_id)
        said(request, f"{_called(member)} has no access any more.")
        return _after(staff, member)
    context = {
        "staff": staff,
        "here": "team",
        "member": member,
        "called": _called(member),
        "is_self": member.pk == staff.membership.staff_member_id,
    }
    return render(request, "dashboard/team/remove.html", context)


@require_POST
@staff_page(Ability.MANAGE_TEAM)
def invitation_resend(request: HttpRequest, staff: Staff, invitation_id: UUID) -> HttpResponse:
    """Post an invitation once more."""
    try:
        invitation = resend(staff.practice_id, staff.actor, invitation_id, staff.now)
        said(request, f"{invitation.email} was invited again.")
    except Invitation.DoesNotExist as error:
        raise Http404("No such open invitation in this practice.") from error
    except TeamRefused as error:
        refused(request, str(error))
    return redirect("dashboard:team", staff.slug)


@require_POST
@staff_page(Ability.MANAGE_TEAM)
def invitation_revoke(request: HttpRequest, staff: Staff, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        invitation = revoke(staff.practice_id, staff.actor, invitation_id, staff.now)
        said(request, f"The invitation of {invitation.email} was revoked.")
    except Invitation.DoesNotExist as error:
        raise Http404("No such open invitation in this practice.") from error
    except TeamRefused as error:
        refused(request, str(error))
    return redirect("dashboard:team", staff.slug)


def _summary(here: int, asked: int) -> str:
    """How many work here and were asked to.

    >>> _summary(1, 0), _summary(2, 13)
    ('One person works here.', 'Two people work here; 13 were asked to join.')
    """
    words = f"{number_words(here).capitalize()} {'person works' if here == 1 else 'people work'} here"
    return f"{words}; {number_words(asked)} {'was' if asked == 1 else 'were'} asked to join." if asked else f"{words}."


def _member(staff: Staff, member_id: UUID) -> StaffMember:
    """One whom the one who asks may decide on; a manager does not on owners."""
    member = StaffMember.objects.filter(pk=member_id, is_active=True).select_related("person").first()
    if member is None or Role(member.role) not in roles_given_by(staff.membership.role):
        raise Http404("No such member of this practice to decide on.")
    return member


def _after(staff: Staff, member: StaffMember) -> HttpResponse:
    """Somebody who changed themselves may not see the team any more."""
    is_self = member.pk == staff.membership.staff_member_id
    return redirect("dashboard:home") if is_self else redirect("dashboard:team", staff.slug)


def _called(member: StaffMember) -> str:
    return member.person.name or member.person.email


def _lines(staff: Staff) -> list[Line]:
    given = roles_given_by(staff.membership.role)
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    return [
        Line(
            each,
            date_words(each.joined_at.astimezone(zone).date(), today),
            each.pk == staff.membership.staff_member_id,
            Role(each.role) in given,
        )
        for each in members()
    ]


def _asked(staff: Staff) -> list[Asked]:
    given = roles_given_by(staff.membership.role)
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    return [
        Asked(
            each,
            date_words(each.expires_at.astimezone(zone).date(), today),
            each.expires_at <= staff.now,
            Role(each.role) in given,
        )
        for each in open_invitations()
    ]
