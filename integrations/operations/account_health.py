"""Does the vendor still take what is sent with an account, and since when not? (CHN-2)"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.models import GatewayAccount
from integrations.operations.carriers import tell_mended
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope

TOLD_AGAIN: Final = timedelta(days=1)


def note_failure(practice_id: UUID, account_id: UUID, reason: str, code: str, now: datetime) -> bool:
    """Will note that the vendor refuses an account: nothing leaves through it until it works again.

    `reason`: a sentence for people. Returns whether that is news; since when it fails is noted once. Owners are told
    of it once, and of one that comes and goes once a day.
    """
    with practice_scope(practice_id):
        rows = GatewayAccount.objects.filter(pk=account_id, is_active=True)
        is_news = bool(rows.filter(failing_since=None).update(failing_since=now))
        if is_news:
            rows.filter(told_at__lte=now - TOLD_AGAIN).update(told_at=None)
        rows.update(trouble=reason[:300], trouble_code=code[:40])
        if is_news:
            audit(practice_id, Actor(), "carrier_failed", now, subject_id=account_id, detail={"code": code[:40]})
    return is_news


def note_success(practice_id: UUID, account_id: UUID, now: datetime) -> bool:
    """Will note that an account works; what waited for it may leave. Returns whether it did not before."""
    with practice_scope(practice_id):
        rows = GatewayAccount.objects.filter(pk=account_id, is_active=True, failing_since__isnull=False)
        gateway = rows.values_list("gateway", flat=True).first()
        if gateway is None or not rows.update(failing_since=None, trouble="", trouble_code=""):
            return False
        audit(practice_id, Actor(), "carrier_mended", now, subject_id=account_id)
        tell_mended(practice_id, gateway, now)
    return True
