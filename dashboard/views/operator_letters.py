"""What has the service written to people who sign in? For its operator alone, while there is no mail server."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.views.account.page import signed_in_person
from practices.queries.letters import newest_letters


@require_safe
@login_required
@never_cache
def operator_letters(request: HttpRequest) -> HttpResponse:
    """Show the letters, newest first. For everybody else there is no such page."""
    if not signed_in_person(request).is_staff:
        raise Http404("For the operator of the service.")
    letters, has_more = newest_letters(before=_id(request.GET.get("before", "")))
    older = letters[-1].pk if has_more else None
    return render(request, "account/operator_letters.html", {"letters": letters, "older": older})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
