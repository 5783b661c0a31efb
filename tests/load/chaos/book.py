"""Whose messages are due in a round? Clients who have just booked: their confirmation leaves at once, at any hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clients.operations.record import record
from clients.operations.reported import Report, ReportedAppointment, ReportedClient
from practices.models import Practice
from practices.operations.creation import create_practice
from practices.tenancy import practice_scope
from reminders.operations.texts import approve_shipped

BY_EMAIL_OF_TEN = 3
FIRST_NUMBER = 1_000  # the stand-ins keep low numbers for landlines and the like
ZONE = "America/Chicago"


@dataclass(frozen=True)
class Book:
    """A live practice and its people, phone -> email; exactly one message is due to each."""

    practice_id: UUID
    people: dict[str, str]
    by_email: frozenset[str]
    """The phones of those who asked for emails."""

    @property
    def size(self) -> int:
        """How many messages are due."""
        return len(self.people)

    @property
    def addresses(self) -> frozenset[str]:
        """Every address at which something may arrive."""
        return frozenset(self.people) | frozenset(self.people.values())


def open_practice(slug: str, now: datetime) -> UUID:
    """Make a live practice with the texts that come with medspa."""
    practice = create_practice(slug, "Lakeview Aesthetics", ZONE, now - timedelta(days=2))
    with practice_scope(practice.pk):
        approve_shipped(practice.pk, None, now - timedelta(days=2))
        Practice.objects.filter(pk=practice.pk).update(
            status=Practice.Status.LIVE, live_at=now - timedelta(days=1), phone="+13128096490"
        )
    return practice.pk


def book_visits(practice_id: UUID, count: int, round_number: int, now: datetime) -> Book:
    """Record that many bookings, made this minute, for ten days ahead; three of ten clients asked for emails."""
    people: dict[str, str] = {}
    asked_for_emails: set[str] = set()
    booked = []
    for number in range(count):
        by_email = number % 10 < BY_EMAIL_OF_TEN
        phone = f"+1312{200 + round_number:03}{FIRST_NUMBER + number:04}"
        email = f"client{number}.round{round_number}@example.com"
        people[phone] = email
        asked_for_emails |= {phone} if by_email else set()
        client = ReportedClient(
            remote_id=f"C{round_number}-{number}",
            first_name="Dana",
            last_name=f"O’Neill {number}",
            phone=phone,
            email=email,
            state="IL",
            postal_code="60611",
            preferred_channel="email" if by_email else "sms",
        )
        starts_at = now + timedelta(days=10, minutes=number % 400)
        booked.append(
            ReportedAppointment(
                remote_id=f"A{round_number}-{number}",
                client=client,
                status="booked",
                services=("Botox",),
                starts_at=starts_at,
                booked_at=now,
            )
        )
    report = Report("records", "records", now, appointments=tuple(booked))
    with practice_scope(practice_id):
        record(practice_id, report, now)
    return Book(practice_id, people, frozenset(asked_for_emails))
