"""How is a client held while something happens to her? Her row is the lock (DESIGN.md 5)."""

import json
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from clients.operations.contact_data import COLUMNS, ContactData
from practices.operations.rows import array, run

_LOCK: Final = (
    f"SELECT {', '.join(COLUMNS)}, merged_into_id FROM clients_client "  # noqa: S608  our own column names
    "WHERE practice_id = %s AND id = ANY(%s::uuid[]) AND erased_at IS NULL ORDER BY id FOR UPDATE"
)


def lock_clients(practice_id: UUID, client_ids: Iterable[UUID]) -> dict[UUID, ContactData]:
    """Will hold these clients' rows until the transaction ends, in the order of their ids, and read them.

    Bookings, stops, staff actions and the sweep hold the same rows (R32). Clients of other practices, unknown
    ones and the erased are left out. One who was merged away says into whom.
    """
    wanted = array(sorted(set(client_ids)))
    if wanted == "{}":
        return {}
    held = {}
    for *row, stamps, merged_into in run(_LOCK, [practice_id, wanted]):
        held[row[0]] = data = ContactData.of_row((*row, json.loads(stamps)))
        data.merged_into = merged_into
    return held
