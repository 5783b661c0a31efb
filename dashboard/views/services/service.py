"""What would one name of the price list do if it meant this? And: map it. (LIB-5)"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cadences.models import Service
from cadences.models.service import ServiceKind
from cadences.operations.services import ServiceRefused
from cadences.queries.library import Library, library_of
from cadences.queries.services import service_named
from clients.operations.remapping import PLANNED_AT_ONCE
from clients.queries.carried import carried
from dashboard.forms.services import OTHERS, MeaningForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import refused, said
from dashboard.views.services.page import mapped_by
from dashboard.views.wording.services import (
    carried_words,
    effect_sentences,
    kind_words,
    meaning_words,
    result_words,
)
from practices.queries.abilities import Ability
from reminders.operations.foreseeing_services import foresee_mapping
from reminders.operations.mapping_services import map_and_tell


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.CHANGE_CADENCES)
def service(request: HttpRequest, staff: Staff, service_id: UUID) -> HttpResponse:
    """Show what a choice would do before it is made; then map the name."""
    row = service_named(staff.practice_id, service_id)
    if row is None:
        raise Http404("No such service in this practice.")
    if request.method == "POST":
        return _map(request, staff, row)
    library = library_of(staff.practice_id)
    is_asked = "meaning" in request.GET
    form = MeaningForm(
        request.GET if is_asked else None, types=library.types.values(), initial={"meaning": _now_means(row)}
    )
    today = staff.today
    means = meaning_words(row)
    page = {
        "staff": staff,
        "here": "services",
        "service": row,
        "is_waiting": row.kind == ServiceKind.UNKNOWN,
        "means": means,
        "by": mapped_by(row, staff, today),
        "carried": carried_words(carried(staff.practice_id, [row.pk])[row.pk], today),
        "form": form,
    }
    if is_asked and form.is_valid():
        page |= _effect(form.cleaned_data["meaning"], row, library, staff)
    return render(request, "dashboard/services/service.html", page)


def _effect(meaning: str, row: Service, library: Library, staff: Staff) -> dict[str, object]:
    entry = library.types.get(meaning)
    kind = ServiceKind.TREATMENT_TYPE if entry else ServiceKind(meaning)
    words = kind_words(kind, entry.name if entry else None)
    if meaning == _now_means(row):
        return {"meaning": "", "unchanged": f"It counts as {words} already; nothing would change."}
    effect = foresee_mapping(staff.practice_id, row, kind, entry.slug if entry else None, staff.now)
    today = staff.today
    return {
        "meaning": meaning,
        "sentences": effect_sentences(effect, kind, staff.time_zone, today),
        "is_later": effect.clients > PLANNED_AT_ONCE,
        "submit": f"Map to {words}" if entry else f"Map as {words}",
        "would_be": words,
    }


def _map(request: HttpRequest, staff: Staff, row: Service) -> HttpResponse:
    try:
        mapped = map_and_tell(staff.practice_id, row.pk, request.POST.get("meaning", "")[:40], staff.actor, staff.now)
    except ServiceRefused as error:
        refused(request, str(error))
        return redirect("dashboard:service", staff.slug, row.pk)
    today = staff.today
    after = service_named(staff.practice_id, row.pk) or row
    said(request, result_words(after.name, meaning_words(after), mapped.foresight, staff.time_zone, today))
    return redirect("dashboard:services", staff.slug)


def _now_means(row: Service) -> str:
    if row.treatment_type is not None:
        return row.treatment_type.slug
    return row.kind if row.kind in dict(OTHERS) else ""
