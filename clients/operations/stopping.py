"""How does a person stop all promotion, and how does she take that back? (OPT-1 to OPT-3)"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce
from uuid6 import uuid7

from clients.events import ClientsChanged, consent_changed
from clients.models import Client, Consent, Suppression
from clients.models.consent import ConsentScope
from clients.operations.locking import lock_clients
from clients.operations.zones import normalize_email, normalize_phone
from practices.operations.rows import insert_rows

_PHONE, _EMAIL, _CLIENT = (subject.value for subject in Suppression.Subject)
_COLUMNS: Final = (
    "id",
    "practice_id",
    "subject",
    "address",
    "client_id",
    "origin",
    "wording",
    "by_id",
    "at",
)

_AGAIN: Final = """
    ON CONFLICT (practice_id, subject, address) WHERE lifted_at IS NULL DO UPDATE
    SET narrowed_at = NULL, origin = excluded.origin, wording = excluded.wording, by_id = excluded.by_id,
        at = excluded.at
    WHERE clients_suppression.narrowed_at <= excluded.at
"""

Subject = tuple[str, str]
"""What is suppressed: "phone" and the number, "email" and the address, "client" and the id."""


class NobodyNamed(ValueError):
    """Neither a client of the practice nor a phone or email that can be read was named."""


def opt_out(
    practice_id: UUID,
    now: datetime,
    *,
    client_id: UUID | None = None,
    phone: str | None = None,
    email: str | None = None,
    scope: ConsentScope | str | None = None,
    origin: Suppression.Origin | str,
    wording: str = "",
    by_id: UUID | None = None,
    said_at: datetime | None = None,
) -> set[UUID]:
    """Will stop all promotion to a person, in every record of the practice with that phone or email (OPT-1).

    With a phone or an email that one is suppressed, and stays so for whoever has it later. With a client alone
    both of hers are (`scope` "sms" or "email": that one), or, where she has none, she herself. Records that share
    a phone or email with one reached are the same person: they are suppressed as such, and changing an address
    revives nobody. Repeats keep the first word; one that was said (`said_at`, else now) before the person took
    it back changes nothing. Returns the clients reached; runs in the practice's open scope and holds their rows.

    Raises:
        NobodyNamed: no such client, and no phone or email that can be read.
    """
    phone, email = _read(phone, email)
    client = _client(practice_id, client_id)
    subjects = _subjects(phone, email)
    if client is not None and not subjects:
        phone = client.phone if scope != ConsentScope.EMAIL else ""
        email = client.email if scope != ConsentScope.SMS else ""
        subjects = _subjects(phone, email) or [(_CLIENT, str(client.id))]
    if not subjects:
        raise NobodyNamed("Name a client of the practice, or a phone or email that can be read.")
    reached = _hold_reached(practice_id, subjects, client)
    if said_at is not None and _is_taken_back(practice_id, subjects, said_at):
        return set()
    owner = client.id if client and client.id in reached else min(reached, default=None)
    words = (str(origin), wording.replace("\0", ""), by_id, said_at or now)
    rows = [(subject, address, owner, *words) for subject, address in subjects]
    rows += [(_CLIENT, str(other), other, *words) for other in sorted(reached - {owner})]
    suppress(practice_id, rows)
    _tell(practice_id, reached, now)
    return reached


def lift_opt_out(
    practice_id: UUID,
    now: datetime,
    *,
    client_id: UUID | None = None,
    phone: str | None = None,
    email: str | None = None,
    source: str,
    wording: str,
) -> set[UUID]:
    """Will end an opt-out because the person took it back: START, or new consent (OPT-3).

    A phone brings texts back and an email brings emails back; what was said about the person herself ends with
    either. An email address that was unsubscribed stays so after START. The new word enters the ledger of
    consents of everyone reached, so that what an older opt-out on another channel forbade is allowed again.
    Nothing that ended is revived (R28). Returns the clients reached; runs in the practice's open scope.

    Raises:
        NobodyNamed: no such client, and no phone or email that can be read.
    """
    phone, email = _read(phone, email)
    client = _client(practice_id, client_id)
    if client is not None and not phone and not email:
        phone, email = client.phone, client.email
    subjects = _subjects(phone, email)
    if not subjects and client is None:
        raise NobodyNamed("Name a client of the practice, or a phone or email that can be read.")
    reached = _hold_reached(practice_id, subjects, client)
    lift(practice_id, reached, subjects, said_at=now, now=now)
    scopes = [scope for scope, address in ((ConsentScope.SMS, phone), (ConsentScope.EMAIL, email)) if address]
    Consent.objects.bulk_create(
        [
            Consent(
                practice_id=practice_id,
                client_id=reached_id,
                scope=scope,
                kind=Consent.Kind.GRANTED,
                at=now,
                source=source[:80],
                wording=wording,
                recorded_at=now,
            )
            for reached_id in sorted(reached)
            for scope in scopes
        ],
        ignore_conflicts=True,
    )
    _tell(practice_id, reached, now)
    return reached


def lift(
    practice_id: UUID,
    client_ids: Iterable[UUID],
    subjects: Iterable[Subject],
    *,
    said_at: datetime,
    now: datetime,
) -> int:
    """Will end the suppressions, older than `said_at`, of these addresses and of these clients themselves (OPT-3).

    Those of phones (emails) that the clients had once end with those of their phones (emails). What forbids
    another channel stands, and from now on forbids that channel alone. Returns how many ended.
    """
    clients, addresses = list(client_ids), list(subjects)
    kinds = {subject for subject, _ in addresses} | {_CLIENT}
    ended = Q(client_id__in=clients, subject__in=kinds)
    for subject, address in addresses:
        ended |= Q(subject=subject, address=address)
    standing = Suppression.objects.filter(practice_id=practice_id, lifted_at=None, at__lte=said_at)
    count = standing.filter(ended).update(lifted_at=now)
    hers = Q(client_id__in=clients)
    for subject, column in ((_PHONE, "phone"), (_EMAIL, "email")):
        mine = Client.objects.filter(practice_id=practice_id, id__in=clients).exclude(**{column: ""})
        hers |= Q(subject=subject, address__in=mine.values(column))
    standing.filter(hers, narrowed_at=None).update(narrowed_at=now)
    return count


def hold_whom_it_reaches(practice_id: UUID, *, phone: str = "", email: str = "") -> set[UUID]:
    """Will hold everybody whom an opt-out of this phone or email reaches, all at once and in order.

    For whoever holds some of them before the words are heeded: two such would wait in a circle.
    """
    return _hold_reached(practice_id, _subjects(phone, email), None)


def suppress(practice_id: UUID, rows: Sequence[tuple[Any, ...]]) -> None:
    """Will add suppressions: subject, address, client, origin, wording, staff member, moment.

    Where one stands already it stays as it is, unless another channel was taken back in between: then the new
    word counts, and for every channel.
    """
    insert_rows(
        Suppression,
        _COLUMNS,
        [(uuid7(), practice_id, *row) for row in rows],
        on_conflict=_AGAIN,
    )


def _read(phone: str | None, email: str | None) -> tuple[str, str]:
    return (normalize_phone(phone) or "") if phone else "", (normalize_email(email) or "") if email else ""


def _subjects(phone: str, email: str) -> list[Subject]:
    return [subject for subject in ((_PHONE, phone), (_EMAIL, email)) if subject[1]]


def _client(practice_id: UUID, client_id: UUID | None) -> Client | None:
    """The client of that id, or whom she was merged into."""
    if client_id is None:
        return None
    client = Client.objects.filter(practice_id=practice_id, id=client_id).select_related("merged_into").first()
    return client.merged_into or client if client else None


def _hold_reached(practice_id: UUID, subjects: Sequence[Subject], client: Client | None) -> set[UUID]:
    """Whom a word reaches, held. One who was merged away while we waited is looked for again."""
    while True:
        reached = _reached(practice_id, subjects, client)
        held = lock_clients(practice_id, reached)
        if not any(data.merged_into for data in held.values()):
            return reached
        client = _client(practice_id, client.id if client else None)


def _reached(practice_id: UUID, subjects: Iterable[Subject], client: Client | None) -> set[UUID]:
    """The records that have one of the addresses, and those that share a phone or email with one of them.

    An address that only a merged record had reaches the client whom it was merged into.
    """
    mine = Client.objects.filter(practice_id=practice_id).annotate(person=Coalesce("merged_into_id", "id"))
    wanted = Q(pk=client.id) if client else Q(pk__in=[])
    for subject, address in subjects:
        if subject != _CLIENT:
            wanted |= Q(phone=address) if subject == _PHONE else Q(email=address)
    direct = list(mine.filter(wanted).values_list("id", "phone", "email", "person"))
    into = [person for client_id, _, _, person in direct if person != client_id]
    if into:
        direct += mine.filter(id__in=into).values_list("id", "phone", "email", "person")
    phones = {phone for _, phone, _, _ in direct} - {""}
    emails = {email for _, _, email, _ in direct} - {""}
    shared = mine.filter(Q(phone__in=phones) | Q(email__in=emails)).values_list("person", flat=True)
    return {person for *_, person in direct} | set(shared)


def _is_taken_back(practice_id: UUID, subjects: Iterable[Subject], said_at: datetime) -> bool:
    same = Q(pk__in=[])
    for subject, address in subjects:
        same |= Q(subject=subject, address=address)
    return Suppression.objects.filter(same, practice_id=practice_id, lifted_at__gte=said_at).exists()


def _tell(practice_id: UUID, client_ids: set[UUID], at: datetime) -> None:
    if client_ids:
        consent_changed.send(sender=Suppression, event=ClientsChanged(practice_id, frozenset(client_ids), at))
