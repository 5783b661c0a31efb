"""Who is out because she, or somebody with the same address, opted out before, or was erased since? (OPT-2, REC-5)"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from clients.models import ClientIdentity, Suppression
from clients.operations.stopping import suppress
from clients.queries.keyed_hashes import identity_words, keeps_hashes, keyed_hashes
from practices.operations.rows import arrays, run

_RELATIVES: Final = """
    SELECT DISTINCT ON (given.id) given.id, s.origin, s.wording, s.by_id, s.at
    FROM unnest(%(ids)s::uuid[], %(addresses)s::text[]) AS given(id, address)
    CROSS JOIN LATERAL (
        SELECT COALESCE(merged_into_id, id) AS id FROM clients_client
        WHERE practice_id = %(practice)s AND {column} = given.address
        AND COALESCE(merged_into_id, id) <> given.id OFFSET 0
    ) relative
    JOIN clients_suppression s ON s.client_id = relative.id AND s.lifted_at IS NULL
    ORDER BY given.id, s.at
"""
_LEFT: Final = """
    SELECT DISTINCT ON (given.id) given.id, s.origin, s.wording, s.by_id, s.at
    FROM unnest(%(ids)s::uuid[], %(addresses)s::text[]) AS given(id, address)
    JOIN clients_suppression s ON s.practice_id = %(practice)s AND s.subject = %(subject)s
        AND s.address = given.address AND s.lifted_at IS NULL AND s.client_id IS DISTINCT FROM given.id
    ORDER BY given.id, s.at
"""
_IDENTITY: Final = ("client_id", "source", "remote_id")
_KEPT: Final = """
    SELECT DISTINCT ON (given.id) given.id, s.origin, s.wording, s.by_id, s.at
    FROM unnest(%(ids)s::uuid[], %(subjects)s::text[], %(hashes)s::text[]) AS given(id, subject, hash)
    JOIN clients_suppression s ON s.practice_id = %(practice)s AND s.subject = given.subject
        AND s.address = given.hash AND s.is_hashed AND s.lifted_at IS NULL AND s.narrowed_at IS NULL
    ORDER BY given.id, s.at
"""

Addresses = Iterable[tuple[UUID, str, str]]
"""Client, phone and email; each may be empty."""


def inherit_stops(practice_id: UUID, have: Addresses, left: Addresses) -> None:
    """Will suppress clients who have an address of somebody that opted out, or left one that is suppressed.

    `have` are clients who are new or have a new address, `left` the addresses that clients had before. The address
    itself being suppressed needs no row: it counts for whoever has it. Whoever has an address, or is known to a
    source under an id, of somebody who opted out and was erased, is that person again.
    """
    if not Suppression.objects.filter(practice_id=practice_id, lifted_at=None).exists():
        return
    found: dict[UUID, tuple[object, ...]] = {}
    have, left = list(have), list(left)
    for subject, position in (("phone", 1), ("email", 2)):
        for sql, given in ((_RELATIVES.format(column=subject), have), (_LEFT, left)):
            rows = [(client[0], client[position]) for client in given if client[position]]
            if rows:
                ids, addresses = arrays(rows)
                words = {"ids": ids, "addresses": addresses, "practice": practice_id, "subject": subject}
                for client_id, *word in run(sql, words):
                    found.setdefault(client_id, tuple(word))
    for client_id, *word in _kept(practice_id, have, left):
        found.setdefault(client_id, tuple(word))
    suppress(practice_id, [("client", str(client_id), client_id, *word) for client_id, word in sorted(found.items())])


def _kept(practice_id: UUID, have: Addresses, left: Addresses) -> list[tuple[Any, ...]]:
    """The opt-outs that are kept of these clients, as hashes, from before they were erased."""
    if not keeps_hashes(practice_id):
        return []
    have = list(have)
    known = ClientIdentity.objects.filter(practice_id=practice_id, client_id__any_of=[each[0] for each in have])
    said = [(client_id, "client", identity_words(*row)) for client_id, *row in known.values_list(*_IDENTITY)]
    for client_id, phone, email in (*have, *left):
        said += [(client_id, "phone", phone), (client_id, "email", email)]
    rows = [
        (client_id, subject, kept)
        for client_id, subject, words in said
        if words
        for kept in keyed_hashes(practice_id, subject, words)
    ]
    if not rows:
        return []
    ids, subjects, hashes = arrays(rows)
    return run(_KEPT, {"ids": ids, "subjects": subjects, "hashes": hashes, "practice": practice_id})
