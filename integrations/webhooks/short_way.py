"""How do webhooks get by what only browsers need?"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

PREFIX: Final = "/webhooks/"


class ShortWay:
    """Middleware that hands what programs post to its view at once.

    A program has no session, sign-in, cookies or content policy; preparing them cost more than storing an
    event. It stands behind Django's SecurityMiddleware, which insists on https, and before all others.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Call the view below /webhooks/; everything else goes the long way."""
        if request.path_info.startswith(PREFIX):
            try:
                view, args, kwargs = resolve(request.path_info)
            except Resolver404:
                return self._get_response(request)
            response: HttpResponse = view(request, *args, **kwargs)
            response["Content-Length"] = str(len(response.content))
            return response
        return self._get_response(request)
