"""How does a client get all that is kept about her? As one file; the taking is in the trail. (REC-5)"""

from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from clients.models import Client
from dashboard.views.access import Staff, staff_page
from practices.queries.abilities import Ability
from reminders.operations.exporting_clients import export_client


@require_GET
@staff_page(Ability.EXPORT_CLIENTS)
def export(request: HttpRequest, staff: Staff, client_id: UUID) -> JsonResponse:  # noqa: ARG001
    """Hand out everything kept about one client as JSON."""
    try:
        kept = export_client(staff.practice_id, client_id, staff.actor, staff.now)
    except Client.DoesNotExist as error:
        raise Http404("No such client in this practice.") from error
    headers = {"Content-Disposition": f'attachment; filename="client-{client_id}-{staff.today}.json"'}
    options = {"indent": 2, "ensure_ascii": False}
    return JsonResponse(kept, encoder=DjangoJSONEncoder, json_dumps_params=options, headers=headers)
