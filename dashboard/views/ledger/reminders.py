"""Which reminders stand behind a figure of the ledger? (LOOK.md, principle 6)"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadences.timeline import at_local
from dashboard.views.access import Staff, staff_page
from dashboard.views.ledger.page import WORDS, list_url, numbers_of, reason_words
from dashboard.views.wording.moments import date_words, day_words, hour_words, time_tag
from dashboard.views.wording.outreach import reminder_name
from dashboard.views.wording.people import client_name
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.states import REMINDERS, Shown
from practices.queries.abilities import Ability
from reminders.engine.words import Reason, ReminderState
from reminders.models import Reminder
from reminders.queries.ledger import Ledger, ledger_between
from reminders.queries.ledger_list import FIGURES, Asked, ledger_page

HEADS = {
    "due": "Messages that were due",
    "sent": "Messages sent",
    "waiting": "Messages that wait",
    "suppressed": "Messages suppressed",
    "failed": "Messages that failed",
}
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Row:
    """One reminder: whose, what, when its moment came, and what became of it."""

    day: SafeString
    at: str
    is_same_day: bool
    who: str
    url: str
    what: str
    state: Shown
    why: str


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def ledger_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show one page of the reminders that a figure counts, the newest first."""
    figure = request.GET.get("state", "due")
    reason = request.GET.get("reason") or None
    if figure not in FIGURES or (reason is not None and reason not in set(Reason)):
        raise Http404("The ledger has no such figure.")
    days = {key: request.GET[key] for key in ("from", "to") if request.GET.get(key)}
    first, last = _day(days.get("from"), EARLIEST), _day(days.get("to"), LATEST)
    asked = Asked(
        figure,
        reason,
        at_local(first, time(), staff.time_zone),
        at_local(last + timedelta(days=1), time(), staff.time_zone),
    )
    after = _after(request.GET.get("after", ""))
    page = ledger_page(staff.practice_id, asked, after, staff.now)
    whole = ledger_between(staff.practice_id, asked.start, asked.end, staff.now)
    numbers = numbers_of(whole)
    kept = {**({"reason": reason} if reason else {}), **days}
    context = {
        "staff": staff,
        "here": "ledger",
        "title": HEADS[figure],
        "summary": _summary(whole, figure, reason, _span(days, first, last, staff)),
        "reason": reason_words(reason) if reason else "",
        "segments": [
            (list_url(staff.slug, key, days), word.capitalize(), key == figure, f"{numbers[key]:,}")
            for key, word in WORDS
        ],
        "rows": _rows(page.reminders, staff),
        "ledger_url": reverse("dashboard:ledger", args=[staff.slug]),
        "newest_url": list_url(staff.slug, figure, kept) if after else "",
        "older_url": list_url(staff.slug, figure, {**kept, "after": str(page.more_after)}) if page.more_after else "",
    }
    return render(request, "dashboard/ledger/list.html", context)


def _summary(whole: Ledger, figure: str, reason: str | None, span: str) -> str:
    """How many, and when. Only what was suppressed is counted by its reason."""
    if reason and figure != "suppressed":
        return ""
    number = whole.suppressed[reason] if reason else numbers_of(whole)[figure]
    return f"{number:,} {span}."


def _rows(reminders: tuple[Reminder, ...], staff: Staff) -> list[Row]:
    zone = ZoneInfo(staff.time_zone)
    today = staff.today
    rows: list[Row] = []
    before: date | None = None
    for each in reminders:
        local = each.allowed_at.astimezone(zone)
        rows.append(
            Row(
                day=time_tag(each.allowed_at, staff.time_zone, day_words(local.date(), today)),
                at=hour_words(local),
                is_same_day=local.date() == before,
                who=client_name(each.client),
                url=reverse("dashboard:client", args=[staff.slug, each.client_id]),
                what=reminder_name(each, each.sequence, each.message.touchpoint if each.message else ""),
                state=_state(each),
                why=reason_sentence(each.reason),
            )
        )
        before = local.date()
    return rows


def _state(each: Reminder) -> Shown:
    """One whose moment has come and is not decided on yet waits, as the sum has it."""
    is_planned = each.state == ReminderState.PLANNED
    return Shown("waiting", "Due") if is_planned else REMINDERS[ReminderState(each.state)]


def _span(days: dict[str, str], first: date, last: date, staff: Staff) -> str:
    if not days:
        return "since the beginning"
    today = staff.today
    if first.day == 1 and last == (first + timedelta(days=31)).replace(day=1) - timedelta(days=1):
        return f"in {first:%B %Y}"
    if first == last:
        return f"on {date_words(first, today)}"
    start = f"from {date_words(first, today)}" if "from" in days else ""
    end = f"until {date_words(last, today)}" if "to" in days else ""
    return f"{start} {end}".strip()


def _day(text: str | None, otherwise: date) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date() if text else otherwise  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise Http404("This is no day.") from error
    return min(max(day, EARLIEST), LATEST)


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the list.") from error
