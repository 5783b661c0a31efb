"""How does the SendGrid SDK reach SendGrid, or a stand-in, so that every call ends and nothing is followed?"""

from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from python_http_client import Client
from python_http_client.exceptions import handle_error
from sendgrid import SendGridAPIClient

from integrations.messaging.calling import PIECE, Call, gathered, watched
from integrations.messaging.trusting import trust


def session_of(call: Call, api_key: str, base_url: str) -> SendGridAPIClient:
    """The SDK, for one call."""
    session = SendGridAPIClient(api_key, host=base_url.rstrip("/"))
    session.client = _Http(call, host=session.host, request_headers=session.client.request_headers, version=3)
    return session


class _Http(Client):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's own client, with the two methods that it has for this replaced."""

    def __init__(self, call: Call, **given: Any) -> None:
        super().__init__(timeout=call.seconds, **given)
        self._call = call

    def _build_client(self, name: str | None = None) -> "_Http":
        return _Http(
            self._call,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            append_slash=self.append_slash,
        )

    def _make_request(self, opener: OpenerDirector, request: Request, timeout: float | None = None) -> HTTPResponse:
        watching = build_opener(_Unfollowed, _Plain(self._call), _Secure(self._call))
        try:
            response: HTTPResponse = watching.open(request, timeout=self.timeout)  # the address is the operator's
        except HTTPError as error:
            with error:
                raise handle_error(error) from None
        return response


class _Unfollowed(HTTPRedirectHandler):
    """What was posted is not to be asked for elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """No request follows."""


class _Bounded(HTTPResponse):
    """An answer with an end: the SDK reads it whole."""

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        try:
            return gathered(iter(lambda: super(_Bounded, self).read(PIECE), b""))
        except BaseException:
            self.close()
            raise


class _PlainConnection(HTTPConnection):
    response_class = _Bounded


class _SecureConnection(HTTPSConnection):
    response_class = _Bounded


class _Plain(HTTPHandler):
    def __init__(self, call: Call) -> None:
        super().__init__()
        self._kind = watched(_PlainConnection, call)

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._kind, req)


class _Secure(HTTPSHandler):
    def __init__(self, call: Call) -> None:
        super().__init__()
        self._kind = watched(_SecureConnection, call)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._kind, req, context=trust("urllib"))
