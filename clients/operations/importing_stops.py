"""How does a list of phones and emails that must not be written to come in, whole and at once? (OPT-2)"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final, TypeVar
from uuid import UUID

from clients.events import ClientsChanged, consent_changed
from clients.models import Suppression
from clients.models.suppression import Subject
from clients.operations.locking import lock_clients
from clients.operations.remapping import PLANNED_AT_ONCE
from clients.operations.stop_lists import BadLine, read_list
from clients.operations.stopping import suppress
from clients.operations.wishes import settle_wishes
from clients.queries.keyed_hashes import as_kept
from practices.operations.auditing import Actor, audit
from practices.operations.rows import array, arrays, run

BATCH: Final = 2_000
_PHONE, _EMAIL, _CLIENT = (subject.value for subject in Suppression.Subject)

# Whoever has one of the addresses, as the person whom her record was merged into; and whoever has an address of theirs.
_REACHED: Final = """
    WITH given AS (SELECT * FROM unnest(%(subjects)s::text[], %(addresses)s::text[]) AS given(subject, address)),
    direct AS (
        SELECT given.subject, given.address, owner.id, owner.person FROM given CROSS JOIN LATERAL (
            SELECT id, COALESCE(merged_into_id, id) AS person FROM clients_client
            WHERE practice_id = %(practice)s AND given.subject = 'phone' AND phone = given.address
            UNION ALL
            SELECT id, COALESCE(merged_into_id, id) FROM clients_client
            WHERE practice_id = %(practice)s AND given.subject = 'email' AND email = given.address
        ) owner
    ),
    known AS MATERIALIZED (
        SELECT DISTINCT d.subject, d.address, d.person, c.phone, c.email
        FROM direct d JOIN clients_client c ON c.id = d.id OR c.id = d.person
    )
    SELECT subject, address, person FROM known
    UNION
    SELECT NULL, NULL, relative.person FROM known CROSS JOIN LATERAL (
        SELECT COALESCE(merged_into_id, id) AS person FROM clients_client
        WHERE practice_id = %(practice)s AND phone = known.phone AND known.phone <> ''
        UNION ALL
        SELECT COALESCE(merged_into_id, id) FROM clients_client
        WHERE practice_id = %(practice)s AND email = known.email AND known.email <> ''
    ) relative
"""
_KNOWN: Final = """
    SELECT s.subject, s.address, s.lifted_at IS NULL, s.lifted_at IS NULL AND s.narrowed_at IS NOT NULL
    FROM unnest(%(subjects)s::text[], %(addresses)s::text[]) AS given(subject, address)
    JOIN clients_suppression s ON s.practice_id = %(practice)s AND s.address = given.address
        AND s.subject = given.subject
    WHERE s.lifted_at IS NULL OR s.lifted_at >= %(said_at)s
"""

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Imported:
    """What became of a list. `added`: addresses new on it; `known`: that stood already; `back`: taken back since.

    `clients`: how many clients of the practice the list reaches. Every line is in one of them, or bad.
    """

    lines: int = 0
    added: int = 0
    known: int = 0
    back: int = 0
    clients: int = 0
    bad: list[BadLine] = field(default_factory=list)


def import_stops(
    practice_id: UUID,
    file: BinaryIO,
    *,
    wording: str,
    actor: Actor,
    now: datetime,
    said_at: datetime | None = None,
) -> Imported:
    """Will put every phone and email of a list on the suppression list, all or none, in the open scope (OPT-2).

    It does for each what `opt_out` does, set-based: whoever has the address, or shares one with her, is out.
    Repeatable: what stands already stays as it is. What a person took back after `said_at`, the day of the list
    (None: now), stays taken back. Keyed hashes of the erased come back as such (REC-5). Audited.

    Raises:
        ListRefused: the list is empty or too long.
    """
    imported = Imported()
    wanted: dict[Subject, bool] = {}  # whether it is asked for every channel
    for line in read_list(file):
        if isinstance(line, BadLine):
            imported.bad.append(line)
            continue
        imported.lines += 1
        for subject in ((_PHONE, line.phone), (_EMAIL, line.email), line.kept):
            if subject and subject[1]:
                wanted[subject] = wanted.get(subject, False) or not line.is_narrowed
    standing, back = _known(practice_id, wanted, said_at or now)
    imported.known, imported.back = len(standing), len(back)
    subjects = [each for each in wanted if each not in standing and each not in back]
    imported.added = len(subjects)
    owners, reached = _hold_reached(practice_id, subjects)
    word = (Suppression.Origin.IMPORT.value, wording.replace("\x00", ""), actor.staff_member_id, said_at or now)
    rows = [(subject, address, owners.get((subject, address)), *word) for subject, address in subjects]
    others = reached - set(owners.values())
    rows += [(_CLIENT, str(client_id), client_id, *word) for client_id in sorted(others)]
    for batch in _batches(rows):
        suppress(practice_id, batch)
    imported.clients = len(reached)
    if reached:
        settle_wishes(practice_id, reached, now)
        event = ClientsChanged(practice_id, frozenset(reached), now, may_wait=len(reached) > PLANNED_AT_ONCE)
        consent_changed.send(sender=Suppression, event=event)
    detail = {"added": imported.added, "known": imported.known, "bad": len(imported.bad), "clients": imported.clients}
    audit(practice_id, actor, "suppressions_imported", now, detail=detail)
    return imported


def _known(practice_id: UUID, wanted: Mapping[Subject, bool], said_at: datetime) -> tuple[set[Subject], set[Subject]]:
    """What stands already for every channel that is asked for, and what was taken back since the list was made.

    What is kept of somebody erased stands, or was taken back, as she had it: her number does not come in again.
    """
    standing: set[Subject] = set()
    back: set[Subject] = set()
    for batch in _batches(wanted):
        meant = as_kept(practice_id, batch)
        given = _given(practice_id, [*batch, *meant]) | {"said_at": said_at}
        for subject, address, is_standing, is_narrowed in run(_KNOWN, given):
            asked = meant.get((subject, address), (subject, address))
            if not (is_narrowed and wanted[asked]):
                (standing if is_standing else back).add(asked)
    return standing, back - standing


def _hold_reached(practice_id: UUID, subjects: Collection[Subject]) -> tuple[dict[Subject, UUID], set[UUID]]:
    """Whom each address belongs to and whom the list reaches, held in the order of their ids.

    Where one was merged away or erased while we waited, they are looked for again.
    """
    while True:
        owners: dict[Subject, UUID] = {}
        reached: set[UUID] = set()
        for batch in _batches(subjects):
            for subject, address, person in run(_REACHED, _given(practice_id, batch)):
                reached.add(person)
                if subject is not None:
                    owners[subject, address] = min(person, owners.get((subject, address), person))
        held = (lock_clients(practice_id, batch) for batch in _batches(sorted(reached)))
        found = {client_id for clients in held for client_id, data in clients.items() if data.merged_into is None}
        if found == reached:
            return owners, reached


def _given(practice_id: UUID, subjects: Iterable[Subject]) -> dict[str, object]:
    columns = arrays(subjects) or [array([]), array([])]
    return {"subjects": columns[0], "addresses": columns[1], "practice": practice_id}


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH)):
        yield batch
