"""What would mapping a service name do? Planned in memory by the engine itself; nothing is written (LIB-5)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from cadences.models import Service
from cadences.models.service import ServiceKind
from cadences.queries.library import LibraryType
from clients.models import AppointmentService, TreatmentRecord
from clients.models.treatment import TreatmentStatus
from clients.queries.carried import concerned_clients
from reminders.engine.plan import plan
from reminders.engine.values import Booked, Facts, Policy, Reminder, Sequence, Treated, Visit
from reminders.engine.words import SequenceKind, SequenceState
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import gather

MOST_CLIENTS: Final = 80
"""So many clients are planned for a preview, those treated last: it takes a blink, and says so where there are more."""

Ref = tuple[str, str, int]


@dataclass(slots=True)
class Foresight:
    """What changes for the clients looked at. `clients`: all concerned; `looked_at`: those that were planned.

    `woken`: treatments that count from then on; `asleep`: that no longer count. `planned` and `stopped`: reminders
    that would be planned anew, or would leave no more. `due_now`: of the planned ones, those due at once.
    """

    clients: int = 0
    looked_at: int = 0
    woken: int = 0
    asleep: int = 0
    planned: int = 0
    stopped: int = 0
    due_now: int = 0
    first_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everybody concerned was looked at."""
        return self.looked_at == self.clients


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a service shall mean; `entry` is the treatment type, and set for that kind alone."""

    kind: ServiceKind
    entry: LibraryType | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the records that names the service, and the treatment it counts towards now."""

    performed_on: date
    treatment_id: UUID | None
    provider_id: UUID | None
    is_series_complete: bool | None


@dataclass(slots=True)
class _Records:
    """Where the service stands in the records of the clients looked at."""

    lines: dict[UUID, list[_Line]] = field(default_factory=lambda: defaultdict(list))
    shared: set[UUID] = field(default_factory=set)
    """Treatments that other services' lines count towards too: they stay what they are (R17)."""
    services: dict[str, list[Booked]] = field(default_factory=lambda: defaultdict(list))
    """Appointment -> all it books, as it would be."""


def foresee_mapping(
    practice_id: UUID, service: Service, kind: ServiceKind, treatment_type_slug: str | None, now: datetime
) -> Foresight:
    """Return what `map_service` would do to the clients concerned, in the open scope; nothing is held or written.

    Raises:
        LookupError: the practice has no such treatment type.
    """
    known = bound(practice_id, now)
    entry = known.library.types[treatment_type_slug] if treatment_type_slug is not None else None
    concerned = concerned_clients(practice_id, service.pk, MOST_CLIENTS)
    foresight = Foresight(clients=concerned.total, looked_at=len(concerned.client_ids))
    if not concerned.client_ids:
        return foresight
    meaning = Meaning(kind, entry)
    records = _read(practice_id, service.pk, concerned.client_ids, meaning, known)
    for client_id, gathered in gather(known, concerned.client_ids, now).items():
        facts = _as_mapped(gathered.facts, records, records.lines[client_id], meaning, now, foresight)
        _compare(gathered.facts, facts, known.policy, now, foresight)
    return foresight


def _read(
    practice_id: UUID, service_id: UUID, client_ids: Collection[UUID], meaning: Meaning, known: Bound
) -> _Records:
    records = _Records()
    rows = TreatmentRecord.objects.filter(
        practice_id=practice_id, client_id__any_of=client_ids, status=TreatmentStatus.COMPLETED
    ).exclude(performed_on=None)
    own = rows.filter(service_id=service_id).order_by("performed_on", "id")
    for each in own.only("client_id", "performed_on", "treatment_id", "provider_id", "is_series_complete"):
        if each.performed_on is not None:
            line = _Line(each.performed_on, each.treatment_id, each.provider_id, each.is_series_complete)
            records.lines[each.client_id].append(line)
    counted = {line.treatment_id for lines in records.lines.values() for line in lines if line.treatment_id}
    others = rows.filter(treatment_id__any_of=counted).exclude(service_id=service_id)
    records.shared = set(others.values_list("treatment_id", flat=True))
    booked = AppointmentService.objects.filter(
        practice_id=practice_id,
        appointment__client_id__any_of=client_ids,
        appointment__services__service_id=service_id,
    ).order_by("appointment_id", "position")
    for appointment_id, other_id, kind, type_id, first_seen_at in booked.values_list(
        "appointment_id",
        "service_id",
        "service__kind",
        "service__treatment_type_id",
        "service__first_seen_at",
    ).distinct():
        entry = known.library.by_id.get(type_id)
        means = meaning if other_id == service_id else Meaning(ServiceKind(kind), entry)
        records.services[str(appointment_id)].append(_booked(means, first_seen_at))
    return records


def _booked(meaning: Meaning, first_seen_at: datetime) -> Booked:
    return Booked(
        kind=meaning.kind.value,
        treatment_type=meaning.entry.slug if meaning.entry else None,
        family=meaning.entry.family if meaning.entry else None,
        unknown_since=first_seen_at if meaning.kind is ServiceKind.UNKNOWN else None,
    )


def _as_mapped(
    facts: Facts, records: _Records, lines: Iterable[_Line], meaning: Meaning, now: datetime, foresight: Foresight
) -> Facts:
    """The client's facts as the mapping would leave them: one treatment a type and day, moved with its id (R17)."""
    treatments = {each.id: each for each in facts.treatments}
    wanted = meaning.entry.slug if meaning.entry else None
    for line in lines:
        before = treatments.get(str(line.treatment_id)) if line.treatment_id else None
        moves = before is not None and line.treatment_id not in records.shared
        if before is not None and before.treatment_type == wanted:
            continue
        if moves and before is not None:
            del treatments[before.id]
        is_there = any(
            each.treatment_type == wanted and each.performed_on == line.performed_on for each in treatments.values()
        )
        if wanted is None or is_there:
            foresight.asleep += moves
            continue
        added = _treated(line, wanted, before if moves else None, now)
        treatments[added.id] = added
        foresight.woken += 1
    visits = tuple(_visited(each, records.services) for each in facts.visits)
    return replace(facts, treatments=tuple(sorted(treatments.values(), key=_by_day)), visits=visits)


def _treated(line: _Line, treatment_type: str, before: Treated | None, now: datetime) -> Treated:
    if before is not None:
        return replace(before, treatment_type=treatment_type)
    return Treated(
        id=str(uuid7()),
        treatment_type=treatment_type,
        performed_on=line.performed_on,
        recorded_at=now,
        provider=str(line.provider_id) if line.provider_id else None,
        is_series_complete=line.is_series_complete,
    )


def _by_day(treated: Treated) -> tuple[date, str]:
    return treated.performed_on, treated.id


def _visited(visit: Visit, services: Mapping[str, list[Booked]]) -> Visit:
    return replace(visit, services=tuple(services[visit.id])) if visit.id in services else visit


def _compare(before: Facts, after: Facts, policy: Policy, now: datetime, foresight: Foresight) -> None:
    open_before = dict(_open(plan(before, policy, now).sequences))
    open_after = dict(_open(plan(after, policy, now).sequences))
    foresight.stopped += len(open_before.keys() - open_after.keys())
    for ref in open_after.keys() - open_before.keys():
        due_at = open_after[ref].due_at
        foresight.planned += 1
        foresight.due_now += due_at <= now
        if foresight.first_at is None or due_at < foresight.first_at:
            foresight.first_at = due_at


def _open(sequences: Iterable[Sequence]) -> Iterator[tuple[Ref, Reminder]]:
    """What may leave: not what a booking, a pause or the holdout holds back, nor confirmations of what is booked."""
    for sequence in sequences:
        if sequence.kind is SequenceKind.CONFIRMATION or sequence.state is not SequenceState.OPEN:
            continue
        for each in sequence.reminders:
            if each.is_open:
                yield (sequence.key, each.step, each.cycle), each
