"""How are the stand-ins programmed and counted from another process? JSON over HTTP below /control/."""

from collections.abc import Callable, Mapping

from integrations.messaging.stand_ins.exchange import Json, Request, Response
from integrations.messaging.stand_ins.faults import Fault
from integrations.messaging.stand_ins.records import Kept, Records
from integrations.messaging.stand_ins.twilio import Twilio
from integrations.messaging.stand_ins.vendor import Vendor

MOST_LISTED = 100_000


class Control:
    """The control API. Every POST takes and every answer is JSON; what is wrong is said with 400."""

    def __init__(self, vendors: Mapping[str, Vendor], records: Records) -> None:
        self._vendors = vendors
        self._records = records
        self._routes: dict[tuple[str, str], Callable[[Json], Json]] = {
            ("GET", "/"): self._overview,
            ("GET", "/accepted"): self._accepted,
            ("GET", "/counts"): self._counts,
            ("GET", "/faults"): self._planned,
            ("GET", "/alerts"): self._alerts,
            ("GET", "/callbacks"): self._called,
            ("POST", "/faults"): self._plan,
            ("POST", "/callbacks"): self._plan_callbacks,
            ("POST", "/numbers"): self._doom,
            ("POST", "/account"): self._account,
            ("POST", "/inbound"): self._inbound,
            ("POST", "/settle"): self._settle,
            ("POST", "/reset"): self._reset,
        }

    def answer(self, request: Request) -> Response:
        """Do what is asked."""
        do = self._routes.get((request.method, request.path.rstrip("/") or "/"))
        if do is None:
            return Response.of_json(404, {"error": "There is no such thing.", "there_are": self._names()})
        try:
            return Response.of_json(200, do(request.arguments if request.method == "GET" else _told(request)))
        except (ValueError, TypeError, KeyError) as error:
            return Response.of_json(400, {"error": f"{type(error).__name__}: {error}"})

    def reset(self) -> None:
        """Forget everything, as at the start."""
        for vendor in self._vendors.values():
            vendor.forget()
        self._records.clear()

    def _reset(self, told: Json) -> Json:
        self.reset()
        return {"reset": True}

    def _names(self) -> list[str]:
        return [f"{method} /control{path}" for method, path in self._routes]

    def _vendor(self, told: Json) -> Vendor:
        try:
            return self._vendors[told.get("vendor", "")]
        except KeyError as error:
            raise ValueError(f'"vendor" is one of {", ".join(self._vendors)}.') from error

    def _wanted(self, told: Json) -> list[Kept]:
        """The accepted messages that a query names: vendor, to, attempt, text, since (a sequence number)."""
        since = int(told.get("since", 0))
        named = [("address", told.get("to")), ("attempt", told.get("attempt")), ("text", told.get("text"))]
        kept = self._records.all(told.get("vendor", ""))
        return [
            each
            for each in kept
            if each.sequence > since and all(value in (None, getattr(each, name)) for name, value in named)
        ]

    def _overview(self, told: Json) -> Json:
        shown = {name: dict(vendor.shown()) for name, vendor in self._vendors.items()}
        return {"routes": self._names(), "credentials": shown, "accepted": len(self._records.all())}

    def _accepted(self, told: Json) -> Json:
        found = self._wanted(told)
        limit = int(told.get("limit", MOST_LISTED))
        return {"count": len(found), "accepted": [each.told() for each in found[:limit]]}

    def _counts(self, told: Json) -> Json:
        """How often each attempt and each text to each address was accepted; only the repeated ones are listed."""
        vendor = told.get("vendor", "")
        by_text, by_attempt = self._records.by_text(vendor), self._records.by_attempt(vendor)
        repeated = [{"to": to, "text": text, "times": n} for (to, text), n in by_text.items() if n > 1]
        return {
            "accepted": by_text.total(),
            "by_vendor": {name: len(each.accepted) for name, each in self._vendors.items()},
            "texts": len(by_text),
            "attempts": len(by_attempt),
            "repeated_texts": repeated,
            "repeated_attempts": {attempt: times for attempt, times in by_attempt.items() if times > 1},
        }

    def _planned(self, told: Json) -> Json:
        return {
            name: {"faults": each.faults.told(), "callbacks": each.callbacks.told()}
            for name, each in self._vendors.items()
        }

    def _plan(self, told: Json) -> Json:
        """`queue`: faults for the next requests; `chances`: for all sends to come, drawn from `seed`; `clear`."""
        vendor = self._vendor(told)
        queue = [(Fault.of(each), int(each.get("times", 1))) for each in told.get("queue", [])]
        if told.get("clear"):
            vendor.faults.clear()
        if "chances" in told:
            more = {name: told[name] for name in ("seed", "seconds", "retry_after") if name in told}
            vendor.faults.chance(told["chances"], **more)
        for fault, times in queue:
            vendor.faults.add(
                fault.kind, times=times, seconds=fault.seconds, retry_after=fault.retry_after, on=fault.on
            )
        return vendor.faults.told()

    def _plan_callbacks(self, told: Json) -> Json:
        """`duplicate`, `drop`, `reorder`: chances; `delay`: two numbers of seconds; `hold`; `seed`."""
        vendor = self._vendor(told)
        vendor.callbacks.plan_from(told)
        return vendor.callbacks.told()

    def _called(self, told: Json) -> Json:
        made = [call for name in self._chosen(told) for call in tuple(self._vendors[name].callbacks.made)]
        waiting = {name: self._vendors[name].callbacks.told()["waiting"] for name in self._chosen(told)}
        listed = [
            {
                "vendor": call.vendor,
                "what": call.what,
                "url": call.url,
                "body": call.body.decode("utf-8", "replace"),
                "answers": [{"status": each.status, "trouble": each.trouble} for each in call.answers],
            }
            for call in made
        ]
        return {"waiting": waiting, "made": listed}

    def _chosen(self, told: Json) -> list[str]:
        return [self._vendor(told).name] if told.get("vendor") else list(self._vendors)

    def _twilio(self) -> Twilio:
        twilio = self._vendors["twilio"]
        if not isinstance(twilio, Twilio):
            raise TypeError("There is no Twilio here.")
        return twilio

    def _alerts(self, told: Json) -> Json:
        twilio = self._twilio()
        alerts = [{"code": code, "words": words, "sid": sid} for code, words, sid in twilio.alerts]
        return {"alerts": alerts, "answers_in_twiml": [list(each) for each in twilio.answers_in_twiml]}

    def _doom(self, told: Json) -> Json:
        """`number`, and how texts to it end: `code`, `status`, `at_create`."""
        fate: Json = {name: told[name] for name in ("code", "status", "at_create") if name in told}
        self._twilio().doom(str(told["number"]), **fate)
        return {"number": told["number"], **fate}

    def _account(self, told: Json) -> Json:
        vendor = self._vendor(told)
        vendor.change({name: value for name, value in told.items() if name != "vendor"})
        return {"credentials": dict(vendor.shown())}

    def _inbound(self, told: Json) -> Json:
        """`from`: the client; `to`: our number, address or location; `text`; of a mail also `subject`."""
        kept = self._vendor(told).write_back(told["from"], told["to"], told["text"], told.get("subject", ""))
        return kept.told()

    def _settle(self, told: Json) -> Json:
        seconds = float(told.get("seconds", 10))
        return {"settled": all(self._vendors[name].callbacks.settle(seconds) for name in self._chosen(told))}


def _told(request: Request) -> Json:
    told = request.json() if request.body else {}
    if not isinstance(told, dict):
        raise ValueError("The body is a JSON object.")  # noqa: TRY004 - one kind of error for all bad input
    return told
