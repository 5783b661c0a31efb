"""How does staff answer a reply from its page, and how would the answer leave? (CHN-4)"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.forms.answer import AnswerForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.frames import Frame, length_words, with_links_marked
from dashboard.views.parts.toasts import said
from dashboard.views.replies.conversation import answer_form, conversation_page, handled_before, reply_or_404
from dashboard.views.wording.people import client_name, phone_words
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.staff_answers import AnswerRefused, WordsRefused, answer_reply, foresee_answer, why_not
from reminders.queries.conversation import was_answered_with


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def preview(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Show the words as they would leave, and what they cost: htmx gets the part alone, a plain form the page."""
    reply = reply_or_404(staff, reply_id)
    form = answer_form(staff, reply, request)
    barred = _barred(reply, staff)
    if request.headers.get("HX-Request") == "true":
        shown = {"wrong": barred} if barred else _foreseen(reply, form)
        return render(request, "dashboard/replies/preview.html", shown)
    if barred and form.data.get("words", "").strip():
        return conversation_page(request, staff, reply, form, unsent=barred, status=409)
    return conversation_page(request, staff, reply, form, foreseen=_foreseen(reply, form))


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def answer(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Send what was written; the reply is answered with it, and once, however often the button is pressed.

    What cannot be sent stays on the page: 409 where the reply does not take it any more, 422 where the words do not.
    """
    reply = reply_or_404(staff, reply_id)
    form = answer_form(staff, reply, request)
    if not form.is_valid():
        return conversation_page(request, staff, reply, form, status=422)
    words = form.cleaned_data["words"]
    try:
        done = answer_reply(staff.practice_id, reply_id, words, staff.actor, staff.now)
    except Reply.DoesNotExist as error:
        raise Http404("No such reply in this practice.") from error
    except AnswerRefused as error:
        found = reply_or_404(staff, reply_id)
        return conversation_page(request, staff, found, form, unsent=str(error), status=409)
    except WordsRefused as error:
        form.add_error("words", str(error))
        return conversation_page(request, staff, reply, form, status=422)
    if not _has_left(done, words, staff):
        found = reply_or_404(staff, reply_id)
        return conversation_page(request, staff, found, form, unsent=_barred(found, staff), status=409)
    said(request, f"The answer to {_name(reply)} is on its way.")
    return redirect("dashboard:replies", staff.slug)


def _has_left(done: Reply, words: str, staff: Staff) -> bool:
    """Whether this person sent these words to this reply: now, or by the first of two clicks."""
    me = staff.membership.staff_member_id
    if done.handled_by_id != me or done.handling != Reply.Handling.ANSWERED:
        return False
    try:
        text = foresee_answer(done, words).text
    except WordsRefused:
        return False
    return was_answered_with(staff.practice_id, done.pk, me, text)


def _barred(reply: Reply, staff: Staff) -> str:
    """Why nothing that is written now can be sent as an answer; empty: it can."""
    return why_not(reply) if reply.handled_at is None else f"{handled_before(reply, staff)} Nothing was sent."


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
    frame = Frame(
        is_text=is_text,
        sender=foreseen.sender,
        to=phone_words(reply.from_address) if is_text else reply.from_address,
        subject=foreseen.subject,
        body=with_links_marked(foreseen.text),
        letter_url="",
        length=length_words(foreseen.text) if is_text else "",
        version="",
        title=f"Answer to {_name(reply)}",
    )
    return {"frame": frame}


def _name(reply: Reply) -> str:
    return client_name(reply.client) if reply.client else "the sender"
