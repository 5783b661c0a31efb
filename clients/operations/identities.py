"""Which client does a reported person mean? Safe matches only; a doubtful one becomes a client of its own (REC-2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from practices.operations.rows import array, run

# OFFSET 0 keeps each lookup a lookup: on a table that was never analyzed the planner would read all of it.
_OWN = """
    SELECT given.remote_id, i.client_id, i.merge_id
    FROM unnest(%s::text[]) AS given(remote_id)
    CROSS JOIN LATERAL (
        SELECT client_id, merge_id FROM clients_clientidentity
        WHERE practice_id = %s AND source = %s AND remote_id = given.remote_id OFFSET 0
    ) i
"""
_OTHERS = """
    SELECT given.remote_id, i.client_id, c.name_key
    FROM unnest(%s::text[]) AS given(remote_id)
    CROSS JOIN LATERAL (
        SELECT client_id FROM clients_clientidentity
        WHERE practice_id = %s AND remote_id = given.remote_id AND source <> %s OFFSET 0
    ) i
    CROSS JOIN LATERAL (SELECT name_key FROM clients_client WHERE id = i.client_id OFFSET 0) c
"""
_NAMESAKES = """
    SELECT c.id, c.name_key, c.phone, c.email, c.date_of_birth
    FROM unnest(%s::text[]) AS given(name_key)
    CROSS JOIN LATERAL (
        SELECT id, name_key, phone, email, date_of_birth FROM clients_client
        WHERE practice_id = %s AND name_key = given.name_key AND merged_into_id IS NULL OFFSET 0
    ) c
"""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A client of some name, with what tells one namesake from another."""

    client_id: UUID
    phone: str
    email: str
    date_of_birth: date | None


@dataclass(slots=True)
class KnownPeople:
    """Who is known under the ids and names of a batch."""

    by_own_id: dict[str, UUID] = field(default_factory=dict)
    merges: dict[str, UUID] = field(default_factory=dict)
    """Own id -> the merge that brought it to its client, if one did."""
    by_other_id: dict[str, dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))
    namesakes: dict[str, list[Namesake]] = field(default_factory=lambda: defaultdict(list))

    def match(self, remote_id: str, key: str, said: dict[str, Any]) -> UUID | None:
        """The one client whom a person new to the source safely is, or none (REC-2).

        The same id in another system with the same name, or the same phone or email with the same name; in no
        case with another date of birth. An id without a name counts unless it is a bare number, such as every
        system counts up from one.
        """
        others = {
            client_id
            for client_id, name in self.by_other_id.get(remote_id, {}).items()
            if (name == key if key else not remote_id.isdigit())
        }
        if len(others) == 1:
            (only,) = others
            return only if not self._is_another(only, key, said) else None
        phone, email, born = said.get("phone"), said.get("email"), said.get("date_of_birth")
        hits = {
            namesake.client_id
            for namesake in (self.namesakes.get(key, ()) if key else ())
            if ((phone and namesake.phone == phone) or (email and namesake.email == email))
            and not (born and namesake.date_of_birth and born != namesake.date_of_birth)
        }
        return next(iter(hits)) if len(hits) == 1 else None

    def _is_another(self, client_id: UUID, key: str, said: dict[str, Any]) -> bool:
        born = said.get("date_of_birth")
        return any(
            born and namesake.date_of_birth and born != namesake.date_of_birth
            for namesake in self.namesakes.get(key, ())
            if namesake.client_id == client_id
        )

    def add(self, key: str, namesake: Namesake) -> None:
        """Will count a client made in this batch among those that later lines can mean."""
        if key:
            self.namesakes[key].append(namesake)


def find_own(practice_id: UUID, source: str, remote_ids: Iterable[str], known: KnownPeople) -> None:
    """Will add who is known to this source under these ids."""
    for remote_id, client_id, merge_id in run(_OWN, [array(sorted(remote_ids)), practice_id, source]):
        known.by_own_id[remote_id] = client_id
        if merge_id is not None:
            known.merges[remote_id] = merge_id


def find_elsewhere(practice_id: UUID, source: str, remote_ids: Iterable[str], known: KnownPeople) -> None:
    """Will add who is known to other sources under these ids, with their names."""
    for remote_id, client_id, name in run(_OTHERS, [array(sorted(remote_ids)), practice_id, source]):
        known.by_other_id[remote_id][client_id] = name


def find_namesakes(practice_id: UUID, keys: Iterable[str], known: KnownPeople) -> None:
    """Will add every client who has one of these names."""
    wanted = sorted(set(keys) - {""} - set(known.namesakes))
    for client_id, key, phone, email, born in run(_NAMESAKES, [array(wanted), practice_id]) if wanted else ():
        known.namesakes[key].append(Namesake(client_id, phone, email, born))


def hold_newcomers(practice_id: UUID) -> None:
    """Will let one batch at a time add clients to a practice, so that nobody enters it twice."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"newcomers of {practice_id}"])
