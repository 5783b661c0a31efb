"""Which clients may get reminders on a channel for one reason, or may not? (SEQ-12)"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clients.models.consent import ConsentScope
from clients.queries.agreements import attested_scopes
from dashboard.views.access import Staff, staff_page
from dashboard.views.clients import rows_of
from dashboard.views.wording.reaches import HEADS, WORDS, reach_words
from practices.queries.abilities import Ability
from reminders.engine.words import Channel, Reach
from reminders.queries.client_list import listed
from reminders.queries.reach import clients_reached, reach_counts


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def people(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one page of the clients behind a figure, by name."""
    channel, reach = _asked(request.GET.get("channel", "sms"), request.GET.get("word", "own"))
    after = _after(request.GET.get("after", ""))
    found = clients_reached(staff.practice_id, channel, reach, after)
    is_vouched = ConsentScope.SMS.value in attested_scopes(staff.practice_id)
    number = reach_counts(staff.practice_id).of(channel)[reach]
    address = reverse("dashboard:consent_clients", args=[staff.slug])
    query = {"channel": channel.value, "word": reach.value}
    page = {
        "staff": staff,
        "here": "settings",
        "title": f"{HEADS[channel]}: {number:,} {'client' if number == 1 else 'clients'}",
        "summary": reach_words(channel, reach, is_vouched=is_vouched),
        "rows": rows_of(staff, listed(staff.practice_id, found.clients, staff.now)),
        "back_url": reverse("dashboard:consent", args=[staff.slug]),
        "first_url": f"{address}?{urlencode(query)}" if after else "",
        "more_url": f"{address}?{urlencode({**query, 'after': str(found.more_after)})}" if found.more_after else "",
    }
    return render(request, "dashboard/consent/clients.html", page)


def _asked(channel: str, word: str) -> tuple[Channel, Reach]:
    try:
        found = Channel(channel), Reach(word)
    except ValueError as error:
        raise Http404("Nobody is counted so.") from error
    if found[1] not in WORDS[found[0]]:
        raise Http404("Nobody is counted so on this channel.")
    return found


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the list.") from error
