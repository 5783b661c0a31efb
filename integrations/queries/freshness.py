"""How old is what a practice's records say? (R20)"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from integrations.models import Connection, ImportRun
from practices.tenancy import practice_scope


@dataclass(frozen=True, slots=True)
class Freshness:
    """When records last arrived well, and whether they only come as files (then a week may pass, R20)."""

    synced_at: datetime | None
    is_file_only: bool


def freshness(practice_id: UUID) -> Freshness:
    """Return how fresh a practice's records are.

    A practice counts as file-only until an active connection of it has brought a first event.
    """
    with practice_scope(practice_id):
        heard_at = Connection.objects.filter(practice_id=practice_id, is_active=True).aggregate(
            at=Max("last_event_at")
        )["at"]
        imported_at = ImportRun.objects.filter(practice_id=practice_id, state=ImportRun.State.DONE).aggregate(
            at=Max("finished_at")
        )["at"]
    known = [at for at in (heard_at, imported_at) if at is not None]
    return Freshness(max(known, default=None), is_file_only=heard_at is None)
