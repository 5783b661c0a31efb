"""What had happened before the practice came to medspa? One export, as its records system would give it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from clients.operations.reported import (
    Report,
    ReportedAppointment,
    ReportedClient,
    ReportedTreatment,
)
from medspa.demo.cast import GLOW, SCULPTRA, Good, Member

SOURCE: Final = "records"
SERIES_SESSIONS: Final = 3
FACIAL: Final = "HydraFacial Signature"


def history(members: Iterable[Member], until: date) -> Report:
    """Everything up to the day `until`, which lies before it; what each member did last is noted on her."""
    clients: list[ReportedClient] = []
    treatments: list[ReportedTreatment] = []
    appointments: list[ReportedAppointment] = []
    for member in members:
        if member.since >= until:
            continue
        clients.append(_told(member))
        for on in _days(member, until):
            chance = member.chance(f"visit {on}")
            at = datetime.combine(on, time(chance.randint(9, 17), chance.choice((0, 15, 30, 45))))
            if chance.random() < 0.05 and (at + timedelta(days=7)).date() < until:
                status = chance.choice(["no_show", "cancelled"])
                appointments.append(booking(member, at, status, member.good.service))
                at += timedelta(days=7)
            appointments.append(booking(member, at, "completed", member.good.service))
            treatments.append(treatment(member, at.date(), local=at))
            member.last_on = at.date()
            if chance.random() < 0.08:
                facial_at = at + timedelta(days=30)
                if facial_at.date() < until:
                    appointments.append(booking(member, facial_at, "completed", FACIAL))
        if member.number % 60 == 7 and member.last_on is not None:
            glow = datetime.combine(member.last_on, time(12)) + timedelta(days=9)
            treatments.append(treatment(member, glow.date(), local=glow, good=GLOW))
    return Report(SOURCE, SOURCE, None, tuple(clients), tuple(treatments), tuple(appointments))


def booking(member: Member, local: datetime, status: str, *services: str) -> ReportedAppointment:
    """One row about a booking, at a wall time of its location."""
    return ReportedAppointment(
        remote_id=member.next_id("A"),
        client=member.client,
        status=status,
        services=services,
        starts_local=local,
        duration_minutes=30,
        booked_local=local - timedelta(days=9),
        provider=member.provider,
        location=member.place,
    )


def treatment(
    member: Member, on: date, *, local: datetime | None = None, at: datetime | None = None, good: Good | None = None
) -> ReportedTreatment:
    """One line about what was done, at a wall time of its location or at a moment."""
    good = good or member.good
    quantity = member.chance(f"quantity {on}").choice(good.quantities)
    key = member.next_id("T")
    return ReportedTreatment(
        line_key=key,
        client=member.client,
        service=good.service,
        performed_local=local,
        performed_at=at,
        area=good.area or None,
        quantity=Decimal(quantity),
        unit=good.unit or None,
        price=good.price_of(quantity),
        currency="USD",
        provider=member.provider,
        location=member.place,
    )


def _days(member: Member, until: date) -> Iterator[date]:
    """The days on which she came: a series in a row, everything else at her own pace."""
    chance = member.chance("days")
    end = min(until, member.until or until)
    on, count = member.since, 0
    while on < end and not (member.good is SCULPTRA and count == SERIES_SESSIONS):
        yield on if on.weekday() < 6 else on - timedelta(days=1)
        count += 1
        on += timedelta(days=round(member.every_days * chance.uniform(0.9, 1.15)))


def _told(member: Member) -> ReportedClient:
    """What the records say of her; some stopped being clients."""
    status = {33: "inactive", 77: "deceased", 121: "do_not_contact"}.get(member.number)
    return replace(member.told, status=status) if status else member.told
