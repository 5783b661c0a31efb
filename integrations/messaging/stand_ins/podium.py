"""How does Podium answer? Its API 2021.04.01, as far as medspa uses it (messaging.md 3)."""

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final
from uuid import uuid4

from integrations.messaging.stand_ins.calling import Call
from integrations.messaging.stand_ins.exchange import Json, NoRoute, Request, Response, find_route
from integrations.messaging.stand_ins.faults import Fault, Kind
from integrations.messaging.stand_ins.podium_account import EVENTS, Account, Webhook, iso, signer
from integrations.messaging.stand_ins.podium_resources import (
    FAILURES,
    VERSION,
    Refusal,
    body_of,
    conversation_of,
    conversation_uid,
    given,
    message_of,
)
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.sendgrid_rules import is_email
from integrations.messaging.stand_ins.twilio_rules import MAGIC, fate_by_number, is_number
from integrations.messaging.stand_ins.vendor import Rate, Vendor

A_MINUTE: Final = 300
TRIES: Final = 15
UID: Final = r"[0-9a-f-]{36}"
ROUTES = (
    ("POST", r"/oauth/token", "_token"),
    ("POST", r"/v4/messages", "_send"),
    ("GET", rf"/v4/conversations/(?P<uid>{UID})/messages", "_messages"),
    ("GET", rf"/v4/conversations/(?P<uid>{UID})", "_conversation"),
    ("GET", r"/v4/conversations", "_conversations"),
    ("GET", r"/v4/locations", "_locations"),
    ("GET", r"/v4/webhooks", "_webhooks"),
    ("POST", r"/v4/webhooks", "_add_webhook"),
    ("DELETE", rf"/v4/webhooks/(?P<uid>{UID})", "_remove_webhook"),
)


class Podium(Vendor):
    """Podium, with its locations and conversations."""

    name: ClassVar[str] = "podium"

    def reset(self) -> None:
        """One account with one location; no conversations."""
        with self.lock:
            self.account = Account.made_up()
            self.rate = Rate(A_MINUTE, 60)

    def is_sending(self, request: Request) -> bool:
        """Whether it hands a message over."""
        return request.method == "POST" and request.path == "/v4/messages"

    def fail(self, fault: Fault) -> Response:
        """429 or 500 in Podium's words."""
        if fault.kind is Kind.RATE_LIMITED:
            return Refusal("rate_limit", "Too many requests.").response(fault.retry_after)
        return Refusal("internal_server_error", "Something went wrong.").response()

    def carry_out(self, request: Request) -> Response:
        """Find the route, look at the token, answer."""
        try:
            name, named = find_route(ROUTES, request)
            if name != "_token":
                self._let_in(request)
            answer: Callable[..., Response] = getattr(self, name)
            return answer(request, **named)
        except NoRoute:
            return Refusal("route_not_found", "no Route matched with those values").response()
        except Refusal as refusal:
            return refusal.response()

    def _let_in(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        ends = self.account.tokens.get(token.strip())
        if scheme.lower() != "bearer" or ends is None or ends <= self.now():
            raise Refusal("unauthenticated", "The request could not be authenticated.")
        if request.headers.get("podium-version", VERSION) != VERSION:
            raise Refusal("invalid_header_version", "There is no such version.")
        if not self.rate.take():
            raise Refusal("rate_limit", "Too many requests.")

    def _token(self, request: Request) -> Response:
        told = request.form if request.content_type == "application/x-www-form-urlencoded" else body_of(request)
        account = self.account
        if (told.get("client_id"), told.get("client_secret")) != (account.client_id, account.client_secret):
            return Response.of_json(401, {"error": "invalid_client", "error_description": "Unknown client."})
        if told.get("grant_type") != "refresh_token" or told.get("refresh_token") != account.refresh_token:
            return Response.of_json(400, {"error": "invalid_grant", "error_description": "The grant is invalid."})
        return Response.of_json(200, account.grant(self.now()))

    def revoke_tokens(self) -> None:
        """Every access token ends now."""
        self.account.tokens.clear()

    def _send(self, request: Request) -> Response:
        told = body_of(request)
        channel = told.get("channel")
        if not isinstance(told.get("body"), str) or not told["body"]:
            raise Refusal("invalid_request_values", "body is required.")
        if not isinstance(channel, dict) or channel.get("type") not in ("phone", "email"):
            raise Refusal("invalid_request_values", "channel.type is phone or email.")
        address = str(channel.get("identifier", ""))
        if not (is_number(address) if channel["type"] == "phone" else is_email(address)):
            raise Refusal("invalid_request_values", "channel.identifier must be an email address or a phone number.")
        if told.get("locationUid") not in self.account.locations:
            raise Refusal("resource_not_found", "The location could not be found.")
        fate = fate_by_number(address)
        with self.lock:
            kept = self.records.keep(
                self.name,
                "outbound",
                str(uuid4()),
                address,
                str(told["locationUid"]),
                told["body"],
                self.now(),
                subject=str(told.get("subject") or ""),
                from_name=str(told.get("senderName") or ""),
                status="sending",
            )
        kept.history.append(f"sending {iso(kept.at)}")
        response = given(message_of(kept, self.account.organization), request)
        if fate.code:
            kept.code = FAILURES.get(fate.code, "The message could not be delivered.")

        def end() -> None:
            kept.status = "failed" if fate.code else "sent"
            kept.history.append(f"{kept.status} {iso(self.now())}")

        self._tell(kept, "message.failed" if fate.code else "message.sent", end)
        return response

    def write_back(self, address: str, to: str, text: str, subject: str = "") -> Kept:
        """A client writes to one of our locations.

        Raises:
            ValueError: there is no such location.
        """
        if to not in self.account.locations:
            raise ValueError(f"The Podium stand-in has no location {to}.")
        kept = self.records.keep(
            self.name, "inbound", str(uuid4()), address, to, text, self.now(), subject=subject, status="received"
        )
        self._tell(kept, "message.received", lambda: None)
        return kept

    def _tell(self, kept: Kept, event: str, happen: Callable[[], None]) -> None:
        def step(webhook: Webhook) -> Call:
            body = {
                "data": message_of(kept, self.account.organization, is_webhook=True),
                "metadata": {"eventType": event, "eventUid": str(uuid4()), "version": VERSION},
            }
            return Call(
                vendor=self.name,
                what=event,
                url=webhook.url,
                body=json.dumps(body, separators=(",", ":")).encode(),
                content_type="application/json",
                sign=signer(webhook.secret, self.now),
                user_agent="Podium/webhooks",
                tries=TRIES,
            )

        webhooks = [each for each in self.account.webhooks.values() if event in each.events]
        self.callbacks.steps([happen, *(partial(step, webhook) for webhook in webhooks)])

    def _mine(self) -> list[Kept]:
        return sorted([*self.accepted, *self.received], key=lambda kept: kept.sequence, reverse=True)

    def _messages(self, request: Request, uid: str) -> Response:
        found = [kept for kept in self._mine() if conversation_uid(kept) == uid]
        if not found:
            raise Refusal("resource_not_found", "The conversation could not be found.")
        return self._paged(request, [message_of(kept, self.account.organization) for kept in found])

    def _conversations(self, request: Request) -> Response:
        rows = {conversation_uid(kept): conversation_of(kept) for kept in reversed(self._mine())}
        return self._paged(request, list(rows.values())[::-1])

    def _conversation(self, request: Request, uid: str) -> Response:
        for kept in self._mine():
            if conversation_uid(kept) == uid:
                return given(conversation_of(kept), request)
        raise Refusal("resource_not_found", "The conversation could not be found.")

    def _paged(self, request: Request, rows: list[Json]) -> Response:
        asked = request.arguments
        try:
            limit = int(asked.get("limit", 10))
            first = int(base64.urlsafe_b64decode(asked["cursor"])) if asked.get("cursor") else 0
        except ValueError as error:
            raise Refusal(
                "invalid_cursor" if asked.get("cursor") else "invalid_request_values", "Not a page."
            ) from error
        limit = min(max(limit, 1), 100)

        def cursor(place: int) -> str | None:
            is_there = 0 <= place < len(rows)
            return base64.urlsafe_b64encode(str(place).encode()).decode() if is_there else None

        more = {"nextCursor": cursor(first + limit), "previousCursor": cursor(first - limit), "totalItems": len(rows)}
        return given(rows[first : first + limit], request, more)

    def _locations(self, request: Request) -> Response:
        rows = [{"uid": uid, "organizationUid": self.account.organization} for uid in sorted(self.account.locations)]
        return self._paged(request, rows)

    def _webhooks(self, request: Request) -> Response:
        return self._paged(request, [each.resource(self.now()) for each in self.account.webhooks.values()])

    def _add_webhook(self, request: Request) -> Response:
        told = body_of(request)
        events = told.get("eventTypes")
        if not isinstance(told.get("url"), str) or not events or not set(events) <= set(EVENTS):
            raise Refusal("invalid_request_values", "url and eventTypes are required.")
        webhook = Webhook(
            told["url"], str(told.get("secret") or ""), tuple(events), location_uid=str(told.get("locationUid") or "")
        )
        self.account.webhooks[webhook.uid] = webhook
        return given(webhook.resource(self.now()), request)

    def _remove_webhook(self, request: Request, uid: str) -> Response:
        if self.account.webhooks.pop(uid, None) is None:
            raise Refusal("resource_not_found", "The webhook could not be found.")
        return Response(204)

    def change(self, told: Json) -> None:
        """Change the account. `rate`: requests a minute.

        Raises:
            ValueError: a field that an account has not.
        """
        told = dict(told)
        with self.lock:
            if "rate" in told:
                self.rate = Rate(told.pop("rate"), 60)
            self.account.change(told)

    def shown(self) -> list[tuple[str, str]]:
        """What to type into medspa."""
        account = self.account
        return [
            ("Client ID", account.client_id),
            ("Client secret", account.client_secret),
            ("Refresh token", account.refresh_token),
            ("Location UID", ", ".join(sorted(account.locations))),
            ("Webhook secret", account.webhook_secret),
        ]

    def calls(self, name: str) -> str:
        """Where callbacks go."""
        return next((each.url for each in self.account.webhooks.values()), "")

    def habits(self) -> list[tuple[str, str]]:
        """Numbers with a fate: those of Twilio fail here too."""
        return [("+1 312 990 0001", MAGIC["0001"][1].partition(":")[0] + ": message.failed")]
