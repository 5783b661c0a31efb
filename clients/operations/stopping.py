"""How does a person stop all promotion? (OPT-1, OPT-2)"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.events import ClientsChanged, consent_changed
from clients.models import Suppression
from clients.models.consent import ConsentScope
from clients.models.suppression import Subject
from clients.operations.reaching import (
    CLIENT,
    NobodyNamed,
    addresses_read,
    client_meant,
    hold_reached,
    owners_of,
    subjects_of,
)
from clients.operations.wishes import settle_wishes
from clients.queries.keyed_hashes import subject_of_hash
from clients.queries.stops_in_force import stops_of
from practices.operations.rows import insert_rows

_COLUMNS: Final = (
    "id",
    "practice_id",
    "is_hashed",
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


def opt_out(
    practice_id: UUID,
    now: datetime,
    *,
    client_id: UUID | None = None,
    phone: str | None = None,
    email: str | None = None,
    scope: ConsentScope | str | None = None,
    former: Iterable[Subject] = (),
    origin: Suppression.Origin | str,
    wording: str = "",
    by_id: UUID | None = None,
    said_at: datetime | None = None,
) -> set[UUID]:
    """Will stop all promotion to a person, in every record of the practice with that phone or email (OPT-1).

    With a phone or an email that one is suppressed, and stays so for whoever has it later. With a client alone
    both of hers are (`scope` "sms" or "email": that one), or, where she has none, she herself. `former` are phones
    and emails that she had when she was written to, as they are kept: they are suppressed too. Records that share a
    phone or email with one reached are the same person: they are suppressed as such, and changing an address
    revives nobody. Repeats keep the first word; one that was said (`said_at`, else now) before the person took
    it back changes nothing; at the same moment the stop wins. Returns the clients reached; runs in the practice's
    open scope and holds their rows.

    Raises:
        NobodyNamed: no such client, or one who is erased while this waits, and no phone or email that can be read.
    """
    phone, email = addresses_read(phone, email)
    client = client_meant(practice_id, client_id)
    subjects = subjects_of(phone, email)
    is_named_alone = client is not None and not subjects
    if client is not None and not subjects:
        phone = client.phone if scope != ConsentScope.EMAIL else ""
        email = client.email if scope != ConsentScope.SMS else ""
        subjects = subjects_of(phone, email)
    subjects = list(dict.fromkeys([*subjects, *former]))
    if client is not None and not subjects:
        subjects = [(CLIENT, str(client.id))]
    if not subjects:
        raise NobodyNamed("Name a client of the practice, or a phone or email that can be read.")
    reached = hold_reached(practice_id, subjects, client)
    if is_named_alone and not reached:
        raise NobodyNamed("The client was erased meanwhile.")
    if said_at is not None and _is_taken_back(practice_id, subjects, said_at):
        return set()
    owner = (
        client.id if client and client.id in reached else min(owners_of(practice_id, subjects, reached), default=None)
    )
    words = (str(origin), wording.replace("\0", ""), by_id, said_at or now)
    rows = [(subject, address, owner, *words) for subject, address in subjects]
    rows += [(CLIENT, str(other), other, *words) for other in sorted(reached - {owner})]
    suppress(practice_id, rows)
    settle_wishes(practice_id, reached, now)
    tell_of_consent(practice_id, reached, now)
    return reached


def suppress(practice_id: UUID, rows: Sequence[tuple[Any, ...]]) -> None:
    """Will add suppressions: subject, address, client, origin, wording, staff member, moment.

    Where one stands already it stays as it is, unless another channel was taken back in between: then the new
    word counts, and for every channel.
    """
    insert_rows(
        Suppression,
        _COLUMNS,
        [(uuid7(), practice_id, bool(subject_of_hash(row[1])), *row) for row in rows],
        on_conflict=_AGAIN,
    )


def tell_of_consent(practice_id: UUID, client_ids: set[UUID], at: datetime) -> None:
    """Will say, in the open transaction, whose permissions have changed."""
    if client_ids:
        consent_changed.send(sender=Suppression, event=ClientsChanged(practice_id, frozenset(client_ids), at))


def _is_taken_back(practice_id: UUID, subjects: Iterable[Subject], said_at: datetime) -> bool:
    same = stops_of(practice_id, subjects)
    return Suppression.objects.filter(same, practice_id=practice_id, lifted_at__gt=said_at).exists()
