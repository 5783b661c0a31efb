"""How is a line written into the audit trail? (TEN-5)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from practices.models import AuditEntry
from practices.tenancy import last_of_all

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

    The line is written when the outermost scope ends: from then until the commit, other lines of the same practice
    wait for it, so whoever worked long or went on to lock clients would keep everybody waiting, or in a circle.
    """
    entry = AuditEntry(
        practice_id=practice_id,
        at=now,
        staff_member_id=actor.staff_member_id,
        action=action,
        client_id=client_id,
        subject_id=subject_id,
        detail=dict(detail or {}),
        address=actor.address,
    )
    last_of_all(entry.save)


def audit_many(
    practice_id: UUID,
    actor: Actor,
    action: str,
    now: datetime,
    client_ids: Iterable[UUID],
    *,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """As `audit`, one line for each of these clients, in their order and in one statement: all had the same done."""
    entries = [
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
    ]
    last_of_all(partial(AuditEntry.objects.bulk_create, entries))


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
