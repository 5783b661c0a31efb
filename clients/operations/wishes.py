"""What becomes of words that may ask for fewer messages, until a person has decided? (OPT-1)"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from clients.models import Client, ServiceIssue, Suppression
from clients.operations.issues import open_issue
from clients.operations.reaching import CLIENT, client_meant, subjects_of
from clients.queries.permissions import permissions_of
from clients.queries.stops_in_force import stops_of


def open_wish(practice_id: UUID, client_id: UUID, text: str, at: datetime, now: datetime, *, remote_id: str) -> bool:
    """Will have a person decide what a note or a survey asks for; promotion and texts to her hold until then.

    Texts to every record with that phone or email hold as well, as after a reply that may be a stop: each is decided
    anew when it is to leave, and hourly. Nothing is asked where nothing may leave anyhow, nor of what was written
    (`at`) before an opt-out was taken back. The same `remote_id` again opens nothing, even after it was settled.
    Returns whether one was opened; runs in the practice's open scope and holds the client's row.
    """
    client = client_meant(practice_id, client_id)
    if client is None or _are_out(practice_id, [client.id]) or _is_taken_back(client, at):
        return False
    return open_issue(practice_id, client.id, ServiceIssue.Origin.WISH, text, at, now, remote_id=remote_id)


def settle_wishes(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Will settle what those of them have asked for to whom nothing leaves any more: their opt-out is the answer.

    Runs in the open scope, their rows are held.
    """
    wishes = ServiceIssue.objects.filter(
        practice_id=practice_id, client_id__any_of=client_ids, origin=ServiceIssue.Origin.WISH.value, resolved_at=None
    )
    asked = set(wishes.values_list("client_id", flat=True))
    if asked:
        wishes.filter(client_id__in=_are_out(practice_id, asked)).update(resolved_at=now)


def _are_out(practice_id: UUID, client_ids: Iterable[UUID]) -> set[UUID]:
    """Who gets no promotion, and no text of any kind: a stop by email leaves confirmations by text."""
    ids = list(client_ids)
    phones = dict(Client.objects.filter(practice_id=practice_id, pk__in=ids).values_list("pk", "phone"))
    return {
        client_id
        for client_id, allowed in permissions_of(practice_id, ids).items()
        if allowed.is_opted_out and (allowed.is_sms_stopped or not phones[client_id])
    }


def _is_taken_back(client: Client, at: datetime) -> bool:
    subjects = [*subjects_of(client.phone, client.email), (CLIENT, str(client.id))]
    same = stops_of(client.practice_id, subjects)
    return Suppression.objects.filter(same, practice_id=client.practice_id, lifted_at__gt=at).exists()
