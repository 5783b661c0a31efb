"""Which visits count as the treatment although nobody said that they took place? (R10)"""

from collections import defaultdict
from datetime import datetime
from typing import Final
from uuid import UUID

from clients.operations.record import record
from clients.operations.reported import Report, ReportedClient, ReportedTreatment
from clients.queries.passed_visits import practices_that_count_passed_visits
from practices.operations.rows import run
from practices.tenancy import practice_scope

AT_ONCE: Final = 2_000
"""Lines in one transaction."""
_OVER: Final = """
    a.status NOT IN ('cancelled', 'no_show')
    AND a.starts_at + make_interval(mins => coalesce(a.duration_minutes, 30)) + interval '1 hour' <= %(now)s
"""
_IDENTITY: Final = """
    JOIN LATERAL (
        SELECT source, remote_id FROM clients_clientidentity
        WHERE client_id = {client} ORDER BY created_at, id LIMIT 1
    ) known ON true
"""
_TO_COUNT: Final = f"""
    SELECT known.source, left('passed:' || a.source, 40), a.id || ':' || s.id, known.remote_id, s.name, a.starts_at,
        p.name, l.name
    FROM clients_appointment a
    JOIN clients_appointmentservice b ON b.appointment_id = a.id
    JOIN cadences_service s ON s.id = b.service_id AND s.kind = 'treatment_type'
    {_IDENTITY.format(client="a.client_id")}
    LEFT JOIN practices_provider p ON p.id = a.provider_id
    LEFT JOIN practices_location l ON l.id = a.location_id
    LEFT JOIN clients_treatmentrecord r ON r.practice_id = a.practice_id
        AND r.source = left('passed:' || a.source, 40) AND r.line_key = a.id || ':' || s.id
    WHERE a.practice_id = %(practice)s AND {_OVER}
        AND (r.id IS NULL OR r.status = 'voided' OR r.performed_at <> a.starts_at)
    ORDER BY a.client_id LIMIT {AT_ONCE}
"""  # noqa: S608 - our own words
_TO_WITHDRAW: Final = f"""
    SELECT known.source, r.source, r.line_key, known.remote_id
    FROM clients_treatmentrecord r
    {_IDENTITY.format(client="r.client_id")}
    WHERE r.practice_id = %(practice)s AND r.source LIKE 'passed:%%' AND r.status = 'completed' AND NOT EXISTS (
        SELECT FROM clients_appointment a JOIN clients_appointmentservice b ON b.appointment_id = a.id
        WHERE a.id = split_part(r.line_key, ':', 1)::uuid AND b.service_id = split_part(r.line_key, ':', 2)::uuid
        AND {_OVER}
    )
    ORDER BY r.client_id LIMIT {AT_ONCE}
"""  # noqa: S608 - our own words

Sources = tuple[str, str]
"""The namespace of the clients' ids, and the document under which the lines stand."""


def count_passed_visits(now: datetime) -> int:
    """Will count visits that are over as treatments, in every practice that chose so; returns how many lines changed.

    A visit is over one hour after its end. It counts for each of its services that is mapped to a treatment type,
    unless it was cancelled or missed; it is withdrawn if that is heard of later, or if the visit is moved (R10).
    Lines about what was really done join it by R16. Doing it again changes nothing.
    """
    return sum(count_in(practice_id, now) for practice_id in practices_that_count_passed_visits())


def count_in(practice_id: UUID, now: datetime) -> int:
    """Will do it for one practice, some thousands of lines a transaction."""
    changed = 0
    words = {"practice": practice_id, "now": now}
    for find in (_withdrawn, _counted):
        while True:
            with practice_scope(practice_id):
                lines = find(words)
                for (identity_source, document), treatments in lines.items():
                    record(practice_id, Report(identity_source, document, now, treatments=tuple(treatments)), now)
            found = sum(map(len, lines.values()))
            changed += found
            if found < AT_ONCE:
                break
    return changed


def _counted(words: dict[str, object]) -> dict[Sources, list[ReportedTreatment]]:
    lines: dict[Sources, list[ReportedTreatment]] = defaultdict(list)
    for source, document, line_key, remote_id, service, starts_at, provider, location in run(_TO_COUNT, words):
        line = ReportedTreatment(
            line_key, ReportedClient(remote_id), service, starts_at, provider=provider, location=location
        )
        lines[source, document].append(line)
    return lines


def _withdrawn(words: dict[str, object]) -> dict[Sources, list[ReportedTreatment]]:
    lines: dict[Sources, list[ReportedTreatment]] = defaultdict(list)
    for source, document, line_key, remote_id in run(_TO_WITHDRAW, words):
        lines[source, document].append(ReportedTreatment(line_key, ReportedClient(remote_id), "", is_voided=True))
    return lines
