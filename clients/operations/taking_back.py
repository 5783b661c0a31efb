"""How does a person take back that all promotion stops? (OPT-3)"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.models import Client, ClientIdentity, Consent, Suppression
from clients.models.consent import ConsentScope
from clients.models.suppression import Subject
from clients.operations.reaching import (
    CLIENT,
    PHONE,
    NobodyNamed,
    addresses_read,
    client_meant,
    hold_reached,
    people_with,
    subjects_of,
)
from clients.operations.stopping import tell_of_consent
from clients.queries.keyed_hashes import identity_words
from clients.queries.stops_in_force import stops_of

SAID_THERE: Final = frozenset({Suppression.Origin.REPLY, Suppression.Origin.GATEWAY})
"""How an opt-out comes that was said to the number or address itself."""


def lift_opt_out(
    practice_id: UUID,
    now: datetime,
    *,
    client_id: UUID | None = None,
    phone: str | None = None,
    email: str | None = None,
    source: str,
    wording: str,
    said_at: datetime | None = None,
) -> set[UUID]:
    """Will end an opt-out because the person took it back at `said_at` (else now): START, or new consent (OPT-3).

    A phone brings texts back and an email brings emails back; what was said about the person herself ends with
    either. An email address that was unsubscribed stays so after START. The new word enters the ledger of
    consents of everyone who has that phone or email, for it alone; what an older opt-out of theirs on another
    channel forbade is allowed again. Whoever only shares something with them is let go of what their opt-out meant
    for her; a stop from a number of her own is not theirs to take back.
    Nothing that ended is revived (R28). Returns the clients reached; runs in the practice's open scope.

    Raises:
        NobodyNamed: no such client, and no phone or email that can be read.
    """
    phone, email = addresses_read(phone, email)
    client = client_meant(practice_id, client_id)
    if client is not None and not phone and not email:
        phone, email = client.phone, client.email
    subjects = subjects_of(phone, email)
    if not subjects and client is None:
        raise NobodyNamed("Name a client of the practice, or a phone or email that can be read.")
    reached = hold_reached(practice_id, subjects, client)
    said_at = min(said_at or now, now)
    owners = people_with(practice_id, subjects) & reached | ({client.id} & reached if client else set())
    lift(practice_id, owners, subjects, said_at=said_at, now=now, relatives=reached - owners)
    said = [(scope, address) for scope, address in ((ConsentScope.SMS, phone), (ConsentScope.EMAIL, email)) if address]
    Consent.objects.bulk_create(
        [
            Consent(
                practice_id=practice_id,
                client_id=owner_id,
                scope=scope,
                kind=Consent.Kind.GRANTED,
                address=address,
                at=said_at,
                source=source[:80],
                wording=wording,
                recorded_at=now,
            )
            for owner_id in sorted(owners)
            for scope, address in said
        ],
        ignore_conflicts=True,
    )
    tell_of_consent(practice_id, reached, now)
    return reached


def lift(
    practice_id: UUID,
    client_ids: Iterable[UUID],
    subjects: Iterable[Subject],
    *,
    said_at: datetime,
    now: datetime,
    relatives: Collection[UUID] = (),
) -> int:
    """Will end the suppressions, older than `said_at`, of these addresses and of these clients themselves (OPT-3).

    Those of phones (emails) that the clients had once end with those of their phones (emails), unless somebody else
    has that one now. What forbids another channel stands, and from then on forbids that channel alone. Of
    `relatives` only what was said of the person ends. All as of `said_at`: a stop that was said later, and is heard
    later still, counts. Returns how many ended.
    """
    clients, addresses = set(client_ids), set(subjects)
    at = min(said_at, now)
    standing = _standing(practice_id, said_at)
    hers = standing.filter(client_id__in=clients)
    _leave_to_others(practice_id, hers.filter(subject__in=_kinds(addresses)), clients, addresses)
    count = standing.filter(_ending(practice_id, clients, addresses, relatives)).update(lifted_at=at)
    standing.filter(_narrowing(practice_id, clients)).update(narrowed_at=at)
    return count


def would_change(practice_id: UUID, subjects: Collection[Subject], said_at: datetime) -> set[tuple[str, str]]:
    """Return subject and origin of each opt-out that would end, or bind less, by START from these addresses then.

    In the open scope, which holds everybody whom the word reaches.
    """
    reached = hold_reached(practice_id, list(subjects), None)
    owners = people_with(practice_id, subjects) & reached
    changing = _ending(practice_id, owners, set(subjects), reached - owners) | _narrowing(practice_id, owners)
    return set(_standing(practice_id, said_at).filter(changing).values_list("subject", "origin"))


def may_be_refused(practice_id: UUID, client_id: UUID) -> bool:
    """Whether a carrier may hold an opt-out of her phone itself: it was texted, or the carrier reported it.

    Then it may go on refusing texts after the opt-out was taken back here, until she texts START (messaging.md 1.9).
    """
    hers = Q(client_id=client_id) | stops_of(practice_id, _addresses(practice_id, [client_id]))
    standing = Suppression.objects.filter(hers, practice_id=practice_id, lifted_at=None, subject=PHONE)
    return standing.filter(origin__in=[each.value for each in SAID_THERE]).exists()


def _standing(practice_id: UUID, said_at: datetime) -> QuerySet[Suppression]:
    return Suppression.objects.filter(practice_id=practice_id, lifted_at=None, at__lte=said_at)


def _kinds(addresses: Iterable[Subject]) -> set[str]:
    return {subject for subject, _ in addresses} | {CLIENT}


def _ending(
    practice_id: UUID, clients: Collection[UUID], addresses: Collection[Subject], relatives: Collection[UUID]
) -> Q:
    ended = Q(client_id__in=clients, subject__in=_kinds(addresses)) | Q(client_id__in=list(relatives), subject=CLIENT)
    return ended | stops_of(practice_id, [*addresses, *_identities(practice_id, clients)])


def _narrowing(practice_id: UUID, clients: Collection[UUID]) -> Q:
    left = Q(client_id__in=clients) | stops_of(practice_id, _addresses(practice_id, clients))
    return left & Q(narrowed_at=None)


def _leave_to_others(
    practice_id: UUID, hers: QuerySet[Suppression], clients: set[UUID], named: Collection[Subject]
) -> None:
    """Let go of opt-outs of phones and emails that somebody else has now, who may have said stop there as well."""
    once = [each for each in hers.exclude(subject=CLIENT) if (each.subject, each.address) not in named]
    for each in once:
        if people_with(practice_id, [(each.subject, each.address)]) - clients:
            Suppression.objects.filter(pk=each.pk).update(client_id=None)


def _identities(practice_id: UUID, client_ids: Collection[UUID]) -> list[Subject]:
    """Under which ids sources know them: what is kept of somebody erased may be found by those."""
    rows = ClientIdentity.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
    return [(CLIENT, identity_words(*row)) for row in rows.values_list("source", "remote_id")]


def _addresses(practice_id: UUID, client_ids: Collection[UUID]) -> list[Subject]:
    rows = Client.objects.filter(practice_id=practice_id, id__any_of=client_ids).values_list("phone", "email")
    return [subject for phone, email in rows for subject in subjects_of(phone, email)]
