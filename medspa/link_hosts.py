"""What is answered on the hosts that practices chose for their links, now or before, and which are those? (MSG-5)"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponsePermanentRedirect
from django.http.request import split_domain_port, validate_host

from integrations.queries.remembering import Remembered
from portal.views.booking import HOST_OF
from practices.queries.link_hosts import practice_of_host

ASKED: Final = "/internal/link-host"
"""Where a proxy asks whether it may fetch a certificate for ?domain= (docs/operations.md)."""
ANSWERED: Final = ("/b/", "/u/", "/static/")
"""What clients open behind links, and how those pages look."""

_HOST: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class LinkHosts:
    """Middleware that lets practices' own hosts in, for links alone; for any other host it changes nothing.

    It stands before everything that asks for the host's name. Behind it such a request is one to PUBLIC_URL, so that
    ALLOWED_HOSTS stays the operator's list.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._known: Remembered[str, UUID | None] = Remembered(practice_of_host)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer on a practice's host, answer the proxy that asks for one, and hand on everything else."""
        host = split_domain_port(str(request.META.get("HTTP_HOST", "")))[0].removesuffix(".")
        practice_id = None if _is_ours(host) else self._practice_of(host)
        if practice_id is not None:
            return self._on_its_host(request, host, practice_id)
        if request.path_info == ASKED:
            asked = str(request.GET.get("domain", "")).lower().removesuffix(".")
            return HttpResponse(status=200 if self._practice_of(asked) else 404)
        return self._get_response(request)

    def _on_its_host(self, request: HttpRequest, host: str, practice_id: UUID) -> HttpResponse:
        if not request.path_info.startswith(ANSWERED):
            return HttpResponseNotFound("Nothing is here.", content_type="text/plain; charset=utf-8")
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")
        request.META[HOST_OF] = practice_id
        request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc
        response = self._get_response(request)
        # Whether a practice's domain is only ever served by https is not ours to promise.
        del response["Strict-Transport-Security"]
        return response

    def _practice_of(self, host: str) -> UUID | None:
        """Whose host it is, as it was a few seconds ago at most."""
        return self._known.of(host) if _HOST.fullmatch(host) else None


def _is_ours(host: str) -> bool:
    named = [each for each in settings.ALLOWED_HOSTS if each != "*"]
    return not host or host == urlsplit(settings.PUBLIC_URL).hostname or validate_host(host, named)
