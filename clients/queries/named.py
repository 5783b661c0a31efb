"""What are clients called whose ids stand somewhere else?"""

from collections.abc import Collection
from uuid import UUID

from clients.models import Client


def clients_named(practice_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, Client]:
    """Return the clients of these ids, those merged away among them; unknown ids are left out. One query."""
    rows = Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids)
    return {row.pk: row for row in rows.only("id", "first_name", "last_name", "merged_into_id", "erased_at")}
