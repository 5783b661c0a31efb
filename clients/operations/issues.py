"""How does a service issue begin, and how does a person settle it? (SEQ-8, R29)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from clients.events import ClientsChanged, consent_changed
from clients.models import ServiceIssue
from clients.operations.locking import lock_clients
from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows

_COLUMNS = ("id", "practice_id", "client_id", "origin", "remote_id", "text", "opened_by_id", "opened_at")
_NOBODY: Final = Actor()


def open_issue(
    practice_id: UUID,
    client_id: UUID,
    origin: ServiceIssue.Origin,
    text: str,
    at: datetime,
    now: datetime,
    *,
    remote_id: str = "",
    opened_by: Actor = _NOBODY,
) -> bool:
    """Will open a service issue: promotion to her pauses until a person settles it (SEQ-8).

    The same origin and `remote_id` open one only, even after it was settled. What a staff member opens is
    audited. Returns whether one was opened; runs in the practice's open scope and holds the client's row.
    """
    if not lock_clients(practice_id, [client_id]):
        return False
    by_id = opened_by.staff_member_id
    opened = insert_rows(
        ServiceIssue,
        _COLUMNS,
        [(uuid7(), practice_id, client_id, origin.value, remote_id, text.replace("\0", ""), by_id, at)],
        on_conflict="ON CONFLICT DO NOTHING RETURNING id",
    )
    if not opened:
        return False
    if by_id is not None:
        audit(practice_id, opened_by, "issue_opened", now, client_id=client_id, subject_id=opened[0][0])
    _tell(practice_id, client_id, now)
    return True


def resolve_issue(practice_id: UUID, issue_id: UUID, actor: Actor, now: datetime) -> ServiceIssue:
    """Will settle a service issue; what it paused goes on, steps past meanwhile left out (R29). Audited.

    Settled twice counts once. Runs in the practice's open scope and holds the client's row.

    Raises:
        ServiceIssue.DoesNotExist: the practice has no such issue.
    """
    issue = ServiceIssue.objects.get(practice_id=practice_id, id=issue_id)
    lock_clients(practice_id, [issue.client_id])
    issue.refresh_from_db()
    if issue.resolved_at is None:
        issue.resolved_at, issue.resolved_by_id = now, actor.staff_member_id
        issue.save(update_fields=["resolved_at", "resolved_by"])
        audit(practice_id, actor, "issue_resolved", now, client_id=issue.client_id, subject_id=issue.pk)
        _tell(practice_id, issue.client_id, now)
    return issue


def _tell(practice_id: UUID, client_id: UUID, now: datetime) -> None:
    event = ClientsChanged(practice_id, frozenset({client_id}), now)
    consent_changed.send(sender=ServiceIssue, event=event)
