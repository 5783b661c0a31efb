"""How does the Twilio SDK reach Twilio, or a stand-in, so that every call ends and nothing is followed or repeated?"""

from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from requests import PreparedRequest
from requests import Response as Answer
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from integrations.messaging.calling import PIECE, Call, gathered, watched
from integrations.messaging.trusting import trust

TWILIO: Final = "https://api.twilio.com"


class TwilioHttp(TwilioHttpClient):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's own client for one call: watched, one connection, no repeats, another base address if wanted.

    A connection is not kept for the next message: one that the vendor has closed meanwhile would leave that one
    in doubt.
    """

    def __init__(self, call: Call, base_url: str = TWILIO) -> None:
        """`base_url`: may have a path; it stands for all of Twilio's hosts."""
        super().__init__(timeout=call.seconds)
        self._base_url = base_url.rstrip("/")
        self.headers: dict[str, str] = {}
        """Of the last answer: the SDK's errors do not carry them."""
        self.status = 0
        """Of the last answer; 0: there is none. The SDK's newer errors repeat what the answer's body claims."""
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Adapter(call))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Make one request, wherever the base address is."""
        self.status = 0
        response = super().request(method, self._moved(url), *args, **kwargs)
        self.status = int(response.status_code)
        self.headers = dict(response.headers or {})
        return response

    def close(self) -> None:
        """Let go of the connection."""
        self.session.close()

    def _moved(self, url: str) -> str:
        if self._base_url == TWILIO:
            return url
        base, parts = urlsplit(self._base_url), urlsplit(url)
        return urlunsplit(parts._replace(scheme=base.scheme, netloc=base.netloc, path=base.path + parts.path))


class _Adapter(HTTPAdapter):
    """Watches every connection, through a proxy as well, and never repeats a request."""

    def __init__(self, call: Call) -> None:
        class Plain(HTTPConnectionPool):
            ConnectionCls = watched(HTTPConnection, call)

        class Secure(HTTPSConnectionPool):
            ConnectionCls = watched(HTTPSConnection, call)

        self._pools: dict[str, type[HTTPConnectionPool]] = {"http": Plain, "https": Secure}
        super().__init__(max_retries=0)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Answer:
        """As requests does it, with an end to what is read."""
        answer = super().send(request, *args, **kwargs)
        try:
            answer._content = gathered(answer.iter_content(PIECE))  # noqa: SLF001 - where requests keeps it
        except BaseException:
            answer.close()
            raise
        return answer

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests makes it, with watched connections."""
        super().init_poolmanager(*args, ssl_context=trust("urllib3"), **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        """The same for an installation behind a proxy."""
        manager: PoolManager = super().proxy_manager_for(proxy, ssl_context=trust("urllib3"), **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Always, by that trust alone: requests would read its authorities again for each connection."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None
