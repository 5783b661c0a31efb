"""How is Jane's Appointments report understood? (pms.md 5.5)"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from clients.models.appointment import AppointmentStatus
from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.lines import BookingRow, Line
from integrations.imports.preset import Preset
from integrations.imports.rows import Cells
from integrations.imports.values import by_table, local_day, local_moment, yes_or_no

# A word of the column state -> ours. Jane has no completion: arrived is the last it says (R10, pms.md 7).
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reserved": AppointmentStatus.BOOKED,
        "booked": AppointmentStatus.BOOKED,
        "booked online": AppointmentStatus.BOOKED,
        "rescheduled": AppointmentStatus.BOOKED,
        "unarrived": AppointmentStatus.BOOKED,
        "checked in": AppointmentStatus.ARRIVED,
        "checked_in": AppointmentStatus.ARRIVED,
        "in-progress": AppointmentStatus.ARRIVED,
        "arrived": AppointmentStatus.COMPLETED,
        "no_show": AppointmentStatus.NO_SHOW,
        "no show": AppointmentStatus.NO_SHOW,
        "cancelled": AppointmentStatus.CANCELLED,
        "archived": AppointmentStatus.CANCELLED,
        "deleted": AppointmentStatus.CANCELLED,
        "never booked": AppointmentStatus.CANCELLED,
        "never_booked": AppointmentStatus.CANCELLED,
    }
)


def translate(cells: Cells) -> Line | None:
    """Read one service of one visit: rows of one client, location and start are one booking.

    Who arrived was treated: that row is a treatment too, without quantity and price. Breaks: no line.
    Notes may hold health data and are never read.
    """
    if yes_or_no(cells.text("break"), "break"):
        return None
    row_id = cells.required("id", at_most=120)
    guid = cells.required("patient_guid", at_most=120)
    service = cells.required("treatment_name", at_most=200)
    status = by_table(STATUSES, cells.required("state", at_most=40), "state")
    starts = local_moment(cells.required("start_at", at_most=40), "start_at")
    end = cells.optional("end_at", at_most=40)
    booked = cells.optional("booked_at", at_most=40)
    location = cells.optional("location_name", at_most=120)
    provider = cells.optional("staff_member_name", at_most=120)
    client = ReportedClient(
        remote_id=guid,
        first_name=cells.optional("patient_first_name", at_most=80),
        last_name=cells.optional("patient_last_name", at_most=80),
    )
    treatment = None
    if status == AppointmentStatus.COMPLETED:
        treatment = ReportedTreatment(
            line_key=row_id,
            client=client,
            service=service,
            performed_at=starts if starts.tzinfo else None,
            performed_local=None if starts.tzinfo else starts,
            provider=provider,
            location=location,
        )
    booking = BookingRow(
        group=f"{guid}|{location or ''}|{starts.isoformat()}",
        remote_id=row_id,
        client=client,
        service=service,
        status=status,
        starts=starts,
        ends=_same_kind(local_moment(end, "end_at"), starts) if end else None,
        booked=local_day(booked, "booked_at") if booked else None,
        provider=provider,
        location=location,
    )
    return Line(treatment=treatment, booking=booking)


def _same_kind(ends: datetime, starts: datetime) -> datetime | None:
    """A file that says UTC of the one says it of the other; where it does not, the end tells nothing."""
    return ends if (ends.tzinfo is None) == (starts.tzinfo is None) else None


PRESET: Final = Preset(
    name="jane_appointments",
    identity_source="jane",
    signatures=(frozenset({"patient_guid", "treatment_name", "start_at", "state"}),),
    needed=frozenset({"id"}),
    translate=translate,
    has_bookings=True,
    has_repeats=False,
)
