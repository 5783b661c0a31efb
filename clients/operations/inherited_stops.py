"""Who is out because somebody with the same phone or email opted out, or because she did under an older one? (OPT-2)"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from clients.models import Suppression
from clients.operations.stopping import suppress
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

Addresses = Iterable[tuple[UUID, str, str]]
"""Client, phone and email; each may be empty."""


def inherit_stops(practice_id: UUID, have: Addresses, left: Addresses) -> None:
    """Will suppress clients who have an address of somebody that opted out, or left one that is suppressed.

    `have` are clients who are new or have a new address, `left` the addresses that clients had before. The address
    itself being suppressed needs no row: it counts for whoever has it.
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
    suppress(practice_id, [("client", str(client_id), client_id, *word) for client_id, word in sorted(found.items())])
