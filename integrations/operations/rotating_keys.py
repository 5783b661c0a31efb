"""How do stored credentials come under the newest of FIELD_KEYS? (DESIGN.md 6)"""

from dataclasses import dataclass
from uuid import UUID

from clients.queries.keyed_hashes import count_hashes
from integrations.models import Connection, GatewayAccount
from practices.operations.encryption import NotDecryptable, decrypt, encrypt
from practices.tenancy import practice_scope


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many secrets of a kind are under the newest key now, and which no key opens."""

    accounts: int = 0
    connections: int = 0
    lost: tuple[UUID, ...] = ()
    """Ids of accounts and connections: connect those anew, or put the key back."""
    hashes: int = 0
    """Opt-outs in force of erased clients, kept as keyed hashes: nobody can make those anew under another key."""


def rotate_keys(practice_id: UUID) -> Rotated:
    """Will encrypt every stored credential of a practice anew under the first of FIELD_KEYS, in one transaction.

    What no key opens is left as it is. Once it is done for every practice, the older keys can be taken away, unless
    unsubscribe links of messages that have left were made under them, or hashes of erased clients' addresses: those
    are recognized under their key alone, so that without it somebody who said stop could be written to (OPT-1).
    """
    with practice_scope(practice_id):
        accounts, lost = _rotate(GatewayAccount, "credentials")
        connections, closed = _rotate(Connection, "secret")
        hashes = count_hashes(practice_id)
    return Rotated(accounts, connections, (*lost, *closed), hashes)


def _rotate(model: type[GatewayAccount] | type[Connection], field: str) -> tuple[int, list[UUID]]:
    """Row by row under its lock: whoever changes a credential meanwhile waits, and writes under the newest anyway."""
    done, lost = 0, []
    for row in model._default_manager.order_by("pk").select_for_update(no_key=True):
        kept = bytes(getattr(row, field))
        if not kept:
            continue
        try:
            setattr(row, field, encrypt(decrypt(kept)))
        except NotDecryptable:
            lost.append(row.pk)
            continue
        row.save(update_fields=[field])
        done += 1
    return done, lost
