"""What does a system get for an answer when it posts an event?"""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from integrations.operations.accepting import accept
from integrations.operations.authenticity import NotAuthentic
from integrations.pms.base import Malformed
from integrations.queries.routes import UnknownConnection
from integrations.webhooks.nudge import nudge
from practices import clock

MOST_BYTES: Final = 256 * 1024
HEADERS: Final = {
    "HTTP_WEBHOOK_ID": "webhook-id",
    "HTTP_WEBHOOK_TIMESTAMP": "webhook-timestamp",
    "HTTP_WEBHOOK_SIGNATURE": "webhook-signature",
    "HTTP_AUTHORIZATION": "authorization",
}


@csrf_exempt
def receive(request: HttpRequest, connection_id: str) -> HttpResponse:
    """Answer 202 once the event is stored, or say what is wrong with it (docs/webhooks.md)."""
    if request.method != "POST":
        response = _refuse(405, "Post events to this address.")
        response["Allow"] = "POST"
        return response
    refusal = _refuse_by_length(request)
    if refusal is not None:
        return refusal
    headers = {name: request.META[key] for key, name in HEADERS.items() if key in request.META}
    try:
        accepted = accept(UUID(connection_id), headers, request.body, clock.now())
    except (UnknownConnection, ValueError) as error:
        if isinstance(error, Malformed):
            return _refuse(400, error.why, error.where)
        return _refuse(404, "There is no such connection.")
    except NotAuthentic as error:
        return _refuse(401, str(error))
    if accepted.will_be_applied:
        nudge()
    status = "accepted" if accepted.will_be_applied else "kept"
    return JsonResponse({"id": accepted.webhook_id, "status": status}, status=202)


def _refuse_by_length(request: HttpRequest) -> HttpResponse | None:
    """Refuse, before reading it, a body that is too large or does not say how large it is."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return _refuse(411, "Say the length of the body in a Content-Length header.")
        return None  # there is no body
    if int(length) > MOST_BYTES:
        response = _refuse(413, f"An event has at most {MOST_BYTES} bytes.")
        response["Connection"] = "close"
        return response
    return None


def _refuse(status: int, why: str, where: str = "") -> HttpResponse:
    body = {"error": why, "where": where} if where else {"error": why}
    return JsonResponse(body, status=status)
