"""How is Podium called, with an access token that is fetched when it is needed? (messaging.md 3)"""

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from typing import Any, Final

import httpx

from integrations.messaging.base import Credentials, NotSent
from integrations.messaging.calling import Call, gathered
from integrations.messaging.refusing import asked_to_wait
from integrations.messaging.trusting import trust

PODIUM: Final = "https://api.podium.com"
VERSION: Final = "2021.04.01"
TOKEN_URL: Final = r"https://(api|accounts)\.podium\.com/oauth/token"  # noqa: S105 - an address, no token
MOST_TOKENS: Final = 1000

_tokens: dict[str, str] = {}
"""Access tokens of this process, by a hash of the credentials that fetched them.

They last ten hours, but gateways know no clock: one is dropped when Podium refuses it, and fetched again.
"""
_tokens_lock: Final = threading.Lock()


class PodiumAccount:
    """Calls Podium with an account's credentials."""

    def __init__(self, credentials: Credentials, base_url: str) -> None:
        self._credentials = credentials
        self._base_url = base_url.rstrip("/")

    def post(self, call: Call, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Will post once with an access token; with a fresh one if the first was refused, which did nothing.

        Raises:
            NotSent: no access token was to be had.
            httpx.HTTPError: no answer.
        """
        answer = self._posted(call, path, body, self.token(call))
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            return answer
        call.took_nothing()
        self.forget_token()
        return self._posted(call, path, body, self.token(call))

    def locations(self, call: Call) -> set[str] | None:
        """The uids of the locations that the account may see; None: it may not list them, or there are very many.

        Raises:
            NotSent: no access token was to be had.
            httpx.HTTPError: no answer.
        """
        headers = self._headers(self.token(call))
        answer = _request(call, "GET", self._base_url + "/v4/locations?limit=100", None, headers, may_send=False)
        try:
            told = answer.json()
            uids = {str(each["uid"]).lower() for each in told["data"]}
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return uids if answer.status_code == httpx.codes.OK and len(uids) < 100 else None

    def token(self, call: Call) -> str:
        """The access token, fetched if there is none.

        Raises:
            NotSent: it was not to be had; `is_account` if Podium refused.
        """
        with _tokens_lock:
            known = _tokens.get(self._name())
        if known:
            return known
        token = self._fetched(call)
        with _tokens_lock:
            if len(_tokens) >= MOST_TOKENS:
                _tokens.clear()
            _tokens[self._name()] = token
        return token

    def forget_token(self) -> None:
        """The next call fetches a fresh one."""
        with _tokens_lock:
            _tokens.pop(self._name(), None)

    def _posted(self, call: Call, path: str, body: Mapping[str, Any], token: str) -> httpx.Response:
        return _request(call, "POST", self._base_url + path, body, self._headers(token), may_send=True)

    def _headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}", "podium-version": VERSION}

    def _fetched(self, call: Call) -> str:
        names = ("client_id", "client_secret", "refresh_token")
        body = {name: self._credentials.get(name, "") for name in names}
        if not all(body.values()):
            raise NotSent("The client’s id, its secret or the refresh token is missing.", is_account=True)
        try:
            told = {**body, "grant_type": "refresh_token"}
            answer = _request(call, "POST", self._token_url(), told, {}, may_send=False)
        except httpx.HTTPError:
            raise call.unreachable() from None
        if answer.status_code in {400, 401, 403, 404}:
            reason = "Podium does not accept the client’s secret or the refresh token."
            raise NotSent(reason, code=str(answer.status_code), is_account=True)
        if answer.status_code != httpx.codes.OK:
            raise NotSent("Podium gave no access token.", asked_to_wait(answer.headers), code=str(answer.status_code))
        try:
            token = answer.json()["access_token"]
        except (ValueError, KeyError, TypeError, RecursionError):
            token = None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise NotSent("Podium gave no access token.")
        return token

    def _token_url(self) -> str:
        """Podium's pages name two addresses. Nobody else's is called: the secrets would be theirs."""
        own = self._credentials.get("token_url", "")
        is_podiums = self._base_url == PODIUM and re.fullmatch(TOKEN_URL, own)
        return own if is_podiums else f"{self._base_url}/oauth/token"

    def _name(self) -> str:
        told = json.dumps([self._base_url, sorted(self._credentials.items())])
        return hashlib.sha256(told.encode()).hexdigest()


def _request(
    call: Call, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str], *, may_send: bool
) -> httpx.Response:
    streams: list[Any] = []

    def trace(event: str, told: Mapping[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            streams.append(told["return_value"])
        if event == "http11.send_request_headers.started":
            call.connected(streams[-1].get_extra_info("socket") if streams else None, may_send=may_send)

    with httpx.Client(timeout=call.seconds, follow_redirects=False, verify=trust("httpx")) as session:
        request = session.build_request(method, url, json=body, headers=dict(headers), extensions={"trace": trace})
        answer = session.send(request, stream=True)
        try:
            content = gathered(answer.iter_bytes())
        finally:
            answer.close()
    # Its body is decoded, and as long as it is.
    kept = [each for each in answer.headers.raw if each[0].lower() not in {b"content-encoding", b"content-length"}]
    return httpx.Response(answer.status_code, headers=kept, content=content)
