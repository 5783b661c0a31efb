"""Which treatments and appointments do the records hold of these clients?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from clients.models import Appointment, AppointmentService, Treatment
from clients.models.treatment import TreatmentStatus
from reminders.engine.values import Booked, Treated, Visit
from reminders.operations.bound import Bound
from reminders.operations.reading import Held, Row


def read_treatments(held: dict[UUID, Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read the treatments that count, and where she was last treated."""
    rows: Iterable[Row] = (
        Treatment.objects.filter(
            practice_id=practice_id, client_id__any_of=client_ids, status=TreatmentStatus.COMPLETED
        )
        .order_by("performed_on", "id")
        .values_list(
            "id",
            "client_id",
            "treatment_type_id",
            "performed_on",
            "recorded_at",
            "provider_id",
            "is_series_complete",
            "location_id",
            "area",
        )
    )
    for (
        treatment_id,
        client_id,
        type_id,
        performed_on,
        recorded_at,
        provider_id,
        complete,
        location_id,
        area,
    ) in rows:
        one = held[client_id]
        kind = bound.library.by_id.get(type_id)
        if kind is None:
            continue
        one.treatments.append(
            Treated(
                id=str(treatment_id),
                treatment_type=kind.slug,
                performed_on=performed_on,
                recorded_at=recorded_at,
                provider=str(provider_id) if provider_id is not None else None,
                is_series_complete=complete,
            )
        )
        one.treatment_rows.append((treatment_id, type_id, area))
        one.location_id = one.location_id if location_id is None else location_id


def read_visits(held: dict[UUID, Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read the appointments, whatever became of them, with what their services mean."""
    visits: list[Mapping[str, Any]] = list(
        Appointment.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
        .order_by("starts_at", "id")
        .values(
            "id",
            "client_id",
            "status",
            "starts_at",
            "duration_minutes",
            "location_id",
            "provider_id",
            "booked_at",
            "learned_at",
            "moved_at",
            "ended_at",
            "is_cancelled_by_practice",
        )
    )
    services = _services(bound, practice_id, [row["id"] for row in visits])
    for row in visits:
        location = bound.locations.get(row["location_id"])
        held[row["client_id"]].visits.append(
            Visit(
                id=str(row["id"]),
                status=row["status"],
                starts_at=row["starts_at"],
                services=tuple(services.get(row["id"], ())),
                learned_at=row["learned_at"],
                location=str(row["location_id"]) if row["location_id"] is not None else None,
                zone=location.time_zone if location else bound.practice.time_zone,
                provider=str(row["provider_id"]) if row["provider_id"] is not None else None,
                booked_at=row["booked_at"],
                moved_at=row["moved_at"],
                ended_at=row["ended_at"],
                duration_minutes=row["duration_minutes"] or 30,
                is_cancelled_by_practice=row["is_cancelled_by_practice"],
            )
        )


def _services(bound: Bound, practice_id: UUID, appointment_ids: Collection[UUID]) -> Mapping[UUID, list[Booked]]:
    services: dict[UUID, list[Booked]] = defaultdict(list)
    booked: Iterable[Row] = AppointmentService.objects.filter(
        practice_id=practice_id, appointment_id__any_of=appointment_ids
    ).values_list("appointment_id", "service__kind", "service__treatment_type_id", "service__first_seen_at")
    for appointment_id, kind, type_id, first_seen_at in booked:
        known = bound.library.by_id.get(type_id) if type_id is not None else None
        services[appointment_id].append(
            Booked(
                kind=kind,
                treatment_type=known.slug if known else None,
                family=known.family if known else None,
                unknown_since=first_seen_at if kind == "unknown" else None,
            )
        )
    return services
