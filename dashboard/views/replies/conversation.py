"""What did one client write, what was said before, and what do we answer? (CHN-4, R27)"""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dashboard.forms.answer import AnswerForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.frames import Frame, length_words, with_links_marked
from dashboard.views.parts.toasts import refused, said
from dashboard.views.replies.rows import reply_rows
from dashboard.views.replies.thread import thread_lines
from dashboard.views.wording.calls import first_name
from dashboard.views.wording.people import client_name, phone_words
from practices.operations.auditing import note_view
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.deciding_replies import opt_out_by_reply, take_for_no_opt_out
from reminders.operations.staff_answers import (
    AnswerRefused,
    WordsRefused,
    answer_reply,
    foresee_answer,
    why_not,
)
from reminders.queries.conversation import conversation_of
from reminders.queries.replies import reply_of

OPT_OUT: Final = "opt_out"
NO_OPT_OUT: Final = "no_opt_out"


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def conversation(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Show a reply with what was said before and after it, and what can be done about it. Looking is audited."""
    reply = _reply(staff, reply_id)
    if reply.client_id is not None:
        note_view(staff.practice_id, staff.actor, reply.client_id, staff.now)
    return _page(request, staff, reply, _form(staff, reply))


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def preview(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Show the words as they would leave, and what they cost: htmx gets the part alone, a plain form the page."""
    reply = _reply(staff, reply_id)
    form = _form(staff, reply, request)
    if request.headers.get("HX-Request") == "true":
        return render(request, "dashboard/replies/preview.html", _foreseen(reply, form))
    return _page(request, staff, reply, form, form)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def answer(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Send what was written; the reply is answered with it, and once, however often the button is pressed."""
    reply = _reply(staff, reply_id)
    form = _form(staff, reply, request)
    if form.is_valid():
        try:
            done = answer_reply(staff.practice_id, reply_id, form.cleaned_data["words"], staff.actor, staff.now)
        except AnswerRefused as error:
            refused(request, str(error))
            return redirect("dashboard:reply", staff.slug, reply_id)
        except WordsRefused as error:
            form.add_error("words", str(error))
        else:
            _say_answered(request, staff, done)
            return redirect("dashboard:replies", staff.slug)
    return _page(request, staff, reply, form, form, status=422)


@require_POST
@staff_page(Ability.OPT_OUT)
def decide(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Say whether unclear words were an opt-out: then nothing leaves any more, else texts go on."""
    reply = _reply(staff, reply_id)
    name = client_name(reply.client) if reply.client else "The sender"
    verdict = request.POST.get("verdict")
    if verdict == OPT_OUT:
        done = opt_out_by_reply(staff.practice_id, reply_id, staff.actor, staff.now)
        if _is_mine(done, staff):
            said(request, f"{name} is opted out. No reminder leaves any more, on any channel.")
        else:
            _say_handled_before(request, done)
        return redirect("dashboard:replies", staff.slug)
    if verdict == NO_OPT_OUT:
        take_for_no_opt_out(staff.practice_id, reply_id, staff.actor, staff.now)
        said(request, "Texts may leave again. The reply still waits for an answer.")
    else:
        refused(request, "Choose whether this was an opt-out.")
    return redirect("dashboard:reply", staff.slug, reply_id)


def _reply(staff: Staff, reply_id: UUID) -> Reply:
    reply = reply_of(staff.practice_id, reply_id)
    if reply is None:
        raise Http404("No such reply in this practice.")
    return reply


def _form(staff: Staff, reply: Reply, request: HttpRequest | None = None) -> AnswerForm:
    return AnswerForm(
        request.POST if request is not None else None,
        preview_url=reverse("dashboard:reply_preview", args=[staff.slug, reply.pk]),
        by="text" if reply.channel == Channel.SMS else "email",
    )


def _page(
    request: HttpRequest,
    staff: Staff,
    reply: Reply,
    form: AnswerForm,
    written: AnswerForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`written`: the form whose words are shown as they would leave."""
    row = reply_rows([reply], staff)[0]
    found = conversation_of(staff.practice_id, reply)
    is_text = reply.channel == Channel.SMS
    address = phone_words(reply.from_address) if is_text else reply.from_address
    context = {
        "staff": staff,
        "here": "replies",
        "row": row,
        "address": address,
        "from_address": reply.from_address,
        "is_text": is_text,
        "lines": thread_lines(found, reply, staff),
        "is_cut": found.is_cut,
        "may_decide": row.is_unclear and Ability.OPT_OUT in staff.may,
        "why_not": why_not(reply) if reply.handled_at is None else "",
        "is_open": reply.handled_at is None,
        "form": form,
        **(_foreseen(reply, written) if written is not None else {}),
    }
    return render(request, "dashboard/replies/conversation.html", context, status=status)


def _foreseen(reply: Reply, form: AnswerForm) -> dict[str, object]:
    """The frame of what would leave; instead of it why nothing would, if anything was written."""
    words = form.data.get("words", "")
    if not words.strip():
        return {}
    try:
        foreseen = foresee_answer(reply, words)
    except WordsRefused as error:
        return {"wrong": str(error)}
    is_text = reply.channel == Channel.SMS
    name = client_name(reply.client) if reply.client else "the sender"
    frame = Frame(
        is_text=is_text,
        sender=foreseen.sender,
        to=phone_words(reply.from_address) if is_text else reply.from_address,
        subject=foreseen.subject,
        body=with_links_marked(foreseen.text),
        letter_url="",
        length=length_words(foreseen.text) if is_text else "",
        version="",
        title=f"Answer to {name}",
    )
    return {"frame": frame}


def _say_answered(request: HttpRequest, staff: Staff, done: Reply) -> None:
    if not _is_mine(done, staff):
        _say_handled_before(request, done)
        return
    name = client_name(done.client) if done.client else "the sender"
    said(request, f"The answer to {name} is on its way.")


def _say_handled_before(request: HttpRequest, done: Reply) -> None:
    by = first_name(done.handled_by) if done.handled_by else "Somebody"
    refused(request, f"{by} handled this reply already. Nothing was sent.")


def _is_mine(done: Reply, staff: Staff) -> bool:
    return (done.handled_at, done.handled_by_id) == (staff.now, staff.membership.staff_member_id)
