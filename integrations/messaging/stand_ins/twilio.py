"""How does Twilio answer? Programmable Messaging 2010-04-01, as far as medspa uses it (messaging.md 1)."""

import re
from collections.abc import Callable
from functools import partial
from typing import ClassVar
from uuid import uuid4

from integrations.messaging.stand_ins.calling import Call
from integrations.messaging.stand_ins.exchange import Json, NoRoute, Request, Response, find_route
from integrations.messaging.stand_ins.faults import Fault, Kind
from integrations.messaging.stand_ins.records import Kept
from integrations.messaging.stand_ins.twilio_account import Account, signed_in
from integrations.messaging.stand_ins.twilio_callbacks import inbound_call, status_call
from integrations.messaging.stand_ins.twilio_messages import FINAL, Message, Messages
from integrations.messaging.stand_ins.twilio_rules import (
    ANSWERS,
    DROPPED,
    ERRORS,
    LONGEST_BODY,
    MAGIC,
    Fate,
    Refusal,
    attempt_in,
    error_response,
    fate_by_number,
    is_callable,
    is_number,
    keyword_in,
    validity_in,
)
from integrations.messaging.stand_ins.vendor import Rate, Vendor

ROUTES = (
    ("GET", r"/2010-04-01/Accounts/(?P<account>\w+)\.json", "_account"),
    ("GET", r"/2010-04-01/Accounts/(?P<account>\w+)/IncomingPhoneNumbers\.json", "_numbers"),
    ("GET", r"/2010-04-01/Accounts/(?P<account>\w+)/Messages\.json", "_list"),
    ("POST", r"/2010-04-01/Accounts/(?P<account>\w+)/Messages\.json", "_create"),
    ("GET", r"/2010-04-01/Accounts/(?P<account>\w+)/Messages/(?P<sid>\w+)\.json", "_fetch"),
    ("POST", r"/2010-04-01/Accounts/(?P<account>\w+)/Messages/(?P<sid>\w+)\.json", "_update"),
    ("DELETE", r"/2010-04-01/Accounts/(?P<account>\w+)/Messages/(?P<sid>\w+)\.json", "_delete"),
    ("GET", r"/v1/Services/(?P<sid>\w+)", "_service"),
)
SENDING = re.compile(ROUTES[3][1])


class Twilio(Vendor):
    """Twilio, with its accounts, numbers, opt-outs and message log."""

    name: ClassVar[str] = "twilio"

    def reset(self) -> None:
        """One account, no messages, nobody opted out."""
        made_up = Account.made_up()
        with self.lock:
            self.account = made_up
            self.accounts = {made_up.sid: made_up}
            self.messages = Messages()
            self.fates: dict[str, Fate] = {}
            self.opted_out: set[tuple[str, str, str]] = set()
            """(account SID, number or service, client's number): 21610."""
            self.alerts: list[tuple[int, str, str]] = []
            """What Twilio's debugger would show: (code, words, message SID)."""
            self.answers_in_twiml: list[tuple[str, str]] = []
            """(client's number, text) that the application answered as TwiML; not sent on."""
            self.rate = Rate(None, 1)
            self.since = self.now()

    def own(self, number: str, inbound_url: str = "") -> None:
        """Let the account own a number; its texts are told at `inbound_url`."""
        with self.lock:
            self.account.numbers.add(number)
            if inbound_url:
                self.account.inbound_urls[number] = inbound_url

    def doom(self, number: str, code: int = 0, *, status: str = "undelivered", at_create: bool = False) -> None:
        """From now on texts to that number end so; code 0 with status "delivered": all is well again.

        Raises:
            ValueError: no code or status of Twilio's.
        """
        if code and code not in ERRORS:
            raise ValueError(f"Twilio has no code {code} here; there are: {', '.join(map(str, ERRORS))}.")
        if status not in ("delivered", "undelivered", "failed", "sent"):
            raise ValueError("A text ends delivered, undelivered, failed or, without a receipt, sent.")
        self.fates[number] = Fate(code, status, at_create)

    def is_sending(self, request: Request) -> bool:
        """Whether it creates a message."""
        return request.method == "POST" and SENDING.fullmatch(request.path) is not None

    def fail(self, fault: Fault) -> Response:
        """429 or 500 in Twilio's words."""
        code = 20429 if fault.kind is Kind.RATE_LIMITED else 20500
        return error_response(code, *ERRORS[code], retry_after=fault.retry_after)

    def carry_out(self, request: Request) -> Response:
        """Find the route, sign in, answer."""
        try:
            name, named = find_route(ROUTES, request)
            account = signed_in(request, self.accounts, named.pop("account", ""))
            answer: Callable[..., Response] = getattr(self, name)
            return answer(account, request, **named)
        except NoRoute as no_route:
            return Refusal(20004 if no_route.is_method else 20404, path=request.path).response()
        except Refusal as refusal:
            return refusal.response()

    def _account(self, account: Account, request: Request) -> Response:
        return Response.of_json(200, account.resource(self.since))

    def _numbers(self, account: Account, request: Request) -> Response:
        wanted = request.arguments.get("PhoneNumber", "")
        numbers = [number for number in sorted(account.numbers) if wanted in number]
        page = {
            "first_page_uri": f"{request.path}?PageSize=50&Page=0",
            "next_page_uri": None,
            "previous_page_uri": None,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(len(numbers) - 1, 0),
            "uri": f"{request.path}?PageSize=50&Page=0",
            "incoming_phone_numbers": [account.number_resource(number, self.since) for number in numbers],
        }
        return Response.of_json(200, page)

    def _service(self, account: Account, request: Request, sid: str) -> Response:
        if sid not in account.services:
            raise Refusal(20404, path=request.path)
        return Response.of_json(200, account.service_resource(sid, self.since))

    def _list(self, account: Account, request: Request) -> Response:
        with self.lock:
            return Response.of_json(200, self.messages.page(account.sid, request))

    def _found(self, account: Account, request: Request, sid: str) -> Message:
        message = self.messages.get(account.sid, sid)
        if message is None:
            raise Refusal(20404, path=request.path)
        return message

    def _fetch(self, account: Account, request: Request, sid: str) -> Response:
        return Response.of_json(200, self._found(account, request, sid).resource())

    def _update(self, account: Account, request: Request, sid: str) -> Response:
        message, status, body = self._found(account, request, sid), request.form.get("Status"), request.form.get("Body")
        with self.lock:
            if (status is None) == (body is None) or body or status not in (None, "canceled"):
                raise Refusal(30400)
            if body is not None:
                message.body = ""
            elif not message.move("canceled", 0, self.now()):
                raise Refusal(30409)
            message.updated_at = self.now()
            return Response.of_json(200, message.resource())

    def _delete(self, account: Account, request: Request, sid: str) -> Response:
        message = self._found(account, request, sid)
        with self.lock:
            if message.status not in FINAL:
                raise Refusal(20009)
            self.messages.remove(message)
        return Response(204)

    def _create(self, account: Account, request: Request) -> Response:
        form = request.form
        sender, service = form.get("From", ""), form.get("MessagingServiceSid", "")
        fate = self._refuse(account, form, sender, service)
        now = self.now()
        with self.lock:
            kept = self.records.keep(
                self.name,
                "outbound",
                f"SM{uuid4().hex}",
                form["To"],
                service or sender,
                form["Body"],
                now,
                attempt=attempt_in(form.get("StatusCallback", "")),
                status="accepted" if service else "queued",
            )
            kept.history.append(f"{kept.status} {now.isoformat()}")
            callback = form.get("StatusCallback") or account.status_callback
            message = Message(kept, account.sid, None if service else sender, service or None, callback, now)
            self.messages.add(message)
            response = Response.of_json(201, message.resource())
        self._send_on(account, message, fate)
        return response

    def _refuse(self, account: Account, form: dict[str, str], sender: str, service: str) -> Fate:
        """Refuse what Twilio refuses before it accepts; else say how the message will end."""
        to, url, body = form.get("To", ""), form.get("StatusCallback", ""), form.setdefault("Body", "")
        told = {"to": to, "sender": service or sender, "url": url}
        is_sender = service in account.services if service else sender in account.numbers
        checks = [
            (20005, account.status != "active"),
            (20429, not self.rate.take()),
            (21604, not to),
            (21603, not (sender or service)),
            (21211, not is_number(to)),
            (21703 if service else 21606, not is_sender),
            (21602, not (body or form.get("MediaUrl") or form.get("ContentSid"))),
            (21617, len(body) > LONGEST_BODY),
            (21609, bool(url) and not is_callable(url)),
            (21610, (account.sid, service or sender, to) in self.opted_out),
        ]
        for code, is_wrong in checks:
            if is_wrong:
                raise Refusal(code, **told)
        fate = self.fates.get(to) or fate_by_number(to)
        if fate.at_create and fate.code:
            raise Refusal(fate.code, **told)
        return DROPPED if account.queue_seconds > validity_in(form) else fate

    def _send_on(self, account: Account, message: Message, fate: Fate) -> None:
        on_the_way = ["queued", "sending", "sent"] if message.service else ["sending", "sent"]
        if fate.status == "failed":
            on_the_way.remove("sent")
        ends = [] if fate.status == "sent" else [fate.status]

        def step(status: str) -> Call | None:
            if message.sender is None:
                message.sender = min(account.numbers, default=None)
            code = fate.code if status in ends else 0
            with self.lock:
                moved = message.move(status, code, self.now())
            return status_call(self, account, message, status, code) if moved and message.callback else None

        self.callbacks.steps([partial(step, status) for status in [*on_the_way, *ends]])

    def write_back(self, address: str, to: str, text: str, subject: str = "") -> Kept:
        """A client texts one of our numbers: keywords are heeded, and the application is told.

        Raises:
            ValueError: no account owns that number or service.
        """
        account = next((each for each in self.accounts.values() if each.owns(to)), None)
        if account is None:
            raise ValueError(f"No account of the Twilio stand-in owns {to}.")
        number = to if to in account.numbers else min(account.numbers, default=to)
        now = self.now()
        with self.lock:
            kept = self.records.keep(
                self.name, "inbound", f"SM{uuid4().hex}", address, number, text, now, status="received"
            )
            self.messages.add(Message(kept, account.sid, None, to if to in account.services else None, "", now, now))
            keyword = keyword_in(text) if account.handles_stop else ""
            if keyword:
                self._heed(account, keyword, address, to)
        url = account.inbound_url_of(to)
        if url:
            self.callbacks.steps([lambda: inbound_call(self, account, kept, to, keyword, url)])
        return kept

    def _heed(self, account: Account, keyword: str, address: str, ours: str) -> None:
        blocked = (account.sid, ours, address)
        if keyword != "HELP":
            if (keyword == "STOP") == (blocked in self.opted_out):
                return
            (self.opted_out.add if keyword == "STOP" else self.opted_out.discard)(blocked)
        self.records.keep(self.name, "auto", "", address, ours, ANSWERS[keyword], self.now())

    def change(self, told: Json) -> None:
        """Change the first account, or the one of `sid`; a new one is added. `rate`: sends a second.

        Raises:
            ValueError: a field that an account has not.
        """
        told = dict(told)
        with self.lock:
            if "rate" in told:
                self.rate = Rate(told.pop("rate"), 1)
            sid = told.pop("sid", self.account.sid)
            account = self.accounts.get(sid) or Account(sid, "")
            account.change(told)
            self.accounts[sid] = account

    def shown(self) -> list[tuple[str, str]]:
        """What to type into medspa."""
        account = self.account
        ((key, secret),) = account.keys.items() or [("", "")]
        return [
            ("Account SID", account.sid),
            ("Auth token", account.auth_token),
            ("API key SID", key),
            ("API key secret", secret),
            ("From number, any of", ", ".join(sorted(account.numbers))),
            ("Messaging service SID", ", ".join(sorted(account.services))),
        ]

    def calls(self, name: str) -> str:
        """Where callbacks go."""
        return self.account.inbound_url

    def habits(self) -> list[tuple[str, str]]:
        """Numbers with a fate, in every area code."""
        return [(f"+1 312 990 {digits}", words) for digits, (_, words) in MAGIC.items()]
