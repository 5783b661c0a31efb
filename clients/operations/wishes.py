"""What becomes of words that may ask for fewer messages, until a person has decided? (OPT-1)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from clients.models import ServiceIssue
from clients.operations.issues import open_issue
from clients.operations.reaching import client_meant
from clients.queries.permissions import permissions_of


def open_wish(practice_id: UUID, client_id: UUID, text: str, at: datetime, now: datetime, *, remote_id: str) -> bool:
    """Will have a person decide what a note or a survey asks for; promotion and texts to her hold until then.

    Texts to every record with that phone or email hold as well, as after a reply that may be a stop: each is decided
    anew when it is to leave, and hourly. Nothing is asked of whoever is out already. The same `remote_id` again
    opens nothing, even after it was settled. Returns whether one was opened; runs in the practice's open scope and
    holds the client's row.
    """
    client = client_meant(practice_id, client_id)
    if client is None or permissions_of(practice_id, [client.id])[client.id].is_opted_out:
        return False
    origin = ServiceIssue.Origin.WISH
    return open_issue(practice_id, client.id, origin, text, at, now, remote_id=remote_id)


def settle_wishes(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Will settle what these may have asked for: they are opted out now. Runs in the open scope, their rows held."""
    wishes = ServiceIssue.objects.filter(
        practice_id=practice_id, client_id__any_of=client_ids, origin=ServiceIssue.Origin.WISH.value, resolved_at=None
    )
    wishes.update(resolved_at=now)
