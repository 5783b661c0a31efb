"""Who has booked a service?"""

from uuid import UUID

from clients.models import AppointmentService


def clients_who_booked(practice_id: UUID, service_id: UUID) -> set[UUID]:
    """Return the clients with an appointment, whatever became of it, for this service."""
    rows = AppointmentService.objects.filter(practice_id=practice_id, service_id=service_id)
    return set(rows.values_list("appointment__client_id", flat=True))
