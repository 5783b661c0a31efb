"""At which hours may messages leave in each state, and where was that read? (SEQ-7)"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.terms import Fact
from dashboard.views.settings.pages import segments
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.sending_hours import CONFIDENCE, STATES, week_words
from practices.queries.abilities import Ability
from reminders.engine.state_rules import UNNAMED
from reminders.queries.sending_hours import StateHours, sending_hours

_DAY: Final = re.compile(r" \((\d{4}-\d\d-\d\d)\)")
"""From when on a law holds, as the table writes it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One state of the table."""

    name: str
    law: str
    left: str
    notes: tuple[str, ...]
    source: str
    confidence: str


@require_safe
@staff_page(Ability.CHANGE_SETTINGS)
def hours(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the hours of everybody and of each state that has rules of its own."""
    found = sending_hours(staff.practice)
    is_narrowed = found.practice != found.default
    facts = (
        Fact(
            "Reminders and reactivation, wherever a client lives",
            (week_words(found.practice),),
            (f"Narrowed by this practice; the rules allow: {week_words(found.default)}.",) if is_narrowed else (),
        ),
        Fact("Confirmations of visits, and surveys", (week_words(found.confirmations),)),
    )
    page = {
        "staff": staff,
        "here": "settings",
        "segments": segments(staff, "settings_sending"),
        "facts": facts,
        "rows": sorted((_row(each) for each in found.states), key=lambda row: row.name),
        "version": found.version,
        "sending_url": reverse("dashboard:settings_sending", args=[staff.slug]),
    }
    return render(request, "dashboard/settings/hours.html", page)


def _row(hours: StateHours) -> Row:
    rule = hours.rule
    return Row(
        name=STATES.get(rule.state, rule.state),
        law=week_words(rule.week),
        left=week_words(hours.left),
        notes=(*(("Not on holidays.",) if rule.bars_holidays else ()), *((rule.note,) if rule.note else ())),
        source="No statute named" if rule.source == UNNAMED else _DAY.sub(_since, rule.source),
        confidence=CONFIDENCE[rule.confidence],
    )


def _since(day: re.Match[str]) -> str:
    return f", since {date_words(date.fromisoformat(day[1]), date.min)}"
