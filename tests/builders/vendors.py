"""How does a test talk to the stand-ins as the vendors' own SDKs do, and listen as an application would?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from sendgrid import SendGridAPIClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Request, Response
from integrations.messaging.stand_ins.http_server import HttpServer

PHONE, OTHER_PHONE, OURS = "+13125550142", "+13125550186", "+13125550100"
SECONDS = 10.0


class _Elsewhere(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own transport, to another base address."""

    def __init__(self, base: str, **more: Any) -> None:
        super().__init__(**more)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *arguments: Any, **more: Any) -> Any:
        asked = urlsplit(url)
        path = self.base.path + asked.path
        return super().request(
            method, urlunsplit((self.base.scheme, self.base.netloc, path, asked.query, "")), *arguments, **more
        )


@contextmanager
def twilio_session(stand_ins: StandIns, user: str = "", secret: str = "", **more: Any) -> Iterator[Client]:
    """The SDK, signed in with the stand-in's account, or with these."""
    account = stand_ins.twilio.account
    transport = _Elsewhere(stand_ins.url_of("twilio"), timeout=more.pop("timeout", SECONDS))
    try:
        yield Client(user or account.sid, secret or account.auth_token, account.sid, http_client=transport)
    finally:
        if transport.session is not None:
            transport.session.close()


def sendgrid_session(stand_ins: StandIns, key: str = "", timeout: float = SECONDS) -> SendGridAPIClient:
    """The SDK, signed in with the stand-in's account, or with this key."""
    session = SendGridAPIClient(key or stand_ins.sendgrid.account.api_key, host=stand_ins.url_of("sendgrid"))
    session.client.timeout = timeout
    return session


def a_mail(to: str = "dana@example.com", attempt: str = "", **more: Any) -> dict[str, Any]:
    """A mail as v3 mail/send takes it."""
    envelope: dict[str, Any] = {"to": [{"email": to}]}
    if attempt:
        envelope["custom_args"] = {"medspa_attempt": attempt}
    content = [{"type": "text/plain", "value": "Hi Dana"}, {"type": "text/html", "value": "<p>Hi Dana</p>"}]
    sender = {"email": "hello@lakeview.example", "name": "Lakeview"}
    return {"personalizations": [envelope], "from": sender, "subject": "Your visit", "content": content, **more}


class Listener:
    """An application that is called back: it keeps what it hears and answers `answers`, then `response`."""

    def __init__(self) -> None:
        self.heard: list[Request] = []
        self.response = Response(204)
        self.answers: list[Response] = []
        self._server = HttpServer("127.0.0.1", 0, self._answer)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def _answer(self, request: Request) -> Response:
        self.heard.append(request)
        return self.answers.pop(0) if self.answers else self.response

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *what: object) -> None:
        self._server.stop()
