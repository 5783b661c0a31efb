"""Who is due at Lakeview right now, and how do its messages leave through the stand-ins of Twilio and SendGrid?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from clients.models import Client
from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.records import Kept
from integrations.models import GatewayRoute
from integrations.operations.accounts import connect_account
from integrations.operations.applying_callbacks import apply_callbacks
from integrations.queries.accounts import callback_url
from integrations.queries.callback_routes import forget_callback_routes
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.operations.answering import send_answers
from reminders.operations.sweeping import sweep
from tests.builders.reminders import planned
from tests.builders.story import NOW, client, treated

OURS: Final = "+13125550100"
"""The practice's number at Twilio."""
FROM: Final = "hello@lakeview.example"
REPLIES: Final = "answers@reply.lakeview.example"
TEN_WEEKS_AGO: Final = date(2026, 9, 15)
"""Of the story's today: the first reminder of Botox is due this morning."""
SENDS_A_SECOND: Final = 100.0
A_MOMENT: Final = timedelta(seconds=30)


class Moving(Protocol):
    """A clock that a test moves on."""

    now: datetime

    def __call__(self) -> datetime:
        """What time it is."""


@contextmanager
def running(settings: Any, public_url: str, clock: Callable[[], datetime]) -> Iterator[StandIns]:
    """The stand-ins on a port of their own, where medspa looks for the vendors; they call back at `public_url`."""
    with StandIns(now=clock) as stand_ins:
        settings.PUBLIC_URL = public_url
        settings.GATEWAY_URLS = {
            "twilio_sms": stand_ins.url_of("twilio"),
            "sendgrid_email": stand_ins.url_of("sendgrid"),
        }
        forget_callback_routes()
        yield stand_ins


def twilio_values(stand_ins: StandIns) -> dict[str, str]:
    """What a manager types into the form for Twilio."""
    account = stand_ins.twilio.account
    return {"account_sid": account.sid, "auth_token": account.auth_token, "from_number": OURS}


def sendgrid_values(stand_ins: StandIns) -> dict[str, str]:
    """What a manager types into the form for SendGrid."""
    account = stand_ins.sendgrid.account
    return {
        "api_key": account.api_key,
        "from_email": FROM,
        "event_key": account.event_public_key,
        "reply_address": REPLIES,
        "parse_key": account.parse_public_key,
    }


def carried(practice: Practice, stand_ins: StandIns) -> None:
    """Both accounts are connected and chosen, and both vendors know where to call back."""
    account, mail = stand_ins.twilio.account, stand_ins.sendgrid.account
    account.inbound_url = connected(practice, "twilio_sms", twilio_values(stand_ins))
    mail.event_url = mail.parse_url = connected(practice, "sendgrid_email", sendgrid_values(stand_ins))
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(sms_gateway="twilio_sms", email_gateway="sendgrid_email")


def connected(practice: Practice, gateway: str, values: dict[str, str]) -> str:
    """An account of the practice's own; returns the address at which the vendor calls back."""
    account_id = connect_account(
        practice.pk, gateway, values, Actor(), NOW - timedelta(days=1), sends_per_second=SENDS_A_SECOND
    )
    return callback_url(GatewayRoute.objects.get(account_id=account_id).pk)


def due(
    practice: Practice, name: str, number: int, *, phone: str = "", has_email: bool = True, **more: object
) -> Client:
    """A client of this name who got Botox ten weeks ago; her phone ends with the number, unless another is given."""
    first, _, last = name.partition(" ")
    row = client(practice, first, last, number, **more)
    row.phone, row.email = phone or row.phone, row.email if has_email else ""
    with practice_scope(practice.pk):
        row.save(update_fields=["phone", "email"])
    treated(row, "botox", TEN_WEEKS_AGO)
    planned(practice, [row.pk], NOW)
    return row


def heard(stand_ins: StandIns, now: datetime) -> None:
    """The vendors have called back about everything, and a worker has applied it."""
    assert stand_ins.settle(), "the stand-ins still had to call back"
    apply_callbacks(now)


def leave(stand_ins: StandIns, time: Moving) -> None:
    """The clock ticks: what is due leaves, and the vendors tell what became of it."""
    time.now += A_MOMENT
    sweep(time)
    heard(stand_ins, time.now)


def write(stand_ins: StandIns, time: Moving, sender: str, words: str) -> None:
    """A client texts back; a worker applies it and lets answers leave."""
    time.now += A_MOMENT
    stand_ins.twilio.write_back(sender, OURS, words)
    heard(stand_ins, time.now)
    send_answers(time)
    heard(stand_ins, time.now)


def got(stand_ins: StandIns, address: str) -> list[Kept]:
    """What an address was sent by us, in the order of acceptance."""
    return [each for each in stand_ins.records.all() if each.address == address]


def confirmed_by_vendor(stand_ins: StandIns, address: str) -> list[str]:
    """What the vendor answered an address by itself."""
    return [each.text for each in stand_ins.records.all(direction="auto") if each.address == address]
