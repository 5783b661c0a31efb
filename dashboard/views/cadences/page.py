"""When does a client hear from the practice after each treatment? (LIB-1)"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadences.queries.library import LibraryType, library_of
from cadences.timeline import Unit, at_local
from dashboard.views.access import Staff, staff_page
from dashboard.views.cadences.drawing import (
    Drawing,
    Label,
    Scale,
    common_scale,
    counts_in,
    days_of,
    drawing_of,
)
from dashboard.views.wording.cadences import family_words
from dashboard.views.wording.services import count_words, opened
from practices.queries.abilities import Ability
from reminders.queries.under_way import due_before, under_way

WEEK = 7
EVERY = {Unit.WEEKS: 4, Unit.MONTHS: 6}
LEGEND = ("visit", "effect", "fades", "reminder", "lapses")


@dataclass(frozen=True, slots=True)
class Row:
    """One treatment type of the library as the page shows it."""

    name: str
    url: str
    second: str
    drawing: Drawing
    lasts: str
    under_way: int
    due: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The treatment types that count in the same unit, on one common scale."""

    unit: str
    ticks: tuple[Label, ...]
    rows: tuple[Row, ...]


@require_safe
@staff_page(Ability.SEE_CADENCES)
def cadences(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the library: every treatment type drawn to scale, how many follow it and how many hear from us this week."""
    entries = library_of(staff.practice_id).types.values()
    live: Counter[UUID] = Counter()
    for (type_id, _), count in under_way(staff.practice_id).items():
        live[type_id] += count
    due = due_before(staff.practice_id, week_ends_at(staff.now, staff.time_zone))
    groups = (_group(unit, entries, live, due, staff.slug) for unit in (Unit.WEEKS, Unit.MONTHS))
    page = {
        "staff": staff,
        "here": "cadences",
        "groups": [each for each in groups if each.rows],
        "legend": LEGEND,
        "waiting": staff.attention.unmapped,
        "waiting_words": f"{opened(count_words(staff.attention.unmapped, 'service name'))} are not mapped.",
    }
    return render(request, "dashboard/cadences/page.html", page)


def week_ends_at(now: datetime, zone_name: str) -> datetime:
    """Return the end of this week, Sunday at midnight, where the practice is."""
    today = now.astimezone(ZoneInfo(zone_name)).date()
    return at_local(today + timedelta(days=WEEK - today.weekday()), time(0), zone_name)


def _group(unit: Unit, entries: Iterable[LibraryType], live: Counter[UUID], due: Counter[UUID], slug: str) -> Group:
    own = sorted((each for each in entries if counts_in(each.cadence) is unit), key=_place)
    scale = common_scale(unit, [(each.cadence, each.lasts) for each in own])
    rows = tuple(_row(each, scale, live[each.id], due[each.id], slug) for each in own)
    return Group(unit.value, scale.ticks(EVERY[unit], "visit"), rows)


def _place(entry: LibraryType) -> tuple[bool, list[float], str]:
    """Those in use first, then by when the client hears from us, then by name."""
    return not entry.is_active, [days_of(step.offset) for step in entry.cadence.steps], entry.name


def _row(entry: LibraryType, scale: Scale, under_way: int, due: int, slug: str) -> Row:
    return Row(
        name=entry.name,
        url=reverse("dashboard:cadence", args=[slug, entry.slug]),
        second="After the last session" if entry.cadence.is_series else family_words(entry.family),
        drawing=drawing_of(entry.name, entry.cadence, entry.lasts, scale),
        lasts=entry.lasts,
        under_way=under_way,
        due=due,
        is_active=entry.is_active,
    )
