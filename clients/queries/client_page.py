"""What do the records hold about one client?"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q

from cadences.models.service import ServiceKind
from clients.models import (
    AddressMark,
    Appointment,
    AppointmentService,
    Client,
    ClientIdentity,
    Consent,
    ServiceIssue,
    StaffNote,
    Suppression,
    Treatment,
    TreatmentRecord,
)
from clients.models.treatment import TreatmentStatus
from clients.queries.stops_in_force import stops_of


@dataclass(frozen=True, slots=True)
class ClientRecords:
    """A client and everything recorded of the person, each in the order of time."""

    client: Client
    identities: tuple[ClientIdentity, ...]
    treatments: tuple[Treatment, ...]
    appointments: tuple[Appointment, ...]
    consents: tuple[Consent, ...]
    suppressions: tuple[Suppression, ...]
    marks: tuple[AddressMark, ...]
    """What carriers say of the phone and the email that the client has now (CHN-2)."""
    issues: tuple[ServiceIssue, ...]
    notes: tuple[StaffNote, ...]
    unmapped: tuple[str, ...]
    """Services that were done, under names that nobody has mapped (LIB-5), by name."""


def client_records(practice_id: UUID, client_id: UUID) -> ClientRecords | None:
    """Return a client's records, or None where the practice has no such client.

    At most thirteen queries, however many records there are. Of one who was merged into another (R18): the other's.
    """
    client = Client.objects.filter(practice_id=practice_id, pk=client_id).select_related("merged_into").first()
    if client is None:
        return None
    client = client.merged_into or client
    services = AppointmentService.objects.select_related("service__treatment_type")
    return ClientRecords(
        client=client,
        identities=tuple(ClientIdentity.objects.filter(client=client).order_by("source", "remote_id")),
        treatments=tuple(
            Treatment.objects.filter(client=client)
            .select_related("treatment_type", "provider", "location")
            .order_by("performed_on", "id")
        ),
        appointments=tuple(
            Appointment.objects.filter(client=client)
            .select_related("provider", "location")
            .prefetch_related(Prefetch("services", queryset=services), "changes")
            .order_by("starts_at", "id")
        ),
        consents=tuple(Consent.objects.filter(client=client).order_by("at", "id")),
        suppressions=tuple(
            Suppression.objects.filter(practice_id=practice_id)
            .filter(_suppressed(practice_id, client))
            .select_related("by__person")
            .order_by("at", "id")
        ),
        marks=tuple(
            AddressMark.objects.filter(_addresses(client), practice_id=practice_id, lifted_at=None).order_by("-subject")
        ),
        issues=tuple(
            ServiceIssue.objects.filter(client=client)
            .select_related("resolved_by__person", "opened_by__person")
            .order_by("opened_at", "id")
        ),
        notes=tuple(StaffNote.objects.filter(client=client).select_related("by__person").order_by("at", "id")),
        unmapped=tuple(
            TreatmentRecord.objects.filter(
                client=client, status=TreatmentStatus.COMPLETED, service__kind=ServiceKind.UNKNOWN
            )
            .order_by("service__name")
            .values_list("service__name", flat=True)
            .distinct()
        ),
    )


def _addresses(client: Client) -> Q:
    """Marks of the phone and of the email, where there are any."""
    phone = Q(subject=AddressMark.Subject.PHONE, address=client.phone) if client.phone else Q(pk__in=[])
    email = Q(subject=AddressMark.Subject.EMAIL, address=client.email) if client.email else Q(pk__in=[])
    return phone | email


def _suppressed(practice_id: UUID, client: Client) -> Q:
    """Opt-outs of the person, of the phone and of the email alike (OPT-1), from before she was erased too (REC-5)."""
    mine = [(Suppression.Subject.PHONE.value, client.phone), (Suppression.Subject.EMAIL.value, client.email)]
    return Q(client=client) | stops_of(practice_id, mine)
