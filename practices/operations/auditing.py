"""How is a line written into the audit trail? (TEN-5)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from practices.models import AuditEntry


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
