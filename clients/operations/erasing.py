"""How is everything of a person erased, and only what was counted kept? (REC-5)"""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from clients.events import ClientErased, Traces, client_erased
from clients.models import Client, ClientIdentity
from clients.operations.contact_data import COLUMNS, ContactData
from clients.operations.erased_records import erase_records
from clients.operations.kept_stops import Erased, keep_stops
from clients.operations.locking import lock_clients
from clients.operations.what_was_hers import what_was_hers
from practices.operations.auditing import Actor, audit
from practices.operations.rows import update_rows

_STATUS: Final = Client.Status.INACTIVE.value


def erase_client(practice_id: UUID, client_id: UUID, actor: Actor, now: datetime, *, keep_out: bool = False) -> UUID:
    """Will erase a person for good: the client, whoever was merged into her, and all that is kept of her anywhere.

    What was counted stays, on a row that says nothing but `erased_at`: treatments by type, day and price,
    appointments by time, reminders by state. Sequences end. If she had opted out, or a refusal of hers stands, or
    with `keep_out`, keyed hashes of her phones, emails and ids stay on the suppression list, of those that she had
    before too, so that she is not contacted if she comes in with the records again; else nothing is kept of them.
    Audited with ids alone. Cannot be undone. Returns the client who was erased: of one who was merged away, the
    other. Runs in the practice's open scope.

    Raises:
        Client.DoesNotExist: the practice has no such client, or she was erased already.
    """
    held, kept_id = _hold(practice_id, client_id)
    ids = sorted(held)
    identities = ClientIdentity.objects.filter(practice_id=practice_id, client_id__any_of=ids)
    before = what_was_hers(practice_id, ids)
    phones = frozenset(data.phone for data in held.values() if data.phone)
    emails = frozenset(data.email for data in held.values() if data.email)
    remote_ids = frozenset(identities.values_list("source", "remote_id"))
    ever = Erased(tuple(ids), phones | before.phones, emails | before.emails, remote_ids)
    alone = _addresses_of_nobody_else(practice_id, ever)
    # A number that was hers, and is somebody else's now, is not hers any more.
    person = replace(ever, phones=phones | alone.phones, emails=emails | alone.emails)
    keeps = keep_stops(practice_id, person, alone, actor, now, keep_out=keep_out)
    traces = Traces(
        names=frozenset(f"{data.first_name} {data.last_name}".strip() for data in held.values()) - {""} | before.names,
        phones=alone.phones,
        emails=alone.emails,
        remote_ids=person.remote_ids,
    )
    event = ClientErased(practice_id, frozenset(ids), traces, now)
    client_erased.send(sender=Client, event=event)
    rows = [(*ContactData(each, status=_STATUS).as_row(), now, now) for each in ids]
    update_rows(Client, (*COLUMNS, "erased_at", "updated_at"), rows)
    erase_records(event, {data.name_key for data in held.values()})
    audit(practice_id, actor, "client_erased", now, client_id=kept_id, detail={"kept_out": keeps})
    return kept_id


def _hold(practice_id: UUID, client_id: UUID) -> tuple[dict[UUID, ContactData], UUID]:
    """The client, whom she was merged into, and everybody merged into that one: held together, in order."""
    while True:
        found = Client.objects.get(practice_id=practice_id, pk=client_id)
        kept_id = found.merged_into_id or found.pk
        people = Client.objects.filter(Q(pk=kept_id) | Q(merged_into_id=kept_id), practice_id=practice_id)
        wanted = set(people.values_list("pk", flat=True))
        held = lock_clients(practice_id, wanted)
        if kept_id not in held:
            raise Client.DoesNotExist(f"Client {client_id} was erased already.")
        if held[kept_id].merged_into is None and set(people.values_list("pk", flat=True)) == wanted:
            return held, kept_id


def _addresses_of_nobody_else(practice_id: UUID, person: Erased) -> Erased:
    """Her phones and emails that no other client has now: a sister's number is the sister's too."""
    others = Client.objects.filter(practice_id=practice_id).exclude(pk__in=person.client_ids)
    phones = set(others.filter(phone__any_of=person.phones).values_list("phone", flat=True))
    emails = set(others.filter(email__any_of=person.emails).values_list("email", flat=True))
    return Erased(person.client_ids, person.phones - phones, person.emails - emails, person.remote_ids)
