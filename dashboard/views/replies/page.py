"""What have clients answered, and what did somebody do about it? (CHN-4, R27)"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.models import Client
from dashboard.forms.reply import PeaceForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.calls.page import after_id_of, place_of
from dashboard.views.parts.toasts import refused, said
from dashboard.views.replies.rows import is_unclear, reply_rows
from dashboard.views.wording.calls import first_name
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability
from reminders.models import Reply
from reminders.operations.replies import Undecided, handle_reply, reopen_reply
from reminders.operations.snoozing import NoSuchDay
from reminders.queries.replies import newer_replies, reply_of, reply_page

AT_ONCE = {
    Reply.Handling.CALLED: "{name}’s reply is handled: called.",
    Reply.Handling.NONE_NEEDED: "{name}’s reply is handled: it needs no answer.",
}
"""What can be done about a reply with one press, and what is said of it then."""


UNDECIDED: Final = "This may be an opt-out. Decide that first."


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def replies(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the replies, those that nobody handled first, the newest on top."""
    after = place_of(request.GET.get("after", ""))
    page = reply_page(staff.practice_id, after)
    rows = reply_rows((*page.unanswered, *page.handled), staff)
    address = reverse("dashboard:replies", args=[staff.slug])
    context = {
        "staff": staff,
        "here": "replies",
        "unanswered": rows[: len(page.unanswered)],
        "handled": rows[len(page.unanswered) :],
        "is_first_page": after is None,
        "first_url": address,
        "older_url": f"{address}?{urlencode({'after': str(page.older)})}" if page.older else "",
        "news_url": _news_url(staff, page.newest_id),
    }
    return render(request, "dashboard/replies/page.html", context)


@require_safe
@staff_page(Ability.STEER_REMINDERS)
def newer(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Answer the open page's question for replies that came since: rows to put on top, or nothing (204)."""
    found = newer_replies(staff.practice_id, after_id_of(request))
    if not found:
        return HttpResponse(status=204)
    context = {
        "staff": staff,
        "rows": reply_rows(found, staff),
        "news_url": _news_url(staff, max(each.pk for each in found)),
        "arrived": len(found),
    }
    return render(request, "dashboard/replies/newer.html", context)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def handle(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Note that somebody called, or that no answer is needed: promotion goes on."""
    handling = request.POST.get("handling")
    if handling not in set(AT_ONCE):
        if reply_of(staff.practice_id, reply_id) is None:
            raise Http404("No such reply in this practice.")
        refused(request, "Choose what was done about the reply.")
        return redirect("dashboard:replies", staff.slug)
    chosen = Reply.Handling(handling)
    return _handled(
        request, staff, reply_id, AT_ONCE[chosen],
        lambda: handle_reply(staff.practice_id, reply_id, staff.actor, staff.now, chosen),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def peace(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Leave a client in peace until a day."""
    found = reply_of(staff.practice_id, reply_id)
    if found is None or found.client is None:
        raise Http404("No such reply of a client in this practice.")
    if is_unclear(found):
        return _to_decide(request, staff, reply_id)
    form = PeaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        words = f"{{name}} is left in peace until {date_words(until, staff.today)}."
        try:
            return _handled(
                request, staff, reply_id, words,
                lambda: handle_reply(
                    staff.practice_id, reply_id, staff.actor, staff.now, Reply.Handling.SNOOZED, until
                ),
            )  # fmt: skip
        except NoSuchDay as error:
            form.add_error("until", str(error))
    context = {
        "staff": staff,
        "here": "replies",
        "row": reply_rows([found], staff)[0],
        "form": form,
        "list_url": reverse("dashboard:replies", args=[staff.slug]),
    }
    return render(request, "dashboard/replies/reply_peace.html", context)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def reopen(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Put a handled reply back among the unanswered: promotion is held again."""
    try:
        reopen_reply(staff.practice_id, reply_id, staff.actor, staff.now)
    except Reply.DoesNotExist as error:
        raise Http404("No such reply in this practice.") from error
    said(request, "The reply is unanswered again.")
    return redirect("dashboard:replies", staff.slug)


def _handled(request: HttpRequest, staff: Staff, reply_id: UUID, words: str, act: Callable[[], Reply]) -> HttpResponse:
    """Handle a reply and say so; of one that somebody handled before, say who."""
    try:
        handled = act()
    except Reply.DoesNotExist as error:
        raise Http404("No such reply in this practice.") from error
    except Undecided:
        return _to_decide(request, staff, reply_id)
    if (handled.handled_at, handled.handled_by_id) != (staff.now, staff.membership.staff_member_id):
        by = first_name(handled.handled_by) if handled.handled_by else "Somebody"
        refused(request, f"{by} handled this reply already. Nothing was changed.")
    else:
        client = Client.objects.filter(pk=handled.client_id).first() if handled.client_id else None
        name = client_name(client) if client else "The sender"
        said(request, words.format(name=name), reverse("dashboard:reply_reopen", args=[staff.slug, reply_id]))
    return redirect("dashboard:replies", staff.slug)


def _to_decide(request: HttpRequest, staff: Staff, reply_id: UUID) -> HttpResponse:
    """Closed without a verdict, what may be an opt-out would hold texts no longer (OPT-1)."""
    refused(request, UNDECIDED)
    return redirect("dashboard:reply", staff.slug, reply_id)


def _news_url(staff: Staff, newest_id: UUID | None) -> str:
    address = reverse("dashboard:replies_newer", args=[staff.slug])
    return f"{address}?{urlencode({'after': str(newest_id)})}" if newest_id else address
