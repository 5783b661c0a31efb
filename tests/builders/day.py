"""What fills a day of Lakeview's? Reminders in any state at any hour, without waiting for them to get there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from uuid6 import uuid7

from cadences.models import Service, TreatmentType
from cadences.models.service import ServiceKind
from clients.models import Client, TreatmentRecord
from practices.models import Practice
from practices.queries.names import name_key
from practices.tenancy import practice_scope
from reminders.models import Call, Delivery, Message, Reminder, Reply, Sequence
from tests.builders.story import CHICAGO, NOW, SINCE, Story

_LINE_555 = 13_125_550_000
"""Chicago's 555-0000. Past 9,999 the next exchange follows, so a number is a number however many tests ran before."""

_numbers = count(2000)


def people(practice: Practice, number: int, name: str = "", **fields: object) -> list[Client]:
    """So many clients; by name, or "Client 2001 …"."""
    rows = []
    for _ in range(number):
        own = next(_numbers)
        first, _, last = (name or f"Client {own}").partition(" ")
        rows.append(
            Client(
                practice_id=practice.pk, first_name=first, last_name=last, name_key=name_key(f"{first} {last}"),
                phone=f"+{_LINE_555 + own}", email=f"client{own}@example.com", address_zones=CHICAGO,
                phone_zones=CHICAGO, created_at=SINCE, updated_at=SINCE, **fields,
            )
        )  # fmt: skip
    with practice_scope(practice.pk):
        return Client.objects.bulk_create(rows)


def reminders(
    practice: Practice,
    clients: Iterable[Client],
    moments: Iterable[datetime],
    *,
    state: str = "planned",
    reason: str = "",
    kind: str = "refill",
    step: str = "first",
    slug: str = "botox",
    sequence_state: str = "open",
    **fields: object,
) -> list[Reminder]:
    """One reminder a client, each at its moment, in a sequence of its own."""
    with practice_scope(practice.pk):
        treatment_type = TreatmentType.objects.get(slug=slug) if kind == "refill" else None
        pairs = list(zip(clients, moments, strict=True))
        sequences = Sequence.objects.bulk_create(
            Sequence(
                practice_id=practice.pk, client=client, key=f"{kind}:{uuid7()}", kind=kind, state=sequence_state,
                treatment_type=treatment_type, family=treatment_type.family if treatment_type else "",
                opened_at=SINCE,
            )
            for client, _ in pairs
        )  # fmt: skip
        return Reminder.objects.bulk_create(
            Reminder(
                practice_id=practice.pk, client=client, sequence=sequence, step=step, position=0, state=state,
                reason=reason, planned_at=at, allowed_at=at, **{"due_at": at, **fields},
            )
            for (client, at), sequence in zip(pairs, sequences, strict=True)
        )  # fmt: skip


def handed_over(rows: Iterable[Reminder], *, state: str = "delivered", error: str = "", channel: str = "sms") -> UUID:
    """One message for these reminders of one client, and how its only try ended; returns the message's id."""
    rows = list(rows)
    first = rows[0]
    with practice_scope(first.practice_id):
        message = Message.objects.create(
            practice_id=first.practice_id, client_id=first.client_id, kind="promotion", touchpoint="first",
            decided_at=first.allowed_at, sent_at=first.allowed_at,
        )  # fmt: skip
        Delivery.objects.create(
            practice_id=first.practice_id, message=message, client_id=first.client_id, channel=channel,
            gateway="outbox", to_address="+13125550186", from_name="Jordan", text="Time for your next visit.",
            state=state, error=error, attempted_at=first.allowed_at,
        )  # fmt: skip
        Reminder.objects.filter(pk__in=[each.pk for each in rows]).update(message=message)
    return message.pk


def call(practice: Practice, client: Client, reason: str = "NO_SHOW", **fields: object) -> Call:
    """An entry of the call list."""
    with practice_scope(practice.pk):
        return Call.objects.create(
            practice=practice, client=client, reason=reason, anchor=str(uuid7()),
            **{"opened_at": NOW - timedelta(hours=22), **fields},
        )  # fmt: skip


def reply(practice: Practice, client: Client, text: str, at: datetime = NOW - timedelta(hours=3)) -> Reply:
    """An answer that nobody has handled."""
    with practice_scope(practice.pk):
        return Reply.objects.create(
            practice=practice, client=client, channel="sms", from_address=client.phone, text=text, received_at=at
        )


def unknown_service(practice: Practice, client: Client, name: str, treatments: int, since: datetime) -> Service:
    """A service name that nobody has mapped, and so many treatments that carry it."""
    with practice_scope(practice.pk):
        service = Service.objects.create(
            practice=practice, name=name, name_key=name_key(name), kind=ServiceKind.UNKNOWN, first_seen_at=since
        )
        TreatmentRecord.objects.bulk_create(
            TreatmentRecord(
                practice=practice, client=client, source="zenoti_sales_cash", line_key=f"{name} {number}",
                service=service, performed_on=since.date(), content_hash="", recorded_at=since,
            )
            for number in range(treatments)
        )  # fmt: skip
    return service


def full_day(told: Story) -> None:
    """Everything that Today can show, as on the drawing of the look."""
    practice = told.lakeview
    morning = NOW.replace(hour=16, minute=0)
    delivered = people(practice, 1, "Anne-Marie St. John")
    pair = [
        each for slug in ("botox", "lip_filler")
        for each in reminders(practice, delivered, [morning], state="delivered", slug=slug)
    ]  # fmt: skip
    handed_over(pair)
    for number, name in enumerate(("Renata Oyelaran", "Aisha de la Cruz", "Grace Abara", "Mei-Ling Zhao")):
        who = people(practice, 1, name)
        at = morning + timedelta(minutes=45 * number)
        handed_over(reminders(practice, who, [at], state="sent" if number == 3 else "delivered", slug="dysport"))
    for name, state, reason, slug in (
        ("Priya Raghunathan", "waiting", "NO_CONSENT", "botox"),
        ("Marisol Vega", "waiting", "NO_APPROVED_TEXT", "dysport"),
        ("Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen", "suppressed", "NO_ADDRESS", "botox"),
        ("Camila Van-Dyke", "suppressed", "HOLDOUT", "cheek_filler"),
        ("Zoë Ng", "waiting", "CAP", "botox"),
    ):
        due_at = NOW + timedelta(days=2 if reason == "CAP" else 0, minutes=20)
        reminders(practice, people(practice, 1, name), [morning], state=state, reason=reason, slug=slug, due_at=due_at)
    failed = reminders(
        practice, people(practice, 1, "Olivia Jackson"), [morning + timedelta(minutes=2)], state="failed"
    )
    handed_over(failed, state="undelivered", error="The carrier blocked the text as spam")
    early = [NOW - timedelta(days=3, minutes=number) for number in range(12)]
    reminders(
        practice, people(practice, 12), early, state="waiting", reason="NO_CONSENT", due_at=NOW + timedelta(minutes=9)
    )
    later = [NOW + timedelta(minutes=20 * number + 18) for number in range(14)]
    reminders(practice, people(practice, 14), later)
    for day in range(1, 34):
        at = morning + timedelta(days=day)
        for slug, number in (("botox", 9), ("dysport", 5), ("lip_filler", 3 + day % 5), ("sculptra", day % 4)):
            if at.weekday() != 6:
                reminders(practice, people(practice, number), [at] * number, slug=slug)
        booked = people(practice, 2 + day % 3)
        reminders(practice, booked, [at] * len(booked), kind="confirmation", step="hours_24")
    noor, tamika, bjork = (people(practice, 1, name)[0] for name in ("Noor Patel", "Tamika Kim", "Björk Thompson"))
    call(practice, noor)
    call(practice, tamika, "SERIES_STALLED", taken_by=told.bob, taken_at=NOW)
    call(practice, bjork, "UNKNOWN_OUTCOME")
    reply(practice, tamika, "Is it safe while I’m still nursing?")
    unknown_service(practice, noor, "Jeuveau promo 20u", 11, NOW - timedelta(days=15))
    unknown_service(practice, noor, "Lip flip", 3, NOW - timedelta(days=7))
