"""What does one treatment type's cadence say, step by step, and who follows it? (LIB-2 to LIB-4, LIB-6)"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadences.models import CadenceVersion
from cadences.operations.default_library import ready_made, variants_of
from cadences.queries.library import Library, LibraryType, library_of
from cadences.queries.services import names_of_type
from cadences.queries.versions import versions_of
from cadences.timeline import Cadence, Unit
from cadences.timeline import Step as CadenceStep
from dashboard.views.access import Staff, staff_page
from dashboard.views.cadences.drawing import common_scale, counts_in, drawing_of
from dashboard.views.wording.cadences import (
    CHANNEL_RULES,
    condition_words,
    family_words,
    lapse_offset_words,
    offset_words,
    recipe_words,
    step_name,
    steps_words,
)
from dashboard.views.wording.moments import date_words, hour_words, joined, number_words, time_tag
from dashboard.views.wording.services import count_words, opened
from practices.queries.abilities import Ability
from reminders.engine.words import Channel, Touchpoint
from reminders.queries.refill_texts import TextStanding, refill_texts
from reminders.queries.under_way import under_way

MOST_NAMES = 8
TICKS_EVERY = {Unit.WEEKS: 2, Unit.MONTHS: 3}
CHANNELS = {Channel.SMS: "By text", Channel.EMAIL: "By email"}
TOUCHPOINTS = {"first": Touchpoint.FIRST, "second": Touchpoint.SECOND, "last": Touchpoint.LAST}

Texts = Mapping[tuple[Touchpoint, Channel], TextStanding]


@dataclass(frozen=True, slots=True)
class Said:
    """One channel's text of a step: what is approved, or what is missing."""

    channel: str
    words: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One step as the table shows it."""

    number: int
    name: str
    offset: str
    hour: str
    condition: str
    channel: str
    texts: tuple[Said, ...]


@require_safe
@staff_page(Ability.SEE_CADENCES)
def cadence(request: HttpRequest, staff: Staff, type_slug: str) -> HttpResponse:
    """Show one treatment type: its drawing, its steps, what ends it, and how many follow which version."""
    library = library_of(staff.practice_id)
    entry = library.types.get(type_slug)
    if entry is None:
        raise Http404("No such treatment type in this practice.")
    shown, variants = _variants(entry, request.GET.get("variant", ""))
    today = staff.today
    address = reverse("dashboard:cadence", args=[staff.slug, type_slug])
    scale = common_scale(counts_in(shown), [(each, entry.lasts) for each in (entry.cadence, *variants)], room=1.25)
    versions = versions_of(staff.practice_id, entry.id)
    is_in_use = shown == entry.cadence
    hours = {hour_words(step.send_time) for step in shown.steps}
    page = {
        "staff": staff,
        "here": "cadences",
        "entry": entry,
        "family": family_words(entry.family),
        "version": _version(versions, staff, today),
        "is_in_use": is_in_use,
        "in_use": steps_words(entry.cadence),
        "segments": [
            (
                address if each == entry.cadence else f"{address}?{urlencode({'variant': each.variant})}",
                recipe_words(each),
                each == shown,
            )
            for each in variants
        ],
        "drawing": drawing_of(entry.name, shown, entry.lasts, scale),
        "ticks": scale.ticks(TICKS_EVERY[counts_in(shown)], counts_in(shown).value.removesuffix("s") + " 0"),
        "hour": hours.pop() if len(hours) == 1 else "",
        "rows": _rows(shown, refill_texts(staff.practice_id)),
        "lapse": lapse_offset_words(shown),
        "then": f"Monthly check-in, at most {number_words(staff.practice.reactivation_limit)}",
        "sentences": _sentences(entry, shown, library, staff),
        "following": _following(versions, under_way(staff.practice_id, entry.id)) if is_in_use else "",
        "names": names_of_type(staff.practice_id, entry.id, MOST_NAMES + 1),
        "most_names": MOST_NAMES,
    }
    return render(request, "dashboard/cadences/cadence.html", page)


def _variants(entry: LibraryType, wanted: str) -> tuple[Cadence, tuple[Cadence, ...]]:
    """The cadence to show, and those that can be compared: the one in use first, then the ready-made ones (LIB-3)."""
    others = [
        replace(ready_made(entry.slug, variant), series_sessions=entry.cadence.series_sessions)
        for variant in variants_of(entry.slug)
    ]
    others = [each for each in others if each.steps != entry.cadence.steps]
    variants = (entry.cadence, *others)
    shown = next((each for each in variants if wanted and each.variant == wanted), entry.cadence)
    return shown, variants if len(variants) > 1 else ()


def _version(versions: list[CadenceVersion], staff: Staff, today: date) -> tuple[int, SafeString] | None:
    current = next((each for each in versions if each.is_current), None)
    if current is None:
        return None
    day = current.created_at.astimezone(ZoneInfo(staff.time_zone)).date()
    return current.number, time_tag(current.created_at, staff.time_zone, date_words(day, today))


def _rows(cadence: Cadence, texts: Texts) -> list[Row]:
    before: list[CadenceStep | None] = [None, *cadence.steps[:-1]]
    return [
        Row(
            number=number,
            name=step_name(step),
            offset=offset_words(step.offset),
            hour=hour_words(step.send_time),
            condition=condition_words(step, earlier),
            channel=CHANNEL_RULES[step.channel_rule],
            texts=tuple(_said(step, texts)),
        )
        for number, (step, earlier) in enumerate(zip(cadence.steps, before, strict=True), start=1)
    ]


def _said(step: CadenceStep, texts: Texts) -> list[Said]:
    touchpoint = TOUCHPOINTS.get(step.key, Touchpoint.SECOND)
    if touchpoint is Touchpoint.SECOND and step.incentive:
        touchpoint = Touchpoint.SECOND_INCENTIVE
    return [
        Said(name, *_standing(texts.get((touchpoint, channel), TextStanding()))) for channel, name in CHANNELS.items()
    ]


def _standing(text: TextStanding) -> tuple[str, bool]:
    if text.approved is not None:
        newer = f"; version {text.submitted} waits" if text.submitted is not None else ""
        return f"version {text.approved}, approved{newer}", False
    if text.submitted is not None:
        return f"version {text.submitted} waits for approval", True
    return "no text yet", True


def _sentences(entry: LibraryType, shown: Cadence, library: Library, staff: Staff) -> list[str]:
    """What ends it and what it counts from, in words (R6, R14, R15)."""
    family = sorted(each.named_in_text for each in library.types.values() if each.family == entry.family)
    ends = [*family, *(["a consultation"] if staff.practice.consultation_fits else []), "an unknown service"]
    hours = {hour_words(step.send_time) for step in shown.steps}
    said = [f"{joined(sorted(hours)).capitalize()} where the client lives."]
    said.append(f"A booking for {joined(ends, 'or')} ends the sequence; a facial does not.")
    if entry.cadence.is_series:
        sessions = number_words(entry.cadence.series_sessions)
        said.append(
            f"Day zero is the last session of the series; {sessions} sessions complete it, or eight weeks without one."
        )
    if entry.supersedes_family and len(family) > 1:
        said.append(f"A treatment with {joined(family, 'or')} starts the clock anew.")
    return said


def _following(versions: list[CadenceVersion], live: Counter[tuple[UUID, UUID]]) -> str:
    """How many sequences follow the version in use, and which older ones are still followed (LIB-6)."""
    by_version = Counter({version_id: count for (_, version_id), count in live.items()})
    current = next((each for each in versions if each.is_current), None)
    if current is None or not by_version.total():
        return "No client is under way on it yet."
    number = by_version[current.pk]
    words = opened(f"{count_words(number, 'open sequence')} {'follows' if number == 1 else 'follow'}")
    words += f" version {current.number}"
    older = [
        f"{by_version[each.pk]:,} {'keeps' if by_version[each.pk] == 1 else 'keep'} version {each.number}"
        for each in versions
        if each.pk != current.pk and by_version[each.pk]
    ]
    return f"{joined([words, *older]) if len(older) < 2 else '; '.join([words, *older])}."
