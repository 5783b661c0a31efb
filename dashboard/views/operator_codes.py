"""What do the vendors' error codes mean? For the operator alone, who corrects them: vendors announce changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.forms.error_codes import CodeForm
from dashboard.views.account.page import signed_in_person
from dashboard.views.parts.toasts import refused, said
from dashboard.views.wording.error_codes import MEANINGS
from integrations.messaging.base import Meaning
from integrations.messaging.registry import UnknownGateway
from integrations.operations.error_codes import correct_code, take_code_back
from integrations.queries.accounts import carrier_name
from integrations.queries.error_codes import Code, Table, code_tables
from practices import clock
from practices.models import Person
from practices.operations.settings import SettingsRefused


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a table."""

    code: str
    meaning: str
    sentence: str
    url: str
    is_corrected: bool
    was: str
    """What the gateway's own table says, where it was corrected."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One vendor's table."""

    key: str
    name: str
    rows: tuple[Row, ...]
    count: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def operator_codes(request: HttpRequest) -> HttpResponse:
    """Show every gateway's table; correct a code, add one, take a correction back. Nobody else has such a page."""
    person = signed_in_person(request)
    if not person.is_staff:
        raise Http404("For the operator of the service.")
    tables = code_tables()
    form = CodeForm(
        request.POST if request.method == "POST" else None,
        gateways=[(table.kind.key, carrier_name(table.kind)) for table in tables],
        meanings=[(meaning.value, words) for meaning, words in MEANINGS.items()],
        current=_asked(request.GET, tables),
    )
    if request.method == "POST":
        if request.POST.get("do") == "take_back":
            _take_back(request, person, tables)
            return redirect("dashboard:operator_codes")
        if form.is_valid() and _corrected(form, person):
            known = form.cleaned_data
            said(request, f"{known['code'].strip()} means from now on: {MEANINGS[Meaning(known['meaning'])]}.")
            return redirect("dashboard:operator_codes")
    page = {"form": form, "tables": [_shown(each) for each in tables]}
    return render(request, "account/operator_codes.html", page, status=422 if form.errors else 200)


def _corrected(form: CodeForm, person: Person) -> bool:
    known = form.cleaned_data
    try:
        correct_code(known["gateway"], known["code"], known["meaning"], known["sentence"], person.pk, clock.now())
    except SettingsRefused as error:
        form.refuse(error.problems)
        return False
    except UnknownGateway:
        form.refuse({"gateway": "Choose the carrier from the list."})
        return False
    return True


def _take_back(request: HttpRequest, person: Person, tables: tuple[Table, ...]) -> None:
    gateway, code = request.POST.get("gateway", ""), request.POST.get("code", "")
    corrected = {(table.kind.key, each.code) for table in tables for each in table.codes if each.is_corrected}
    if (gateway, code) in corrected and take_code_back(gateway, code, person.pk):
        said(request, f"The correction of {code} was taken back.")
    else:
        refused(request, "That code was not corrected.")


def _asked(query: Mapping[str, str], tables: tuple[Table, ...]) -> dict[str, str]:
    """What the form begins with: the code that was pressed, as it counts now."""
    key, code = query.get("gateway", ""), query.get("code", "")
    for table in tables:
        for each in table.codes:
            if (table.kind.key, each.code) == (key, code):
                said_of = each.said
                return {"gateway": key, "code": code, "meaning": said_of.meaning.value, "sentence": said_of.sentence}
    return {}


def _shown(table: Table) -> Shown:
    rows = tuple(_row(table.kind.key, each) for each in table.codes)
    corrected = sum(each.is_corrected for each in rows)
    count = f"{len(rows)}, {corrected} corrected" if corrected else str(len(rows))
    return Shown(table.kind.key, carrier_name(table.kind), rows, count)


def _row(gateway: str, each: Code) -> Row:
    address = reverse("dashboard:operator_codes")
    was = ""
    if each.is_corrected:
        was = f"{MEANINGS[each.shipped.meaning]}: {each.shipped.sentence}" if each.shipped else "Nobody knew it."
    return Row(
        each.code,
        MEANINGS[each.said.meaning],
        each.said.sentence,
        f"{address}?{urlencode({'gateway': gateway, 'code': each.code})}#correct",
        each.is_corrected,
        was,
    )
