"""How does staff say whether unclear words were an opt-out? (OPT-1)"""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clients.queries.permissions import permissions_of
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.replies.conversation import handled_before, reply_or_404
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability
from reminders.models import Reply
from reminders.operations.deciding_replies import opt_out_by_reply, take_for_no_opt_out

OPT_OUT: Final = "opt_out"
NO_OPT_OUT: Final = "no_opt_out"


@require_POST
@staff_page(Ability.OPT_OUT)
def decide(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Say whether unclear words were an opt-out: then nothing leaves any more, else an answer is due."""
    reply = reply_or_404(staff, reply_id)
    verdict = request.POST.get("verdict")
    try:
        if verdict == OPT_OUT:
            return _opted_out(request, staff, reply)
        if verdict == NO_OPT_OUT:
            return _no_opt_out(request, staff, reply)
    except Reply.DoesNotExist as error:
        raise Http404("No such reply in this practice.") from error
    refused(request, "Choose whether this was an opt-out.")
    return redirect("dashboard:reply", staff.slug, reply_id)


def _opted_out(request: HttpRequest, staff: Staff, reply: Reply) -> HttpResponse:
    done = opt_out_by_reply(staff.practice_id, reply.pk, staff.actor, staff.now)
    name = client_name(reply.client) if reply.client else "The sender"
    if (done.handled_at, done.handled_by_id) == (staff.now, staff.membership.staff_member_id):
        said(request, f"{name} is opted out. No reminder leaves any more, on any channel.")
    else:
        refused(request, f"{_decided_before(staff, reply.pk)}{_standing(staff, done, name)}")
    return redirect("dashboard:replies", staff.slug)


def _no_opt_out(request: HttpRequest, staff: Staff, reply: Reply) -> HttpResponse:
    if take_for_no_opt_out(staff.practice_id, reply.pk, staff.actor, staff.now):
        said(request, "Noted: no opt-out. The reply still waits for an answer.")
    else:
        refused(request, _decided_before(staff, reply.pk))
    return redirect("dashboard:reply", staff.slug, reply.pk)


def _decided_before(staff: Staff, reply_id: UUID) -> str:
    found = reply_or_404(staff, reply_id)
    before = handled_before(found, staff) if found.handled_at else "Somebody decided about this reply already."
    return f"{before} Nothing was changed."


def _standing(staff: Staff, done: Reply, name: str) -> str:
    """Whether the client is opted out all the same, for who wanted that; empty of a sender nobody knows."""
    if done.client_id is None:
        return ""
    if permissions_of(staff.practice_id, [done.client_id])[done.client_id].is_opted_out:
        return f" {name} is opted out."
    return f" {name} is not opted out: that is done on the client’s page."
