"""What became of every message that was due, in total and by month? (SEQ-11, R33)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.figures import Figure, bar
from dashboard.views.wording.reasons import reason_sentence
from practices.queries.abilities import Ability
from reminders.engine.words import Reason
from reminders.queries.ledger import Ledger, ledger_by_month, ledger_of_practice

WORDS = (("due", "due"), ("sent", "sent"), ("waiting", "waiting"), ("suppressed", "suppressed"), ("failed", "failed"))
"""The figures in their order: the sum, then its parts; the key is also the part's shape."""


@dataclass(frozen=True, slots=True)
class Month:
    """One row: the month, and its figures."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many were suppressed for one reason."""

    sentence: str
    figure: Figure


@require_safe
@staff_page(Ability.SEE_CLIENTS)
def ledger(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the sum, why messages were suppressed, and each month; every figure opens the list behind it."""
    total = ledger_of_practice(staff.practice_id, staff.now)
    months = ledger_by_month(staff.practice_id, staff.time_zone, staff.now)
    figures = figures_of(total, staff.slug)
    page = {
        "staff": staff,
        "here": "ledger",
        "figures": figures,
        "bar": bar(figures),
        "stopped": [
            Stopped(reason_words(reason), Figure(reason, count, list_url(staff.slug, "suppressed", {"reason": reason})))
            for reason, count in sorted(total.suppressed.items(), key=lambda each: (-each[1], each[0]))
        ],
        "months": [
            Month(f"{month:%B %Y}", figures_of(each, staff.slug, _days_of(month))) for month, each in months.items()
        ],
    }
    return render(request, "dashboard/ledger/page.html", page)


def figures_of(ledger: Ledger, slug: str, days: Mapping[str, str] | None = None) -> tuple[Figure, ...]:
    """Return the sum and its parts, each with the address of the list behind it; `days`: from and to of that list."""
    numbers = numbers_of(ledger)
    return tuple(
        Figure(word, numbers[key], list_url(slug, key, days or {}), "" if key == "due" else key) for key, word in WORDS
    )


def numbers_of(ledger: Ledger) -> dict[str, int]:
    """Return the figures by their keys."""
    return {
        "due": ledger.due,
        "sent": ledger.sent,
        "waiting": ledger.waiting,
        "suppressed": ledger.suppressed.total(),
        "failed": ledger.failed,
    }


def list_url(slug: str, figure: str, more: Mapping[str, str]) -> str:
    """Return the address of the list behind a figure; `more`: reason, from, to, after."""
    return f"{reverse('dashboard:ledger_list', args=[slug])}?{urlencode({'state': figure, **more})}"


def reason_words(reason: str) -> str:
    """Return the sentence of a reason as the ledger keeps it; rows without one are summed under their state."""
    return reason_sentence(reason) if reason in set(Reason) else "No reason was kept."


def _days_of(month: date) -> dict[str, str]:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"from": month.isoformat(), "to": last.isoformat()}
