"""On which channels can nothing of a practice leave, because no account carries them? (R26)"""

from uuid import UUID

from integrations.messaging.registry import UnknownGateway
from integrations.queries.accounts import CHANNEL_FIELDS, accounts_of, needs_account
from practices.models import Practice


def channels_down(practice: Practice) -> frozenset[str]:
    """Return the channels whose gateway has no account or one that fails, in the open scope: at most one query.

    A gateway that this installation does not know is not told here: whoever hands a message over finds out.
    """
    chosen = {channel: str(getattr(practice, field)) for channel, field in CHANNEL_FIELDS.items()}
    asked = {channel: key for channel, key in chosen.items() if _needs_account(key)}
    if not asked:
        return frozenset()
    return _down(practice.pk, asked)


def _down(practice_id: UUID, asked: dict[str, str]) -> frozenset[str]:
    accounts = accounts_of(practice_id)
    working = {key for key, account in accounts.items() if not account.is_failing}
    return frozenset(channel for channel, key in asked.items() if key not in working)


def _needs_account(gateway_key: str) -> bool:
    try:
        return needs_account(gateway_key)
    except UnknownGateway:
        return False
