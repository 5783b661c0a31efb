"""Which client is meant, and who stands how?"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clients.queries.find import Found, by_name, is_exact, search
from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.moments import date_tag, day_words, time_tag
from dashboard.views.wording.people import client_name, phone_words
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.standings import MEANINGS, PARTS, STANDINGS, standing_shown
from dashboard.views.wording.states import Shown
from practices.queries.abilities import Ability
from reminders.engine.words import Standing
from reminders.queries.client_list import Listed, listed
from reminders.queries.standings import clients_standing, standing_counts

LONGEST_QUERY = 120
RARE = frozenset({Standing.BARRED, Standing.NONE})
"""Parts that are shown only where somebody stands so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One client as the list shows it."""

    name: str
    url: str
    phone: str
    email: str
    state: Shown
    coming: SafeString | str
    why: str
    last: SafeString | str


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def clients(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one page of clients: those that the typed words find, else those who stand as chosen, else all, by name.

    Who types a whole number or email of one client is taken to the client.
    """
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    show = _standing(request.GET.get("show", ""))
    after = _after(request.GET.get("after", ""))
    found = _found(staff, words, show, after)
    is_typing = "HX-Request" in request.headers
    if words and not is_typing and len(found.clients) == 1 and is_exact(words, found.clients[0]):
        return redirect("dashboard:client", staff.slug, found.clients[0].pk)
    counts = standing_counts(staff.practice_id)
    address = reverse("dashboard:clients", args=[staff.slug])
    query = {"q": words} if words else {"show": show.value} if show else {}
    page = {
        "staff": staff,
        "here": "clients",
        "query": words,
        "show": show,
        "summary": _summary(words, show, found, counts.total(), is_first=after is None),
        "segments": _segments(address, words, show, counts),
        "rows": rows_of(staff, listed(staff.practice_id, found.clients, staff.now)),
        "has_clients": counts.total() > 0,
        "first_url": f"{address}?{urlencode(query)}" if after else "",
        "more_url": f"{address}?{urlencode({**query, 'after': str(found.more_after)})}" if found.more_after else "",
    }
    return render(request, "dashboard/clients.html", page)


def _found(staff: Staff, words: str, show: Standing | None, after: UUID | None) -> Found:
    if words:
        return search(staff.practice_id, words, after)
    if show is not None:
        return clients_standing(staff.practice_id, show, after)
    return by_name(staff.practice_id, after)


def _standing(text: str) -> Standing | None:
    try:
        return Standing(text) if text else None
    except ValueError as error:
        raise Http404("Nobody stands so.") from error


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the list.") from error


def _summary(words: str, show: Standing | None, found: Found, total: int, *, is_first: bool) -> str:
    if words:
        if not found.clients:
            return f"“{words}” finds nobody."
        if found.more_after or not is_first:
            return f"“{words}” finds many. Type more of the name, the number or the email."
        return f"“{words}” finds {len(found.clients)}."
    if show is not None:
        return MEANINGS[show]
    return f"{total:,} by name." if total else ""


def _segments(
    address: str, words: str, show: Standing | None, counts: dict[Standing, int]
) -> list[tuple[str, str, bool, str]]:
    """All, then each part with how many stand so. What is typed looks among all."""
    every = (address, "All", show is None and not words, f"{sum(counts.values()):,}")
    parts = [each for each in PARTS if each not in RARE or counts[each] or each is show]
    return [
        every,
        *(
            (
                f"{address}?{urlencode({'show': part.value})}",
                STANDINGS[part].word,
                part is show and not words,
                f"{counts[part]:,}",
            )
            for part in parts
        ),
    ]


def rows_of(staff: Staff, clients_listed: tuple[Listed, ...]) -> list[Row]:
    """Return these clients as a list shows them."""
    today = staff.today
    return [
        Row(
            name=client_name(each.client),
            url=reverse("dashboard:client", args=[staff.slug, each.client.pk]),
            phone=phone_words(each.client.phone),
            email=each.client.email,
            state=standing_shown(each.stands.standing, each.client.status),
            coming=_coming(staff, each, today),
            why=reason_sentence(each.held_by),
            last=_last(each, today),
        )
        for each in clients_listed
    ]


def _coming(staff: Staff, each: Listed, today: date) -> SafeString | str:
    """The next visit, else the next message; of what is held, the reason stands instead."""
    what, at = ("Visit", each.expected_at) if each.expected_at else ("Message", each.stands.next_at)
    if at is None or (what == "Message" and each.stands.standing is Standing.HELD):
        return ""
    day = max(at, staff.now).astimezone(ZoneInfo(staff.time_zone)).date()
    words = day_words(day, today)
    words = words.lower() if (day - today).days <= 1 else words
    return format_html("{} {}", what, time_tag(at, staff.time_zone, words))


def _last(each: Listed, today: date) -> SafeString | str:
    if each.last is None:
        return ""
    on = each.last.performed_on
    return format_html("{}, {}", each.last.treatment_type.name, date_tag(on, day_words(on, today)))
