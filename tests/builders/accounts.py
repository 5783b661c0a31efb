"""An account of Lakeview's at Twilio's stand-in: how is it connected, and how does the vendor turn against it?"""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.credentials import hexadecimal
from integrations.models import GatewayAccount
from integrations.operations.accounts import connect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope

NOW = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
SID = "AC" + hexadecimal("twilio account", 32)
TOKEN = hexadecimal("twilio auth token", 32)
NUMBER = "+13125550100"
TWILIO: Mapping[str, str] = {"account_sid": SID, "auth_token": TOKEN, "from_number": NUMBER}
SENDGRID_KEY = "SG." + "k" * 40
SENDGRID: Mapping[str, str] = {"api_key": SENDGRID_KEY, "from_email": "hello@lakeview.example"}


def connected(practice: Practice, values: Mapping[str, str] = TWILIO, *, now: datetime = NOW) -> UUID:
    """The practice has an account of its own at Twilio."""
    return connect_account(practice.pk, "twilio_sms", values, Actor(), now)


def account(practice: Practice, account_id: UUID) -> GatewayAccount:
    """The row as it stands."""
    with practice_scope(practice.pk):
        return GatewayAccount.objects.get(pk=account_id)


def chosen(practice: Practice, **fields: str) -> None:
    """The practice's own row gets these values."""
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(**fields)


def closed(stand_ins: StandIns, *, is_open: bool = False) -> None:
    """Twilio changes the account's token: what was given does not work any more, or does again."""
    stand_ins.twilio.accounts[SID].auth_token = TOKEN if is_open else "f" * 32
