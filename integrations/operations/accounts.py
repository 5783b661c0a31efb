"""How does a practice connect an account at a gateway, change it and leave it? (CHN-1)"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q
from uuid6 import uuid7

from integrations.messaging.base import NO_CREDENTIALS, Credentials, Gateway
from integrations.messaging.outbox import Outbox
from integrations.models import GatewayAccount, GatewayRoute, SenderRoute
from integrations.operations.carriers import (
    CHANNEL_WORDS,
    CarrierRefused,
    carrier_kind,
    carry,
    lock_practice,
    tell_mended,
)
from integrations.operations.credentials import (
    checked_credentials,
    checked_rate,
    sealed,
    senders,
    shown,
)
from integrations.queries.accounts import CHANNEL_FIELDS, carrier_name, own_credentials
from integrations.queries.sharing_senders import taken_senders
from practices.models import Practice
from practices.operations.auditing import Actor, audit
from practices.operations.encryption import NotDecryptable
from practices.operations.rows import insert_rows
from practices.operations.settings import SettingsRefused
from practices.tenancy import practice_scope


def connect_account(
    practice_id: UUID,
    gateway_key: str,
    values: Mapping[str, str],
    actor: Actor,
    now: datetime,
    *,
    use_operators: bool = False,
    sends_per_second: float | None = None,
) -> UUID:
    """Will connect an account of the practice, or the operator's with what the practice has of its own there.

    It takes the place of one that is connected already; that one sends nothing more, and what still comes back about
    its messages is taken until the practice disconnects the gateway. Returns the account's id.

    Raises:
        SettingsRefused: a field cannot be right; says of each what to do.
        CarrierRefused: the gateway needs no account, or the operator has none there.
        UnknownGateway: there is no gateway of this key.
    """
    kind = carrier_kind(gateway_key)
    beneath = _operators(kind) if use_operators else NO_CREDENTIALS
    kept = checked_credentials(kind, values, beneath=beneath, is_operators=use_operators)
    rate = None if use_operators else checked_rate(sends_per_second)
    account_id = uuid7()
    with practice_scope(practice_id):
        lock_practice(practice_id)
        _refuse_taken(kind, practice_id, kept, is_operators=use_operators)
        GatewayAccount.objects.filter(practice_id=practice_id, gateway=kind.key, is_active=True).update(
            is_active=False, changed_at=now, failing_since=None, trouble="", trouble_code=""
        )
        GatewayAccount.objects.create(
            id=account_id,
            practice_id=practice_id,
            gateway=kind.key,
            is_operators=use_operators,
            credentials=sealed(kept),
            shown=shown(kind, kept),
            sends_per_second=rate,
            created_at=now,
            changed_at=now,
        )
        if not use_operators:
            # Random in full: whoever guesses the address still lacks the signature, but need not be able to try.
            GatewayRoute.objects.create(id=uuid4(), practice_id=practice_id, account_id=account_id, gateway=kind.key)
        _route(practice_id, kind, {**beneath, **kept}, now, is_operators=use_operators)
        detail = {"gateway": kind.key, "is_operators": use_operators}
        audit(practice_id, actor, "carrier_connected", now, subject_id=account_id, detail=detail)
        tell_mended(practice_id, kind.key, now)
    return account_id


def change_account(
    practice_id: UUID,
    gateway_key: str,
    values: Mapping[str, str],
    actor: Actor,
    now: datetime,
    *,
    sends_per_second: float | None = None,
) -> frozenset[str]:
    """Will change the connected account's fields; return the names of those that are others now.

    A field that is not among `values` stays, and so does a secret that is left empty. `sends_per_second` is set as
    given. What was wrong with the account is forgotten: it is tried with what it has now.

    Raises:
        SettingsRefused: a field cannot be right; says of each what to do.
        CarrierRefused: no account is connected, or its credentials cannot be read any more.
        UnknownGateway: there is no gateway of this key.
    """
    kind = carrier_kind(gateway_key)
    rate = checked_rate(sends_per_second)
    with practice_scope(practice_id):
        lock_practice(practice_id)
        row = _connected(practice_id, kind)
        beneath = _operators(kind) if row.is_operators else NO_CREDENTIALS
        held = _held(row)
        kept = checked_credentials(kind, values, held=held, beneath=beneath, is_operators=row.is_operators)
        _refuse_taken(kind, practice_id, kept, is_operators=row.is_operators)
        changed = {name for name in {*held, *kept} if held.get(name) != kept.get(name)}
        if row.sends_per_second != rate and not row.is_operators:
            changed.add("sends_per_second")
            row.sends_per_second = rate
        if not changed:
            return frozenset()
        row.credentials, row.shown, row.changed_at = sealed(kept), shown(kind, kept), now
        row.checked_at, row.failing_since, row.told_at, row.trouble, row.trouble_code = None, None, None, "", ""
        row.save()
        _route(practice_id, kind, {**beneath, **kept}, now, is_operators=row.is_operators)
        detail = {"gateway": kind.key, "changed": dict.fromkeys(sorted(changed))}
        audit(practice_id, actor, "carrier_changed", now, subject_id=row.pk, detail=detail)
        tell_mended(practice_id, kind.key, now)
    return frozenset(changed)


def disconnect_account(practice_id: UUID, gateway_key: str, actor: Actor, now: datetime) -> None:
    """Will forget the credentials of every account that the practice had at a gateway, and close their addresses.

    Nothing that comes back from there is taken any more. In a practice that is being set up, what it carried goes
    back to the outbox.

    Raises:
        CarrierRefused: none is connected, or it carries messages of a live practice.
        UnknownGateway: there is no gateway of this key.
    """
    kind = carrier_kind(gateway_key)
    with practice_scope(practice_id):
        practice = lock_practice(practice_id)
        row = _connected(practice_id, kind)
        carried = [channel for channel, field in CHANNEL_FIELDS.items() if getattr(practice, field) == kind.key]
        if carried and practice.status == Practice.Status.LIVE:
            what = " and ".join(CHANNEL_WORDS[channel] for channel in carried)
            raise CarrierRefused(
                f"{carrier_name(kind)} carries the {what} of the practice. Choose another carrier for them first, "
                "or hold all messages."
            )
        accounts = GatewayAccount.objects.filter(practice_id=practice_id, gateway=kind.key)
        accounts.update(is_active=False, credentials=b"", changed_at=now, failing_since=None, trouble="")
        GatewayRoute.objects.filter(practice_id=practice_id, gateway=kind.key).update(is_active=False)
        SenderRoute.objects.filter(practice_id=practice_id, gateway=kind.key).delete()
        if practice.status == Practice.Status.SETUP:
            for channel in carried:
                carry(practice, channel, Outbox.key, now)
        audit(practice_id, actor, "carrier_disconnected", now, subject_id=row.pk, detail={"gateway": kind.key})


def _operators(kind: type[Gateway]) -> Credentials:
    operators: Credentials | None = settings.OPERATOR_GATEWAYS.get(kind.key)
    if operators is None:
        raise CarrierRefused(
            f"The operator of this installation has no account at {carrier_name(kind)}. Connect your own."
        )
    return operators


def _connected(practice_id: UUID, kind: type[Gateway]) -> GatewayAccount:
    row = GatewayAccount.objects.filter(practice_id=practice_id, gateway=kind.key, is_active=True).first()
    if row is None:
        raise CarrierRefused(f"{carrier_name(kind)} is not connected.")
    return row


def _held(row: GatewayAccount) -> Credentials:
    """What was given so far; where no key opens it any more, what is no secret: the secrets are then asked for."""
    try:
        return own_credentials(bytes(row.credentials))
    except NotDecryptable:
        return dict(row.shown)


def _refuse_taken(kind: type[Gateway], practice_id: UUID, credentials: Credentials, *, is_operators: bool) -> None:
    taken = taken_senders(kind.key, practice_id, senders(kind, credentials), is_operators=is_operators)
    problems = {
        each.name: "Another practice sends from this through the operator’s account. Give your own."
        for each in kind.fields
        if each.is_sender and credentials.get(each.name) in taken
    }
    if problems:
        raise SettingsRefused(problems)


def _route(
    practice_id: UUID, kind: type[Gateway], credentials: Credentials, now: datetime, *, is_operators: bool
) -> None:
    """Have what clients write to its numbers and addresses find the practice; to those it had before, too."""
    here = senders(kind, credentials)
    had = SenderRoute.objects.filter(practice_id=practice_id, gateway=kind.key)
    still = Q(address__in=here, is_operators=is_operators)
    had.filter(replaced_at=None).exclude(still).update(replaced_at=now)
    had.filter(still).update(replaced_at=None)
    rows = [(uuid7(), kind.key, address, is_operators, practice_id) for address in sorted(here)]
    columns = ("id", "gateway", "address", "is_operators", "practice_id")
    insert_rows(SenderRoute, columns, rows, on_conflict="ON CONFLICT DO NOTHING")
