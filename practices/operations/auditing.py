"""How is a line written into the audit trail? (TEN-5)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from practices.models import AuditEntry

ONE_VIEW: Final = timedelta(minutes=10)
"""Looking again within this time is still the same view."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where. `staff_member_id` None: the service itself, or a client."""

    staff_member_id: UUID | None = None
    address: str | None = None


def audit(
    practice_id: UUID,
    actor: Actor,
    action: str,
    now: datetime,
    *,
    client_id: UUID | None = None,
    subject_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Will add one line to the practice's trail, inside the open scope: it stands or falls with what was done.

    `action` is snake case, subject first ("reminder_moved"); `detail` holds ids, dates and choices only, for the
    trail carries no names and no texts (TEN-5).

    Call it last: from here until the transaction ends, other lines of the same practice wait for this one, so
    whoever goes on to lock clients may wait in a circle.
    """
    AuditEntry.objects.create(
        practice_id=practice_id,
        at=now,
        staff_member_id=actor.staff_member_id,
        action=action,
        client_id=client_id,
        subject_id=subject_id,
        detail=dict(detail or {}),
        address=actor.address,
    )


def audit_many(
    practice_id: UUID,
    actor: Actor,
    action: str,
    now: datetime,
    client_ids: Iterable[UUID],
    *,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Will add one line for each of these clients, in their order and in one statement: the same was done to all."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            practice_id=practice_id,
            at=now,
            staff_member_id=actor.staff_member_id,
            action=action,
            client_id=client_id,
            detail=dict(detail or {}),
            address=actor.address,
        )
        for client_id in client_ids
    )


def note_view(
    practice_id: UUID, actor: Actor, client_id: UUID, now: datetime, *, action: str = "client_viewed"
) -> None:
    """Will add a line that somebody looked at a client, unless the same person did so in the last ten minutes."""
    seen = AuditEntry.objects.filter(
        practice_id=practice_id,
        client_id=client_id,
        staff_member_id=actor.staff_member_id,
        action=action,
        at__gt=now - ONE_VIEW,
        at__lte=now,
    )
    if not seen.exists():
        audit(practice_id, actor, action, now, client_id=client_id)
