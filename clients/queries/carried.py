"""How many treatments and bookings carry a service name, since when, from which sources?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

MOST_COUNTED: Final = 1_000
"""Further than this nobody counts on a page: "1,000 and more" says enough."""

_CARRIED: Final = f"""
    SELECT given.id, t.number, t.since, t.sources, b.number, b.sources
    FROM unnest(%(ids)s::uuid[]) AS given(id)
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, min(performed_on) AS since, array_agg(DISTINCT source) AS sources FROM (
            SELECT performed_on, source FROM clients_treatmentrecord
            WHERE practice_id = %(practice)s AND service_id = given.id AND status = 'completed'
            AND performed_on IS NOT NULL LIMIT {MOST_COUNTED + 1}
        ) lines
    ) t
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, array_agg(DISTINCT source) AS sources FROM (
            SELECT a.source FROM clients_appointmentservice s JOIN clients_appointment a ON a.id = s.appointment_id
            WHERE s.practice_id = %(practice)s AND a.practice_id = %(practice)s AND s.service_id = given.id
            LIMIT {MOST_COUNTED + 1}
        ) bookings
    ) b
"""  # noqa: S608 - our own number
_CLIENTS: Final = """
    SELECT client_id, max(performed_on) AS latest FROM clients_treatmentrecord
    WHERE practice_id = %(practice)s AND service_id = %(service)s GROUP BY client_id
    UNION ALL
    SELECT DISTINCT a.client_id, NULL::date
    FROM clients_appointmentservice s JOIN clients_appointment a ON a.id = s.appointment_id
    WHERE s.practice_id = %(practice)s AND a.practice_id = %(practice)s AND s.service_id = %(service)s
"""
_CONCERNED: Final = f"""
    SELECT client_id, count(*) OVER () FROM ({_CLIENTS}) concerned
    GROUP BY client_id ORDER BY max(latest) DESC NULLS LAST, client_id LIMIT %(most)s
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Carried:
    """How often a name stands in the records. A number above MOST_COUNTED means: more than that."""

    treatments: int
    since: date | None
    bookings: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The clients whose records name a service: those treated last, and how many there are in all."""

    client_ids: tuple[UUID, ...]
    total: int


def carried(practice_id: UUID, service_ids: Collection[UUID]) -> dict[UUID, Carried]:
    """Return how often each of these services is named, in one query that counts no further than a page needs."""
    if not service_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED, {"ids": list(service_ids), "practice": practice_id})
        return {
            service_id: Carried(treatments, since, bookings, tuple(sorted({*(told or ()), *(booked or ())})))
            for service_id, treatments, since, told, bookings, booked in cursor.fetchall()
        }


def concerned_clients(practice_id: UUID, service_id: UUID, most: int) -> Concerned:
    """Return up to `most` clients who had or booked a service, those treated last first, and the number of all."""
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, {"practice": practice_id, "service": service_id, "most": most})
        rows = cursor.fetchall()
    return Concerned(tuple(client_id for client_id, _ in rows), rows[0][1] if rows else 0)
