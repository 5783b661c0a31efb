"""How does the HTML part of an email look by itself? (CHN-1)"""

from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from practices.queries.abilities import Ability
from reminders.queries.outbox import letter

# An email styles itself; it may not run, send or load anything, and only our own pages may frame it.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "sandbox": ["allow-same-origin"],
}


@require_safe
@csp(LETTER_POLICY)
@staff_page(Ability.SEE_CLIENTS)
def letter_page(request: HttpRequest, _staff: Staff, delivery_id: UUID) -> HttpResponse:
    """Show the HTML part of an email by itself, for the frame: without scripts, forms or anything from elsewhere."""
    delivery = letter(delivery_id)
    if delivery is None:
        raise Http404("No such email in this practice.")
    if delivery.html:
        return HttpResponse(delivery.html)
    return render(request, "dashboard/outbox/letter.html", {"delivery": delivery})
