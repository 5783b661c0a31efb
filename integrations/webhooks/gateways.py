"""What does a carrier get for an answer when it calls back? (CHN-2, CHN-4)"""

from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from integrations.messaging.base import Incoming, NotAuthentic, NotSent, Unreadable
from integrations.operations.accepting_callbacks import take_callback
from integrations.queries.callback_routes import UnknownRoute
from integrations.webhooks.nudge import Nudger
from practices import clock

log = structlog.get_logger(__name__)

TASK: Final = "integrations.tasks.apply_callbacks"
MOST_BYTES: Final = 1024 * 1024
MOST_BYTES_OF_A_LETTER: Final = 32 * 1024 * 1024
"""An email that somebody answers with brings its attachments along, up to 30 MB, and a refused one is not repeated
(messaging.md 2.5)."""
LETTER: Final = "multipart/form-data"

nudge = Nudger(TASK).nudge


@csrf_exempt
def receive(request: HttpRequest, route: str) -> HttpResponse:
    """Acknowledge a callback once its words are stored, or say what is wrong with it (docs/webhooks.md)."""
    if request.method != "POST":
        response = _refuse(405, "Carriers post to this address.")
        response["Allow"] = "POST"
        return response
    refusal = _refuse_by_length(request)
    if refusal is not None:
        log.warning("callback_length_refused", route=route[:40], status=refusal.status_code)
        return refusal
    try:
        body = request.read(MOST_BYTES_OF_A_LETTER)
        taken = take_callback(route, _incoming(request, body), clock.now())
    except UnreadablePostError:
        return _refuse(400, "The body broke off.")
    except UnknownRoute:
        return _refuse(404, "Nobody takes callbacks at this address.")
    except NotAuthentic:
        log.warning("callback_not_authentic", route=route[:40])
        return _refuse(403, "This is not signed with the key of this account.")
    except Unreadable as error:
        log.warning("callback_unreadable", route=route[:40])
        return _refuse(400, str(error))
    except NotSent:
        log.error("callback_without_key", route=route[:40])
        return _refuse(503, "The key of this account cannot be read just now.")
    if taken.news:
        nudge()
    content_type, receipt = taken.receipt
    return HttpResponse(receipt, content_type=content_type)


def _incoming(request: HttpRequest, body: bytes) -> Incoming:
    """The request as the vendor sent it. It signs the public address, which a proxy may have hidden from us."""
    query = request.META.get("QUERY_STRING", "")
    return Incoming(
        url=f"{settings.PUBLIC_URL}{request.path_info}{'?' if query else ''}{query}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def _refuse_by_length(request: HttpRequest) -> HttpResponse | None:
    """Refuse, before reading it, a body that is too large or does not say how large it is."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return _refuse(411, "Say the length of the body in a Content-Length header.")
        return None  # there is no body
    is_letter = (request.content_type or "").lower() == LETTER
    most = MOST_BYTES_OF_A_LETTER if is_letter else MOST_BYTES
    if int(length) > most:
        response = _refuse(413, f"A callback has at most {most} bytes.")
        response["Connection"] = "close"
        return response
    return None


def _refuse(status: int, why: str) -> HttpResponse:
    return JsonResponse({"error": why}, status=status)
