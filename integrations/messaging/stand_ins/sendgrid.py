"""How does SendGrid answer? v3 mail/send, its webhooks and lists, as far as medspa uses them (messaging.md 2)."""

import gzip
import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from integrations.messaging.stand_ins.credentials import letters
from integrations.messaging.stand_ins.exchange import Json, NoRoute, Request, Response, find_route
from integrations.messaging.stand_ins.faults import Fault, Kind
from integrations.messaging.stand_ins.inbound_parse import parse_call
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.sendgrid_account import LISTS, Account
from integrations.messaging.stand_ins.sendgrid_events import MAGIC, event_of, events_call, what_happens
from integrations.messaging.stand_ins.sendgrid_resources import activity_of, webhook_of
from integrations.messaging.stand_ins.sendgrid_rules import LARGEST_MAIL, TOO_LARGE, Wrong, check, errors, recipients
from integrations.messaging.stand_ins.vendor import Rate, Vendor

ROUTES = (
    ("POST", r"/v3/mail/send", "_send"),
    ("GET", r"/v3/scopes", "_scopes"),
    ("GET", r"/v3/user/webhooks/event/settings/all", "_webhooks"),
    ("GET", r"/v3/user/webhooks/event/settings/signed(?:/(?P<webhook>[\w-]+))?", "_public_key"),
    ("GET", r"/v3/user/webhooks/event/settings(?:/(?P<webhook>[\w-]+))?", "_webhook"),
    ("GET", r"/v3/messages", "_activity"),
    ("GET", rf"/v3/suppression/(?P<name>{'|'.join(LISTS)})(?:/(?P<email>[^/]+))?", "_listed"),
    ("DELETE", rf"/v3/suppression/(?P<name>{'|'.join(LISTS)})/(?P<email>[^/]+)", "_unlist"),
    ("GET", r"/v3/asm/suppressions/global/(?P<email>[^/]+)", "_global"),
    ("DELETE", r"/v3/asm/suppressions/global/(?P<email>[^/]+)", "_unlist"),
)
FLUSH_SECONDS = 0.2
"""SendGrid's own is 30 s; batches are formed in the same way."""
CLAUSE = re.compile(r'(to_email|subject|from_email|status)\s*=\s*"([^"]*)"')
ARGUMENT = re.compile(r"""unique_args\['medspa_attempt'\]\s*=\s*"([^"]*)\"""")
REFERENCE = "medspa_attempt"
"""The custom argument by which accepted mails are counted."""


class SendGrid(Vendor):
    """SendGrid, with its accounts, lists and activity."""

    name: ClassVar[str] = "sendgrid"

    def reset(self) -> None:
        """One account, nobody on a list."""
        made_up = Account.made_up()
        with self.lock:
            self.account = made_up
            self.accounts = {made_up.api_key: made_up}
            self.rate = Rate(None, 1)
            self.flush_seconds = FLUSH_SECONDS
            self._batches: dict[str, list[Json]] = {}
            self._arguments: dict[int, tuple[Account, Json]] = {}

    def is_sending(self, request: Request) -> bool:
        """Whether it hands a mail over."""
        return request.method == "POST" and request.path == "/v3/mail/send"

    def fail(self, fault: Fault) -> Response:
        """429 or 500 in SendGrid's words."""
        if fault.kind is Kind.RATE_LIMITED:
            return self._too_many(fault.retry_after)
        return errors(500, ("internal server error", None))

    def _too_many(self, seconds: float | None) -> Response:
        headers = self._limits() or {"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "0"}
        reset = int(self.now().timestamp() + (self.rate.wait() if seconds is None else seconds)) + 1
        headers["X-RateLimit-Reset"] = str(reset)
        if seconds is not None:
            headers["Retry-After"] = f"{seconds:g}"
        return errors(429, ("too many requests", None), headers=headers)

    def _limits(self) -> dict[str, str]:
        if self.rate.most is None:
            return {}
        reset = int(self.now().timestamp() + self.rate.seconds)
        return {
            "X-RateLimit-Limit": str(self.rate.most),
            "X-RateLimit-Remaining": str(self.rate.left()),
            "X-RateLimit-Reset": str(reset),
        }

    def carry_out(self, request: Request) -> Response:
        """Sign in, find the route, answer."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        account = self.accounts.get(key.strip()) if scheme.lower() == "bearer" else None
        if account is None:
            return errors(401, ("The provided authorization grant is invalid, expired, or revoked", None))
        try:
            name, named = find_route(ROUTES, request)
        except NoRoute as no_route:
            return errors(405, ("method not allowed", None)) if no_route.is_method else errors(404, ("not found", None))
        answer: Callable[..., Response] = getattr(self, name)
        return answer(account, request, **named)

    def _send(self, account: Account, request: Request) -> Response:
        if "mail.send" not in account.scopes:
            return errors(403, ("access forbidden", None))
        if not self.rate.take():
            return self._too_many(None)
        if len(request.body) > LARGEST_MAIL:
            return Response(413, TOO_LARGE, {"Content-Type": "text/html"})
        try:
            packed = request.headers.get("content-encoding", "") == "gzip"
            mail = Request(request.method, "", "", {}, gzip.decompress(request.body) if packed else request.body).json()
            check(mail)
        except Wrong as wrong:
            return errors(400, (wrong.words, wrong.field), headers=self._limits())
        except (ValueError, OSError, EOFError):
            return errors(400, ("Bad Request", None), headers=self._limits())
        if not account.may_send_from(mail["from"]["email"]):
            return errors(403, ("The from address does not match a verified Sender Identity.", "from"))
        if mail.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return Response(200, b"", self._limits())
        message_id = letters(uuid4().hex, 22)
        for envelope in mail["personalizations"]:
            for address in recipients(envelope):
                self._take(account, mail, envelope, address, message_id)
        return Response(202, b"", {"X-Message-Id": message_id, **self._limits()})

    def _take(self, account: Account, mail: Json, envelope: Json, address: str, message_id: str) -> None:
        parts = {part["type"]: part["value"] for part in mail.get("content") or []}
        arguments = {**mail.get("custom_args", {}), **envelope.get("custom_args", {})}
        with self.lock:
            kept = self.records.keep(
                self.name,
                "outbound",
                message_id,
                address,
                mail["from"]["email"],
                parts.get("text/plain", ""),
                self.now(),
                attempt=arguments.get(REFERENCE, ""),
                subject=envelope.get("subject") or mail.get("subject", ""),
                html=parts.get("text/html", ""),
                from_name=(envelope.get("from") or mail["from"]).get("name", ""),
                reply_to=(mail.get("reply_to") or {}).get("email", ""),
                status="accepted",
            )
            kept.headers.update(mail.get("headers", {}), **envelope.get("headers", {}))
            self._arguments[kept.sequence] = (account, arguments)
            reason = account.drop_reason(address, mail.get("mail_settings", {}))
        self._tell(account, kept, arguments, ("dropped",) if reason else what_happens(address), reason)

    def _tell(self, account: Account, kept: Kept, arguments: Json, whats: tuple[str, ...], reason: str = "") -> None:
        """Bring things about one after the other; their events wait for the next batch."""

        def step(what: str) -> None:
            with self.lock:
                event = event_of(self, account, kept, arguments, what, reason)
                if not account.event_url:
                    return
                batch = self._batches.setdefault(account.api_key, [])
                batch.append(event)
            if len(batch) == 1:
                self.callbacks.steps([lambda: self._flush(account)], after=self.flush_seconds)

        self.callbacks.steps([partial(step, what) for what in whats])

    def _flush(self, account: Account) -> Any:
        with self.lock:
            batch = self._batches.pop(account.api_key, [])
        return events_call(self, account, batch) if batch and account.event_url else None

    def report_spam(self, kept: Kept) -> None:
        """The owner of the mailbox marks a mail as spam."""
        account, arguments = self._arguments[kept.sequence]
        self._tell(account, kept, arguments, ("spamreport",))

    def write_back(self, address: str, to: str, text: str, subject: str = "", html: str = "") -> Kept:
        """A client writes to one of our addresses; Inbound Parse tells it.

        Raises:
            ValueError: no account parses mails to that address.
        """
        domain = to.rpartition("@")[2]
        account = next(
            (each for each in self.accounts.values() if each.parse_url and each.parse_domain in ("", domain)), None
        )
        if account is None:
            raise ValueError(f"No account of the SendGrid stand-in parses mails to {to}: set its parse_url.")
        own_id = f"<{uuid4().hex}@{address.rpartition('@')[2]}>"
        kept = self.records.keep(
            self.name, "inbound", own_id, address, to, text, self.now(), subject=subject, html=html, status="received"
        )
        self.callbacks.steps([lambda: parse_call(self, account, kept, html)])
        return kept

    def _scopes(self, account: Account, request: Request) -> Response:
        return Response.of_json(200, {"scopes": list(account.scopes)}, self._limits())

    def _public_key(self, account: Account, request: Request, webhook: str | None) -> Response:
        if webhook not in (None, account.webhook_id):
            return errors(404, ("Invalid id provided.", None))
        return Response.of_json(200, {"id": webhook or "", "public_key": account.event_public_key}, self._limits())

    def _webhook(self, account: Account, request: Request, webhook: str | None) -> Response:
        if webhook not in (None, account.webhook_id):
            return errors(404, ("Invalid id provided.", None))
        return Response.of_json(200, webhook_of(account), self._limits())

    def _webhooks(self, account: Account, request: Request) -> Response:
        return Response.of_json(200, {"max_allowed": 5, "webhooks": [webhook_of(account)]}, self._limits())

    def _activity(self, account: Account, request: Request) -> Response:
        if not account.has_activity_log:
            return errors(403, ("access forbidden", None))
        limit = request.arguments.get("limit", "10")
        query = request.arguments.get("query", "")
        clauses, attempts = CLAUSE.findall(query), ARGUMENT.findall(query)
        found = [
            row
            for kept in reversed(self.accepted)
            if all(kept.attempt == attempt for attempt in attempts)
            and all(row[name] == value for row in [activity_of(kept)] for name, value in clauses)
            for row in [activity_of(kept)]
        ]
        return Response.of_json(200, {"messages": found[: int(limit) if limit.isdigit() else 10]}, self._limits())

    def _listed(self, account: Account, request: Request, name: str, email: str | None) -> Response:
        wanted = (email or request.arguments.get("email", "")).lower()
        rows = [row for address, row in sorted(account.lists[name].items()) if wanted in ("", address)]
        return Response.of_json(200, rows, self._limits())

    def _global(self, account: Account, request: Request, email: str) -> Response:
        listed = account.lists["unsubscribes"].get(email.lower())
        return Response.of_json(200, {"recipient_email": listed["email"]} if listed else {}, self._limits())

    def _unlist(self, account: Account, request: Request, email: str, name: str = "unsubscribes") -> Response:
        with self.lock:
            return Response(204 if account.lists[name].pop(email.lower(), None) else 404)

    def change(self, told: Json) -> None:
        """Change the first account, or the one of `api_key`; a new one is added. `rate`: mails a second.

        Raises:
            ValueError: a field that an account has not.
        """
        told = dict(told)
        with self.lock:
            if "rate" in told:
                self.rate = Rate(told.pop("rate"), 1)
            if "flush_seconds" in told:
                self.flush_seconds = float(told.pop("flush_seconds"))
            key = told.pop("api_key", self.account.api_key)
            account = self.accounts.get(key) or Account(key)
            account.change(told)
            self.accounts[key] = account

    def shown(self) -> list[tuple[str, str]]:
        """What to type into medspa."""
        return [
            ("API key", self.account.api_key),
            ("From address", "any, such as hello@lakeview.example"),
            ("Verification key of events", self.account.event_public_key),
            ("Verification key of replies", self.account.parse_public_key),
        ]

    def calls(self, name: str) -> str:
        """Where callbacks go."""
        return {"event_url": self.account.event_url, "parse_url": self.account.parse_url}[name]

    def habits(self) -> list[tuple[str, str]]:
        """Mailboxes with a fate, at every domain."""
        return [(f"{local}@example.com", words) for local, (_, words) in MAGIC.items()]
