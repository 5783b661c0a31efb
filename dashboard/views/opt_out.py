"""How does staff take a client out of everything? (OPT-1)"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.models import Suppression
from clients.operations.stopping import opt_out as stop
from clients.queries.client_page import client_records
from dashboard.views.access import Staff, staff_page
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability

LONGEST_WORDING = 500


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPT_OUT)
def opt_out(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Ask before what reaches every sequence at once; then do it. Every role may: whoever is told, acts."""
    records = client_records(staff.practice_id, client_id)
    if records is None:
        raise Http404("No such client in this practice.")
    name = client_name(records.client)
    if request.method != "POST":
        page = {"staff": staff, "here": "clients", "client": records.client, "name": name, "most": LONGEST_WORDING}
        return render(request, "dashboard/opt_out.html", page)
    stop(
        staff.practice_id,
        staff.now,
        client_id=client_id,
        origin=Suppression.Origin.STAFF,
        wording=request.POST.get("wording", "").replace("\x00", "").strip()[:LONGEST_WORDING],
        by_id=staff.membership.staff_member_id,
    )
    messages.success(request, f"{name} is opted out. No reminder leaves any more, on any channel.")
    return redirect("dashboard:client", staff.slug, client_id)
