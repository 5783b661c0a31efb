"""What happens behind the short booking link of a message? (MSG-5)"""

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from practices import clock
from reminders.operations.link_readers import is_program
from reminders.operations.stopping_links import BadLink
from reminders.operations.tracked_links import follow

HOST_OF: Final = "medspa.host_of"
"""In the environment of a request that came to a practice's own host: whose it is (medspa/link_hosts.py)."""


@never_cache
@require_safe
def booking(request: HttpRequest, token: str) -> HttpResponseBase:
    """Lead on to where one books, at once, without a page of ours, a cookie or anything of a third party."""
    is_person = request.method == "GET" and not is_program(request.headers)
    try:
        target = follow(token, clock.now(), is_person=is_person, host_of=request.META.get(HOST_OF))
    except BadLink:
        answer = render(request, "portal/bad_link.html", status=404)
    else:
        answer = HttpResponse(status=302, headers={"Location": target})
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
