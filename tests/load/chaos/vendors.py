"""How are the stand-ins connected, troubled and counted from outside?"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import httpx

from integrations.operations.accounts import connect_account
from integrations.operations.carriers import choose_gateway
from practices.operations.auditing import Actor

# Of a hundred sends so many go wrong in each way; the rest of the storm comes on top.
TROUBLE = {
    "rate_limited": 0.02,
    "error_before": 0.01,
    "error_after": 0.01,
    "slow": 0.01,
    "cut_before": 0.02,
    "cut_after": 0.02,
    "cut_midway": 0.01,
    "garbage": 0.005,
}
CALLBACKS = {"duplicate": 0.2, "drop": 0.1, "reorder": 0.2, "delay": [0.0, 1.5]}
SENDS_PER_SECOND = 400.0
NOBODY = Actor()


@dataclass(frozen=True)
class Vendors:
    """The stand-ins at an address."""

    url: str

    def connect(self, practice_id: UUID, web_url: str, now: datetime) -> None:
        """Connect Twilio for texts and SendGrid for emails, as a manager would, and tell SendGrid where to call."""
        shown = self._get("/control/")["credentials"]
        twilio, sendgrid = shown["twilio"], shown["sendgrid"]
        texts = {
            "account_sid": twilio["Account SID"],
            "auth_token": twilio["Auth token"],
            "from_number": twilio["From number, any of"].partition(",")[0],
        }
        emails = {
            "api_key": sendgrid["API key"],
            "from_email": "hello@lakeview.example",
            "event_key": sendgrid["Verification key of events"],
        }
        connect_account(practice_id, "twilio_sms", texts, NOBODY, now, sends_per_second=SENDS_PER_SECOND)
        account_id = connect_account(
            practice_id, "sendgrid_email", emails, NOBODY, now, sends_per_second=SENDS_PER_SECOND
        )
        choose_gateway(practice_id, "sms", "twilio_sms", NOBODY, now)
        choose_gateway(practice_id, "email", "sendgrid_email", NOBODY, now)
        self._post("/control/account", vendor="sendgrid", event_url=event_url(web_url, account_id), flush_seconds=0.5)
        for vendor in ("twilio", "sendgrid"):
            self._post("/control/account", vendor=vendor, rate=2 * SENDS_PER_SECOND)

    def trouble(self, random: Random) -> None:
        """Let sends and callbacks go wrong from now on, drawn from the round's seed."""
        for vendor in ("twilio", "sendgrid"):
            self._post(
                "/control/faults",
                vendor=vendor,
                chances=TROUBLE,
                seed=random.randrange(2**32),
                seconds=1.0,
                retry_after=1.0,
            )
            self._post("/control/callbacks", vendor=vendor, seed=random.randrange(2**32), **CALLBACKS)

    def calm(self) -> None:
        """Nothing goes wrong from now on."""
        for vendor in ("twilio", "sendgrid"):
            self._post("/control/faults", vendor=vendor, clear=True)
            self._post("/control/callbacks", vendor=vendor)

    def accepted(self) -> Counter[str]:
        """How often something was accepted for each address."""
        return Counter(each["address"] for each in self._get("/control/accepted")["accepted"])

    def attempts(self) -> Counter[str]:
        """How often each attempt was accepted."""
        return Counter(each["attempt"] for each in self._get("/control/accepted")["accepted"])

    def _get(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(self.url + path, timeout=30).raise_for_status().json()
        return found

    def _post(self, path: str, **told: object) -> None:
        answer = httpx.post(self.url + path, json=told, timeout=30)
        if answer.status_code != 200:
            raise RuntimeError(f"The stand-ins refuse {path}: {answer.text}")


def event_url(web_url: str, account_id: UUID) -> str:
    """Return the address that a manager pastes into SendGrid's console."""
    from integrations.models import GatewayRoute

    route = GatewayRoute.objects.get(account_id=account_id)
    return f"{web_url}/webhooks/messaging/{route.pk}/"
