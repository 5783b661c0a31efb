"""How is all that is kept about a client handed out, and the handing out noted? (REC-5, TEN-5)"""

from datetime import datetime
from typing import Any
from uuid import UUID

from clients.models import Client
from practices.operations.auditing import Actor, audit
from reminders.queries.client_export import everything_kept


def export_client(practice_id: UUID, client_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Will note that somebody takes it away, and return all that is kept about a client, in the open scope.

    Of one who was merged away: the other's, with what came from her.

    Raises:
        Client.DoesNotExist: the practice has no such client, or she was erased.
    """
    client = Client.objects.get(practice_id=practice_id, pk=client_id, erased_at=None)
    kept_id = client.merged_into_id or client.pk
    kept = everything_kept(practice_id, kept_id, now)
    audit(practice_id, actor, "client_exported", now, client_id=kept_id)
    return kept
