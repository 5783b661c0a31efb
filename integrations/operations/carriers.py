"""Which gateway carries the texts and the emails of a practice? (CHN-1)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from integrations.events import AccountMended, account_mended
from integrations.messaging.base import Gateway
from integrations.messaging.registry import gateway_kind
from integrations.models import GatewayAccount
from integrations.queries.accounts import CHANNEL_FIELDS, account_of, carrier_name, needs_account
from practices.events import PracticeChanged, practice_changed
from practices.models import Practice
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope

CHANNEL_WORDS: Final[Mapping[str, str]] = {"sms": "texts", "email": "emails"}


class CarrierRefused(ValueError):
    """Nothing was changed; the text says why and what to do."""


def choose_gateway(practice_id: UUID, channel: str, gateway_key: str, actor: Actor, now: datetime) -> bool:
    """Will have a gateway carry the texts ("sms") or emails ("email") of a practice; False where it does already.

    Raises:
        CarrierRefused: it does not carry them, no account is connected, or it is the outbox and the practice is live
            in production (CHN-1).
        UnknownGateway: there is no gateway of this key.
    """
    kind = carrier_kind(gateway_key, may_be_local=True)
    label = carrier_name(kind)
    if channel not in CHANNEL_FIELDS or channel not in kind.channels:
        raise CarrierRefused(f"{label} does not carry {CHANNEL_WORDS.get(channel, channel)}. Choose another.")
    with practice_scope(practice_id):
        practice = lock_practice(practice_id)
        if kind.capabilities.is_local:
            if settings.ENVIRONMENT.is_production and practice.status != Practice.Status.SETUP:
                raise CarrierRefused(
                    "The outbox keeps messages on this installation and sends none: a live practice needs a carrier."
                )
        elif needs_account(kind.key) and account_of(practice_id, kind.key) is None:
            raise CarrierRefused(f"{label} is not connected. Connect it first.")
        was = str(getattr(practice, CHANNEL_FIELDS[channel]))
        if was == kind.key:
            return False
        carry(practice, channel, kind.key, now)
        detail = {"channel": channel, "from": was, "to": kind.key}
        audit(practice_id, actor, "carrier_chosen", now, detail=detail)
        tell_mended(practice_id, kind.key, now)
    return True


def carrier_kind(gateway_key: str, *, may_be_local: bool = False) -> type[Gateway]:
    """Return the gateway of this key; its account is the caller's matter.

    Raises:
        CarrierRefused: it is local, and that will not do here.
        UnknownGateway: there is none.
    """
    kind = gateway_kind(gateway_key)
    if kind.capabilities.is_local and not may_be_local:
        raise CarrierRefused(f"{carrier_name(kind)} needs no account.")
    return kind


def lock_practice(practice_id: UUID) -> Practice:
    """Of two managers at once the one waits for the other. Without the key, as going live does."""
    return Practice.objects.select_for_update(no_key=True).get(pk=practice_id)


def carry(practice: Practice, channel: str, gateway_key: str, now: datetime) -> None:
    """Have a gateway carry a channel of a practice, whose row is locked."""
    field = CHANNEL_FIELDS[channel]
    setattr(practice, field, gateway_key)
    practice.save(update_fields=[field])
    event = PracticeChanged(practice.pk, frozenset({f"practice.{field}"}), now)
    practice_changed.send(sender=Practice, event=event)


def tell_mended(practice_id: UUID, gateway_key: str, now: datetime) -> None:
    """Tell that what waited for a carrier may leave (R26)."""
    account_mended.send(sender=GatewayAccount, event=AccountMended(practice_id, gateway_key, now))
