"""How does a person settle an attempt of which nobody knows whether it arrived? (CHN-3)"""

from datetime import datetime
from uuid import UUID

from clients.operations.locking import lock_clients
from practices.operations.auditing import Actor, audit
from reminders.models import Delivery
from reminders.operations.attempts import NEVER_ARRIVED, Outcome, attempts_of
from reminders.operations.recording import record_outcomes


def settle_by_person(
    practice_id: UUID,
    delivery_id: UUID,
    has_arrived: bool,  # noqa: FBT001 - it is the answer itself
    actor: Actor,
    now: datetime,
) -> bool:
    """Will take a person's word for an attempt that nobody can be asked about: it arrived, or it never did.

    What arrived counts as sent; what did not is decided again, as if it had never been tried. Only what is UNKNOWN
    is settled so; else nothing changes and False is returned. Audited ("unknown_settled"). Runs in the practice's
    open scope and holds the client's row.

    Raises:
        Delivery.DoesNotExist: the practice has no such delivery.
    """
    rows = Delivery.objects.filter(practice_id=practice_id)
    client_id = rows.values_list("client_id", flat=True).get(pk=delivery_id)
    lock_clients(practice_id, [client_id])
    if not rows.select_for_update(no_key=True).filter(pk=delivery_id, state=Delivery.State.UNKNOWN).exists():
        return False
    row = rows.select_related("message").defer("html", "headers").get(pk=delivery_id)
    [attempt] = attempts_of(practice_id, [row])
    outcome = Outcome(attempt, Delivery.State.ACCEPTED)
    if not has_arrived:
        outcome = Outcome(attempt, Delivery.State.REFUSED, error=NEVER_ARRIVED, retry_at=now)
    record_outcomes(practice_id, [outcome], now)
    detail = {"has_arrived": has_arrived}
    audit(practice_id, actor, "unknown_settled", now, client_id=client_id, subject_id=delivery_id, detail=detail)
    return True
