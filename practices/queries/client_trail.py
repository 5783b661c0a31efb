"""What did staff do about one client? The lines of the audit trail that stand on the client's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from practices.models import AuditEntry, StaffMember

MOST = 500


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that staff did. `by`: their name; empty where the service did it."""

    at: datetime
    action: str
    by: str
    subject_id: UUID | None
    detail: dict[str, Any]


def deeds_about(practice_id: UUID, client_id: UUID, actions: Collection[str]) -> tuple[Deed, ...]:
    """Return what was done about a client, of these actions, in the order of time; the last 500, two queries."""
    rows = AuditEntry.objects.filter(practice_id=practice_id, client_id=client_id, action__in=actions)
    entries = list(rows.order_by("-number")[:MOST])
    ids = {each.staff_member_id for each in entries if each.staff_member_id}
    members = StaffMember.objects.filter(practice_id=practice_id, pk__in=ids).select_related("person")
    names = {each.pk: each.person.name or each.person.email for each in members}
    return tuple(
        Deed(
            at=each.at,
            action=each.action,
            by=names.get(each.staff_member_id, "") if each.staff_member_id else "",
            subject_id=each.subject_id,
            detail=each.detail,
        )
        for each in reversed(entries)
    )
