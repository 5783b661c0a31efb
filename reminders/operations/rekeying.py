"""Which of two plans for one treatment or visit keeps its key, when their clients become one? (R18)"""

from typing import Final
from uuid import UUID

from practices.operations.rows import array, run, update_rows
from reminders.models import Sequence

# A line or a booking that was reported of somebody else leaves a plan with each: both hang on the same record.
_SAME_KEY: Final = """
    SELECT k.id, g.id, k.key FROM reminders_sequence k
    JOIN reminders_sequence g ON g.practice_id = k.practice_id AND g.key = k.key AND g.client_id = %(gone)s
    WHERE k.practice_id = %(practice)s AND k.client_id = %(kept)s ORDER BY k.key
"""
_KEYS: Final = "SELECT key FROM reminders_sequence WHERE practice_id = %s AND client_id = ANY(%s::uuid[])"
_RESTORE: Final = """
    UPDATE reminders_sequence t SET key = n.before->>'key' FROM clients_clientmergedrow n
    WHERE n.merge_id = %(merge)s AND n."table" = 'reminders_sequence' AND n.row_id = t.id
    AND n.before->>'key' <> n.after->>'key' AND t.key = n.after->>'key'
    AND n.before->>'client_id' = t.client_id::text
    AND NOT EXISTS (
        SELECT 1 FROM reminders_sequence o
        WHERE o.practice_id = t.practice_id AND o.client_id = t.client_id AND o.key = n.before->>'key'
    )
"""


def part_keys(practice_id: UUID, kept_id: UUID, gone_id: UUID, gone_alive: set[UUID]) -> None:
    """Will give one of two sequences that have the same key another, so that one client can have both.

    The planner goes on with whichever bears the plain key: that is the gone one's where hers was alive, for the
    record both hang on is hers; else the kept one's. Both clients are held.
    """
    pairs = run(_SAME_KEY, {"practice": practice_id, "kept": kept_id, "gone": gone_id})
    if not pairs:
        return
    taken = {key for (key,) in run(_KEYS, [practice_id, array([kept_id, gone_id])])}
    renamed = []
    for kept_row, gone_row, key in pairs:
        other = _free(key, taken)
        taken.add(other)
        renamed.append((kept_row if gone_row in gone_alive else gone_row, other))
    update_rows(Sequence, ("id", "key"), renamed)


def restore_keys(merge_id: UUID) -> None:
    """Will give back the keys that a merge changed, to whoever has her own sequence again."""
    run(_RESTORE, {"merge": merge_id})


def _free(key: str, taken: set[str]) -> str:
    """The same kind and anchor under a number that nothing has."""
    kind, _, anchor = key.partition(":")
    kind, number = kind.partition("-")[0], 2
    while f"{kind}-{number}:{anchor}" in taken:
        number += 1
    return f"{kind}-{number}:{anchor}"
