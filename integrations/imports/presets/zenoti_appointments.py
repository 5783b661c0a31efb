"""How is Zenoti's Appointments report understood? (pms.md 1.6)"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from clients.models.appointment import AppointmentStatus
from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.lines import BookingRow, Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import by_table, local_day, wall_time

# A word of the column Status -> ours. Closed: the invoice is closed, so it was done (pms.md 7).
# Closed, No Show, Cancelled and Confirmed are seen; the others are the words of Zenoti's screens.
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": AppointmentStatus.BOOKED,
        "new": AppointmentStatus.BOOKED,
        "booked": AppointmentStatus.BOOKED,
        "confirmed": AppointmentStatus.CONFIRMED,
        "checked in": AppointmentStatus.ARRIVED,
        "checkin": AppointmentStatus.ARRIVED,
        "started": AppointmentStatus.ARRIVED,
        "in progress": AppointmentStatus.ARRIVED,
        "closed": AppointmentStatus.COMPLETED,
        "completed": AppointmentStatus.COMPLETED,
        "no show": AppointmentStatus.NO_SHOW,
        "noshow": AppointmentStatus.NO_SHOW,
        "cancelled": AppointmentStatus.CANCELLED,
        "canceled": AppointmentStatus.CANCELLED,
        "deleted": AppointmentStatus.CANCELLED,
    }
)


def translate(cells: Cells) -> Line | None:
    """Read one service of one appointment; a closed one is a treatment too, its price being in Sales-Cash.

    An invoice is one visit of one guest. Rows without guest and service are blocked time: no line.
    """
    if not cells.text("guest code") and not cells.text("service name"):
        return None
    invoice = cells.required("invoice no", at_most=60)
    guest = cells.required("guest code", at_most=60)
    service = cells.required("service name", at_most=200)
    status = by_table(STATUSES, cells.required("status", at_most=40), "Status")
    day = local_day(cells.required("appointment date", at_most=40), "Appointment Date")
    starts = datetime.combine(day, wall_time(cells.required("start time", at_most=40), "Start Time"))
    end = cells.optional("end time", at_most=40)
    booked = cells.optional("booked date", at_most=40)
    client = ReportedClient(
        remote_id=guest,
        full_name=cells.optional("guest name", at_most=160),
        email=cells.optional("email", at_most=254),
    )
    provider = cells.optional("providers", at_most=120)
    location = cells.optional("center name", at_most=120)
    treatment = None
    if status == AppointmentStatus.COMPLETED:
        treatment = ReportedTreatment(
            line_key=f"{invoice}|{guest}|{service}",
            client=client,
            service=service,
            performed_local=starts,
            provider=provider,
            location=location,
        )
    booking = BookingRow(
        group=f"{invoice}|{guest}",
        remote_id=f"{invoice}|{guest}",
        client=client,
        service=service,
        status=status,
        starts=starts,
        ends=datetime.combine(day, wall_time(end, "End Time")) if end else None,
        booked=local_day(booked, "Booked Date") if booked else None,
        provider=provider,
        location=location,
    )
    return Line(treatment=treatment, booking=booking)


PRESET: Final = Preset(
    name="zenoti_appointments",
    identity_source="zenoti",
    signatures=(frozenset({"guest code", "service name", "appointment date"}),),
    needed=frozenset({"invoice no", "start time", "status"}),
    translate=translate,
    has_bookings=True,
)
