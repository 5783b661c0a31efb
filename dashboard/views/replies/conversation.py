"""What did one client write, what was said before, and what can be done about it? (CHN-4, R27)"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.forms.answer import AnswerForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.replies.rows import reply_rows
from dashboard.views.replies.thread import thread_lines
from dashboard.views.wording.calls import first_name
from dashboard.views.wording.deliveries import NEVER_SAID
from dashboard.views.wording.people import phone_words
from practices.operations.auditing import note_view
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.staff_answers import why_not
from reminders.queries.conversation import conversation_of
from reminders.queries.replies import reply_of

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def conversation(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Show a reply with what was said before and after it, and what can be done about it. Looking is audited."""
    reply = reply_or_404(staff, reply_id)
    return conversation_page(request, staff, reply, answer_form(staff, reply))


def conversation_page(
    request: HttpRequest,
    staff: Staff,
    reply: Reply,
    form: AnswerForm,
    *,
    foreseen: Mapping[str, object] = NOTHING,
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of a reply, and note who looked at the client.

    `foreseen`: how the form's words would leave. `unsent`: why they did not; where they cannot be sent from here they
    stand there to be read.
    """
    if reply.client_id is not None:
        note_view(staff.practice_id, staff.actor, reply.client_id, staff.now)
    row = reply_rows([reply], staff)[0]
    found = conversation_of(staff.practice_id, reply, but_for=NEVER_SAID)
    is_text = reply.channel == Channel.SMS
    is_open = reply.handled_at is None
    barred = why_not(reply) if is_open else ""
    may_answer = is_open and not barred
    if unsent and not may_answer:
        form.only_show()
    context = {
        "staff": staff,
        "here": "replies",
        "row": row,
        "address": phone_words(reply.from_address) if is_text else reply.from_address,
        "from_address": reply.from_address,
        "is_text": is_text,
        "lines": thread_lines(found, reply, staff),
        "is_cut": found.is_cut,
        "may_decide": row.is_unclear and Ability.OPT_OUT in staff.may,
        "why_not": barred,
        "is_open": is_open,
        "may_answer": may_answer,
        "unsent": unsent,
        "form": form,
        **foreseen,
    }
    return render(request, "dashboard/replies/conversation.html", context, status=status)


def reply_or_404(staff: Staff, reply_id: UUID) -> Reply:
    """Return a reply of the practice with its client and who handled it.

    Raises:
        Http404: the practice has no such reply.
    """
    reply = reply_of(staff.practice_id, reply_id)
    if reply is None:
        raise Http404("No such reply in this practice.")
    return reply


def answer_form(staff: Staff, reply: Reply, request: HttpRequest | None = None) -> AnswerForm:
    """Return the form for an answer, with what was written in this request."""
    return AnswerForm(
        request.POST if request is not None else None,
        preview_url=reverse("dashboard:reply_preview", args=[staff.slug, reply.pk]),
        by="text" if reply.channel == Channel.SMS else "email",
    )


def handled_before(reply: Reply, staff: Staff) -> str:
    """Return who handled a reply before this press, as a sentence."""
    if reply.handled_by_id == staff.membership.staff_member_id:
        return "You handled this reply already."
    by = first_name(reply.handled_by) if reply.handled_by else "Somebody"
    return f"{by} handled this reply already."
