"""What happens behind the unsubscribe link of a message? (OPT-1, RFC 8058)"""

from typing import Final

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from practices import clock
from reminders.operations.stopping_links import BadLink, ask_before_stopping, stop_by_link

# What a mailbox posts by itself (RFC 8058, 3.2), as a form of either encoding.
_ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")


@csrf_exempt  # the token is the proof; a mailbox has neither cookie nor form of ours (RFC 8058, 3.1)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since scanners open every link; POST stops, at once, without sign-in, cookie or redirect."""
    try:
        if request.method == "POST":
            asked = stop_by_link(token, clock.now(), is_one_click=_is_one_click(request))
            page = render(request, "portal/unsubscribed.html", {"asked": asked})
        else:
            asked = ask_before_stopping(token)
            page = render(request, "portal/unsubscribe.html", {"asked": asked})
    except BadLink:
        page = render(request, "portal/bad_link.html", status=404)
    page["X-Robots-Tag"] = "noindex, nofollow"
    page["Referrer-Policy"] = "no-referrer"
    return page


def _is_one_click(request: HttpRequest) -> bool:
    """Whether a mailbox posted by itself. A form that cannot be read stops all the same: the address says whom."""
    name, value = _ONE_CLICK
    try:
        return request.POST.get(name) == value
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        return False
