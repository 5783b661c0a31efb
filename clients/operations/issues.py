"""How does a service issue begin, and how does a person settle it? (SEQ-8, R29)"""

from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from clients.events import ClientsChanged, consent_changed
from clients.models import ServiceIssue
from clients.operations.locking import lock_clients
from practices.operations.rows import insert_rows

_COLUMNS = ("id", "practice_id", "client_id", "origin", "remote_id", "text", "opened_at")


def open_issue(
    practice_id: UUID,
    client_id: UUID,
    origin: ServiceIssue.Origin,
    text: str,
    at: datetime,
    now: datetime,
    *,
    remote_id: str = "",
) -> bool:
    """Will open a service issue: promotion to her pauses until a person settles it (SEQ-8).

    The same origin and `remote_id` open one only, even after it was settled. Returns whether one was opened;
    runs in the practice's open scope and holds the client's row.
    """
    if not lock_clients(practice_id, [client_id]):
        return False
    opened = insert_rows(
        ServiceIssue,
        _COLUMNS,
        [(uuid7(), practice_id, client_id, origin.value, remote_id, text.replace("\0", ""), at)],
        on_conflict="ON CONFLICT DO NOTHING RETURNING id",
    )
    if opened:
        event = ClientsChanged(practice_id, frozenset({client_id}), now)
        consent_changed.send(sender=ServiceIssue, event=event)
    return bool(opened)


def resolve_issue(practice_id: UUID, issue_id: UUID, by_id: UUID | None, now: datetime) -> ServiceIssue:
    """Will settle a service issue; what it paused goes on as a person decides (R29). Settled twice counts once.

    Raises:
        ServiceIssue.DoesNotExist: the practice has no such issue.
    """
    issue = ServiceIssue.objects.get(practice_id=practice_id, id=issue_id)
    lock_clients(practice_id, [issue.client_id])
    issue.refresh_from_db()
    if issue.resolved_at is None:
        issue.resolved_at, issue.resolved_by_id = now, by_id
        issue.save(update_fields=["resolved_at", "resolved_by"])
        event = ClientsChanged(practice_id, frozenset({issue.client_id}), now)
        consent_changed.send(sender=ServiceIssue, event=event)
    return issue
