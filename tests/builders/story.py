"""What happened at Lakeview until Tuesday, November 24, 2026, 1:42 pm? Enough to fill every part of a page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from uuid6 import uuid7

from cadences.models import TreatmentType
from clients.models import (
    Appointment,
    AppointmentService,
    Client,
    ClientIdentity,
    Consent,
    ServiceIssue,
    Suppression,
    Treatment,
)
from practices.models import Practice, StaffMember
from practices.queries.names import name_key
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, service
from tests.builders.practices import alice, bob, charlie, hilltop, lakeview, location, provider
from tests.builders.reminders import live, planned, sent

SINCE = datetime(2026, 3, 2, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
CHICAGO = ["America/Chicago"]


@dataclass(frozen=True)
class Story:
    """Who there is, after everything that happened."""

    lakeview: Practice
    hilltop: Practice
    alice: StaffMember
    bob: StaffMember
    charlie: StaffMember
    siobhan: UUID
    others: tuple[UUID, ...]


def client(practice: Practice, first_name: str, last_name: str, number: int, **fields: object) -> Client:
    """A client in Chicago who agreed to texts."""
    with practice_scope(practice.pk):
        row = Client.objects.create(
            practice=practice, first_name=first_name, last_name=last_name,
            name_key=name_key(f"{first_name} {last_name}"), phone=f"+1312555{number:04}",
            email=f"client{number}@example.com", state="IL", phone_state="IL", address_zones=CHICAGO,
            phone_zones=CHICAGO, created_at=SINCE, updated_at=SINCE, **fields,
        )  # fmt: skip
        Consent.objects.create(
            practice=practice, client=row, scope="sms", kind=Consent.Kind.GRANTED, at=SINCE, source="intake form",
            wording="I agree to get appointment reminders and offers by text.", recorded_at=SINCE,
        )  # fmt: skip
    return row


def treated(
    row: Client, slug: str, on: date, *, quantity: str = "24", unit: str = "units", price: str = "336", area: str = ""
) -> Treatment:
    """A treatment by Jordan Blake at Lincoln Park, known the same day."""
    practice = Practice(pk=row.practice_id)
    injector, place = provider(practice, "Jordan Blake NP"), location(practice, "Lincoln Park")
    with practice_scope(practice.pk):
        return Treatment.objects.create(
            practice_id=row.practice_id, client=row, performed_on=on, quantity=Decimal(quantity), unit=unit,
            price=Decimal(price), currency="USD", area=area, provider=injector, location=place,
            treatment_type=TreatmentType.objects.get(slug=slug),
            recorded_at=datetime(on.year, on.month, on.day, 20, tzinfo=UTC),
        )  # fmt: skip


def booked(row: Client, starts_at: datetime, learned_at: datetime, **fields: object) -> Appointment:
    """A booking of Botox with Jordan Blake at Lincoln Park."""
    practice = Practice(pk=row.practice_id)
    injector, place = provider(practice, "Jordan Blake NP"), location(practice, "Lincoln Park")
    what = service(practice, BOTOX)
    with practice_scope(practice.pk):
        appointment = Appointment.objects.create(
            practice_id=row.practice_id, client=row, source="records", remote_id=str(uuid7()),
            starts_at=starts_at, location=place, provider=injector, booked_at=learned_at, learned_at=learned_at,
            content_hash="", **fields,
        )  # fmt: skip
        AppointmentService.objects.create(practice_id=row.practice_id, appointment=appointment, service=what)
    return appointment


def tell() -> Story:
    """Make everything happen, through planning and delivering as they are."""
    practice = lakeview(SINCE)
    place = location(practice, "Lincoln Park", address_line="2210 N Clark St", city="Chicago", state="IL")
    with practice_scope(practice.pk):
        practice.address_line = "2210 N Clark St, Chicago, IL 60614"
        practice.booking_url = "https://lakeview.example/book"
        practice.save()
        place.save()
    live(practice, SINCE)
    siobhan = client(practice, "Siobhán", "O’Connell", 186, preferred_channel="sms")
    with practice_scope(practice.pk):
        ClientIdentity.objects.create(
            practice=practice, client=siobhan, source="zenoti", remote_id="G10481", created_at=SINCE
        )
    treated(siobhan, "lip_filler", date(2026, 7, 10), quantity="1", unit="syringe", price="750")
    treated(siobhan, "botox", date(2026, 9, 14), area="forehead and glabella")
    noor, jo = (
        client(practice, "Noor", "Patel", 176),
        client(practice, "Jo", "Whitfield", 103, preferred_channel="email"),
    )
    treated(noor, "dysport", date(2026, 9, 10), quantity="60")
    treated(jo, "botox", date(2026, 9, 12))
    dana, olivia = client(practice, "Dana", "Kowalczyk", 132), client(practice, "Olivia", "Jackson", 145)
    treated(dana, "botox", date(2026, 9, 8))
    treated(olivia, "xeomin", date(2026, 9, 9))
    everyone = [each.pk for each in (siobhan, noor, jo, dana, olivia)]
    planned(practice, everyone, SINCE + timedelta(days=200))
    for day in range(14, 25):
        at = datetime(2026, 11, day, 16, 0, 2, tzinfo=UTC)
        sent(practice, at)
        if day == 18:
            booked(dana, datetime(2026, 11, 27, 20, tzinfo=UTC), at + timedelta(hours=2, minutes=5))
            planned(practice, [dana.pk], at + timedelta(hours=2, minutes=6))
            sent(practice, at + timedelta(hours=2, minutes=6))
    with practice_scope(practice.pk):
        Suppression.objects.create(
            practice=practice, subject="phone", address=olivia.phone, client=olivia, origin="reply",
            wording="please stop texting me", at=NOW - timedelta(days=2),
        )  # fmt: skip
        ServiceIssue.objects.create(
            practice=practice, client=noor, origin="survey", text="One side still feels uneven.",
            opened_at=NOW - timedelta(days=3),
        )  # fmt: skip
    planned(practice, everyone, NOW - timedelta(minutes=5))
    other = hilltop(SINCE)
    return Story(
        practice,
        other,
        alice(practice),
        bob(practice),
        charlie(other),
        siobhan.pk,
        (noor.pk, jo.pk, dana.pk, olivia.pk),
    )
