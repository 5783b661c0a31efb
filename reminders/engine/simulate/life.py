"""What do made-up clients do, and what is reported of it: late, twice, in any order?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from cadences.timeline import at_local
from reminders.engine.simulate.books import Report
from reminders.engine.simulate.world import SimulatedClient, SimulatedPractice
from reminders.engine.values import Booked, Policy

ENDINGS = ("completed",) * 37 + ("cancelled",) * 5 + ("by_practice",) * 2 + ("no_show",) * 3 + ("silence",) * 3
HOURS = (time(9), time(10, 30), time(11), time(13), time(14, 30), time(16), time(17, 30), time(7, 30), time(20))


@dataclass(frozen=True, slots=True)
class Heard:
    """A report arrives."""

    report: Report


@dataclass(frozen=True, slots=True)
class Books:
    """She makes an appointment: for this type (None: something else), at least so many days ahead."""

    treatment_type: str | None
    days_ahead: int


Event = Heard | Books
Timed = tuple[datetime, Event]


def history(client: SimulatedClient, policy: Policy, start: datetime) -> Iterator[Timed]:
    """The treatments of the two years before, all heard of when the practice's export is read (R19)."""
    today = start.date()
    for treatment_type in client.types:
        day = today - timedelta(days=client.chance.randrange(5, 700))
        while day < today:
            yield start, Heard(_treatment(client, treatment_type, day, policy))
            day += timedelta(
                days=client.chance.choice((28, 45))
                if policy.cadences[treatment_type].is_series
                else client.chance.randrange(80, 300)
            )
    for _ in range(client.chance.choice((0, 1, 1, 2))):
        at = start + timedelta(days=client.chance.uniform(0, 60))
        yield at, Books(client.chance.choice(client.types), client.chance.randrange(2, 30))


def appointment(client: SimulatedClient, practice: SimulatedPractice, books: Books, now: datetime) -> Iterator[Timed]:
    """Everything that one booking brings about: its reports, the treatment, and what she does next."""
    chance = client.chance
    starts_at = _start(chance, client.zone, now + timedelta(days=books.days_ahead))
    client.visits += 1
    visit_id = f"{client.facts.person.id}-v{client.visits}"
    services = _services(chance, books.treatment_type, practice.policy, now)
    said = {
        "status": chance.choice(("booked", "booked", "confirmed")),
        "starts_at": starts_at,
        "services": services,
        "zone": client.zone,
        "location": "main",
        "booked_at": now,
    }
    yield from _reported(chance, now, _visit_report(visit_id, 1, said))
    if chance.random() < 0.08:  # another row of the same visit (R11)
        row = {
            **said,
            "starts_at": starts_at + timedelta(minutes=chance.choice((-60, 45))),
            "services": (Booked("unrelated"),),
        }
        yield from _reported(chance, now, _visit_report(f"{visit_id}b", 1, row))
    moved_at, version = now, 1
    while chance.random() < 0.2 and version < 4:
        moved_at += timedelta(minutes=chance.choice((2, 6, 60 * 30, 60 * 80)))
        if moved_at + timedelta(hours=2) >= starts_at:
            break
        starts_at = _start(chance, client.zone, starts_at + timedelta(days=chance.choice((0, 0, 1, 7))))
        version += 1
        yield from _reported(
            chance, moved_at, _visit_report(visit_id, version, {"starts_at": starts_at, "moved_at": moved_at})
        )
    if any(service.kind == "unknown" for service in services) and chance.random() < 0.8:
        mapped = (_booked(books.treatment_type, practice.policy),)
        at = now + timedelta(days=chance.uniform(0.1, 9))
        yield at, Heard(_visit_report(visit_id, version + 1, {"services": mapped}))
    yield from _ending(client, practice.policy, books, visit_id, version + 2, max(moved_at, now), starts_at)


def _ending(
    client: SimulatedClient,
    policy: Policy,
    books: Books,
    visit_id: str,
    version: int,
    after: datetime,
    starts_at: datetime,
) -> Iterator[Timed]:
    chance = client.chance
    ending = chance.choice(ENDINGS)
    if ending in {"cancelled", "by_practice"}:
        ended_at = after + (starts_at - after) * chance.uniform(0.02, 0.98)
        said = {"status": "cancelled", "ended_at": ended_at, "is_cancelled_by_practice": ending == "by_practice"}
        yield from _reported(chance, ended_at, _visit_report(visit_id, version, said))
        if chance.random() < 0.5:  # some book again within minutes, some after weeks (R8)
            again = ended_at + timedelta(minutes=chance.choice((5, 60 * 20, 60 * 24 * 20)))
            yield again, Books(books.treatment_type, chance.randrange(3, 40))
        return
    if ending == "silence":
        return
    ended_at = starts_at + timedelta(minutes=40)
    status = "no_show" if ending == "no_show" else "completed"
    if chance.random() < 0.8 or status == "no_show":
        said = {"status": status, "ended_at": ended_at}
        yield from _reported(chance, ended_at, _visit_report(visit_id, version, said))
    if ending == "completed" and books.treatment_type is not None:
        yield from _treated(client, policy, books.treatment_type, ended_at)


def _treated(client: SimulatedClient, policy: Policy, treatment_type: str, ended_at: datetime) -> Iterator[Timed]:
    """The record of a treatment, its corrections, and the next visit."""
    chance = client.chance
    day = ended_at.astimezone(ZoneInfo(client.zone)).date()
    types = [treatment_type, *([client.types[-1]] if chance.random() < 0.2 else [])]
    for treated_type in dict.fromkeys(types):
        report = _treatment(client, treated_type, day, policy)
        at = ended_at + timedelta(hours=chance.choice((1, 3, 3, 9, 26, 50, 24 * 8)))
        yield from _reported(chance, at, report)
        yield from _corrected(chance, at, report, day)
        if chance.random() < 0.1:
            touch_up = day + timedelta(days=chance.randrange(8, 24))
            yield from _reported(chance, at + (touch_up - day), _treatment(client, treated_type, touch_up, policy))
    cadence = policy.cadences[treatment_type]
    if cadence.is_series and chance.random() < 0.7:
        yield ended_at, Books(treatment_type, chance.randrange(28, 45))
    elif chance.random() < 0.2:  # at checkout (R7)
        yield ended_at, Books(treatment_type, chance.randrange(70, 120))
    elif chance.random() < 0.5:
        again = ended_at + timedelta(days=chance.uniform(40, 260))
        yield again, Books(chance.choice((*client.types, treatment_type, None)), chance.randrange(1, 30))


def _corrected(chance: Random, at: datetime, report: Report, day: date) -> Iterator[Timed]:
    """Some records are corrected by a day, mapped to another type, or voided: soon, or after months (R17)."""
    later = at + timedelta(days=chance.choice((0.1, 1, 3, 40, 75)))
    drawn = chance.random()
    said = dict(report.said)
    if drawn < 0.04:
        said["performed_on"] = day + timedelta(days=chance.choice((-1, 1)))
    elif drawn < 0.05:
        said["treatment_type"] = "dysport"
    elif drawn >= 0.08:
        return
    is_void = drawn >= 0.05
    yield from _reported(
        chance, later, Report(is_visit=False, id=report.id, version=2, said=tuple(said.items()), is_void=is_void)
    )


def _treatment(client: SimulatedClient, treatment_type: str, day: date, policy: Policy) -> Report:
    is_series = policy.cadences[treatment_type].is_series
    said: dict[str, Any] = {
        "treatment_type": treatment_type,
        "performed_on": day,
        "provider": client.chance.choice(("pat", "sam", "gone", None)),
        "is_series_complete": True if is_series and client.chance.random() < 0.2 else None,
    }
    return Report(
        is_visit=False, id=f"{client.facts.person.id}-{treatment_type}-{day}", version=1, said=tuple(said.items())
    )


def _visit_report(visit_id: str, version: int, said: dict[str, Any]) -> Report:
    return Report(is_visit=True, id=visit_id, version=version, said=tuple(said.items()))


def _reported(chance: Random, at: datetime, report: Report) -> Iterator[Timed]:
    """Most reports arrive within seconds, some late, some twice: so also before those of earlier events (R13)."""
    for _ in range(2 if chance.random() < 0.15 else 1):
        minutes = chance.choice((0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.5, 5, 12, 40, 60 * 9, 60 * 30))
        yield at + timedelta(minutes=minutes), Heard(report)


def _services(chance: Random, treatment_type: str | None, policy: Policy, now: datetime) -> tuple[Booked, ...]:
    drawn = chance.random()
    if drawn < 0.06:
        return (Booked("unknown", unknown_since=now),)
    if drawn < 0.09:
        return (Booked("consultation"),)
    if treatment_type is None or drawn < 0.13:
        return (Booked(chance.choice(("unrelated", "follow_up"))),)
    return (_booked(treatment_type, policy),)


def _booked(treatment_type: str | None, policy: Policy) -> Booked:
    cadence = policy.cadences.get(treatment_type or "")
    return Booked("unrelated") if cadence is None else Booked("treatment_type", treatment_type, cadence.family)


def _start(chance: Random, zone: str, around: datetime) -> datetime:
    day = around.astimezone(ZoneInfo(zone)).date()
    return at_local(day + timedelta(days=day.weekday() == 6), chance.choice(HOURS), zone)
