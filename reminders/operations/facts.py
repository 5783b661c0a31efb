"""What is known of these clients now? Read set-based, whole, and turned into the engine's values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from clients.models import Appointment, AppointmentService, Client, Treatment
from clients.models.treatment import TreatmentStatus
from clients.queries.permissions import Permission, permissions_of
from reminders.engine.send_windows import candidate_zones, home_zone
from reminders.engine.values import Booked, Facts, Permissions, Person, Reminder, Sequence, Treated, Visit
from reminders.engine.words import MessageKind, ReminderState, SequenceKind, SequenceState
from reminders.models import ClientPlan, Message
from reminders.models import Reminder as ReminderRow
from reminders.models import Sequence as SequenceRow
from reminders.operations.bound import Bound

CAP_REACHES_BACK = timedelta(days=31)

Row = tuple[Any, ...]
ReminderKey = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One client's facts, and which rows its sequences and reminders stand in."""

    facts: Facts
    sequence_ids: Mapping[str, UUID]
    reminder_ids: Mapping[ReminderKey, UUID]
    client: "ClientRow"
    replan_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClientRow:
    """The columns of a client that planning and texts need."""

    id: UUID
    first_name: str
    phone: str
    email: str
    location_id: UUID | None = None
    treatments: tuple[tuple[UUID, UUID, str], ...] = ()
    """Treatment id, its type's id, its area: for texts."""


@dataclass(slots=True)
class _Held:
    """What is gathered for one client before it is put together."""

    treatments: list[Treated] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    sequences: list[Sequence] = field(default_factory=list)
    sequence_ids: dict[str, UUID] = field(default_factory=dict)
    reminder_ids: dict[ReminderKey, UUID] = field(default_factory=dict)
    treatment_rows: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    location_id: UUID | None = None
    last_promotion_at: datetime | None = None
    replan_at: datetime | None = None
    reactivates_on: Any = None
    snoozed_until: Any = None


def gather(bound: Bound, client_ids: Collection[UUID], now: datetime) -> dict[UUID, Gathered]:
    """Return the facts of each client in a fixed number of queries. The caller holds the clients' rows locked."""
    practice_id = bound.practice.pk
    held: dict[UUID, _Held] = defaultdict(_Held)
    _read_treatments(held, bound, practice_id, client_ids)
    _read_visits(held, bound, practice_id, client_ids)
    _read_sequences(held, bound, practice_id, client_ids)
    permissions = permissions_of(practice_id, client_ids)
    _read_promotions(held, practice_id, permissions, now)
    for client_id, replan_at, reactivates_on, snoozed_until in ClientPlan.objects.filter(
        practice_id=practice_id, client_id__any_of=client_ids
    ).values_list("client_id", "replan_at", "reactivates_on", "snoozed_until"):
        one = held[client_id]
        one.replan_at, one.reactivates_on, one.snoozed_until = replan_at, reactivates_on, snoozed_until
    return _put_together(held, bound, practice_id, permissions)


def _put_together(
    held: Mapping[UUID, _Held], bound: Bound, practice_id: UUID, permissions: Mapping[UUID, Permission]
) -> dict[UUID, Gathered]:
    gathered = {}
    for row in Client.objects.filter(practice_id=practice_id, pk__any_of=permissions).values(
        "id",
        "first_name",
        "phone",
        "email",
        "state",
        "phone_state",
        "date_of_birth",
        "status",
        "preferred_channel",
        "stated_time_zone",
        "address_zones",
        "phone_zones",
    ):
        one = held[row["id"]]
        allowed = permissions[row["id"]]
        facts = Facts(
            person=_person(row, one, bound, allowed.phone_shared_by, allowed.email_shared_by),
            permissions=Permissions(
                is_sms_consented=allowed.is_sms_consented,
                is_sms_vetoed=allowed.is_sms_vetoed,
                is_email_vetoed=allowed.is_email_vetoed,
                is_photo_consented=allowed.is_photo_consented,
                is_opted_out=allowed.is_opted_out,
                is_sms_stopped=allowed.is_sms_stopped,
                is_email_stopped=allowed.is_email_stopped,
            ),
            treatments=tuple(one.treatments),
            visits=tuple(one.visits),
            sequences=tuple(one.sequences),
            has_open_issue=bool(allowed.open_issues),
            issues=tuple((str(issue_id), opened_at) for issue_id, opened_at in allowed.open_issues),
            snoozed_until=one.snoozed_until,
            last_promotion_at=one.last_promotion_at,
            reactivates_on=one.reactivates_on,
        )
        client = ClientRow(
            row["id"],
            row["first_name"],
            row["phone"],
            row["email"],
            one.location_id,
            tuple(one.treatment_rows),
        )
        gathered[row["id"]] = Gathered(facts, one.sequence_ids, one.reminder_ids, client, one.replan_at)
    return gathered


def _person(row: Mapping[str, Any], one: _Held, bound: Bound, phone_shared: int, email_shared: int) -> Person:
    location = bound.locations.get(one.location_id) if one.location_id else None
    location_zone = location.time_zone if location else bound.practice.time_zone
    stated = [row["stated_time_zone"]] if row["stated_time_zone"] else []
    address_zones = stated or row["address_zones"]
    states = {row["state"] or (location.state if location else ""), row["phone_state"]} - {""}
    return Person(
        id=str(row["id"]),
        home_zone=home_zone(address_zones, location_zone, row["phone_zones"], bound.practice.time_zone),
        zones=candidate_zones([*stated, *row["address_zones"]], [location_zone], row["phone_zones"]),
        states=tuple(sorted(states)),
        status=row["status"],
        date_of_birth=row["date_of_birth"],
        phone=row["phone"],
        email=row["email"],
        preference=row["preferred_channel"],
        phone_shared_by=phone_shared,
        email_shared_by=email_shared,
    )


def _read_treatments(held: dict[UUID, _Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    rows: Iterable[Row] = (
        Treatment.objects.filter(
            practice_id=practice_id, client_id__any_of=client_ids, status=TreatmentStatus.COMPLETED
        )
        .order_by("performed_on", "id")
        .values_list(
            "id",
            "client_id",
            "treatment_type_id",
            "performed_on",
            "recorded_at",
            "provider_id",
            "is_series_complete",
            "location_id",
            "area",
        )
    )
    for (
        treatment_id,
        client_id,
        type_id,
        performed_on,
        recorded_at,
        provider_id,
        complete,
        location_id,
        area,
    ) in rows:
        one = held[client_id]
        kind = bound.library.by_id.get(type_id)
        if kind is None:
            continue
        one.treatments.append(
            Treated(
                id=str(treatment_id),
                treatment_type=kind.slug,
                performed_on=performed_on,
                recorded_at=recorded_at,
                provider=str(provider_id) if provider_id is not None else None,
                is_series_complete=complete,
            )
        )
        one.treatment_rows.append((treatment_id, type_id, area))
        one.location_id = one.location_id if location_id is None else location_id


def _read_visits(held: dict[UUID, _Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    visits: list[Mapping[str, Any]] = list(
        Appointment.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
        .order_by("starts_at", "id")
        .values(
            "id",
            "client_id",
            "status",
            "starts_at",
            "duration_minutes",
            "location_id",
            "provider_id",
            "booked_at",
            "learned_at",
            "moved_at",
            "ended_at",
            "is_cancelled_by_practice",
        )
    )
    services = _services(bound, practice_id, [row["id"] for row in visits])
    for row in visits:
        location = bound.locations.get(row["location_id"])
        held[row["client_id"]].visits.append(
            Visit(
                id=str(row["id"]),
                status=row["status"],
                starts_at=row["starts_at"],
                services=tuple(services.get(row["id"], ())),
                learned_at=row["learned_at"],
                location=str(row["location_id"]) if row["location_id"] is not None else None,
                zone=location.time_zone if location else bound.practice.time_zone,
                provider=str(row["provider_id"]) if row["provider_id"] is not None else None,
                booked_at=row["booked_at"],
                moved_at=row["moved_at"],
                ended_at=row["ended_at"],
                duration_minutes=row["duration_minutes"] or 30,
                is_cancelled_by_practice=row["is_cancelled_by_practice"],
            )
        )


def _services(bound: Bound, practice_id: UUID, appointment_ids: Collection[UUID]) -> Mapping[UUID, list[Booked]]:
    services: dict[UUID, list[Booked]] = defaultdict(list)
    booked: Iterable[Row] = AppointmentService.objects.filter(
        practice_id=practice_id, appointment_id__any_of=appointment_ids
    ).values_list("appointment_id", "service__kind", "service__treatment_type_id", "service__first_seen_at")
    for appointment_id, kind, type_id, first_seen_at in booked:
        known = bound.library.by_id.get(type_id) if type_id is not None else None
        services[appointment_id].append(
            Booked(
                kind=kind,
                treatment_type=known.slug if known else None,
                family=known.family if known else None,
                unknown_since=first_seen_at if kind == "unknown" else None,
            )
        )
    return services


def _read_sequences(held: dict[UUID, _Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    reminders: dict[UUID, list[tuple[UUID, Reminder]]] = defaultdict(list)
    rows: Iterable[Row] = (
        ReminderRow.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
        .order_by("position", "cycle")
        .values_list(
            "id",
            "sequence_id",
            "step",
            "position",
            "planned_at",
            "allowed_at",
            "due_at",
            "state",
            "reason",
            "cycle",
            "valid_until",
            "came_due",
            "decided_at",
            "sent_at",
        )
    )
    for row in rows:
        row_id, sequence_id, step, position, planned_at, allowed_at, due_at, state = row[:8]
        timed = Reminder(step, position, planned_at, allowed_at, due_at, _REMINDER_STATES[state], *row[8:])
        reminders[sequence_id].append((row_id, timed))
    sequences: Iterable[Row] = (
        SequenceRow.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
        .order_by("opened_at", "key")
        .values_list(
            "id",
            "client_id",
            "treatment_type_id",
            "cadence_version_id",
            "key",
            "kind",
            "opened_at",
            "state",
            "reason",
            "cycle",
            "family",
            "day_zero",
            "starts_at",
            "told_starts_at",
            "reopened_at",
            "ended_at",
        )
    )
    for row_id, client_id, *columns in sequences:
        own = reminders.get(row_id, ())
        one = held[client_id]
        sequence = _sequence(columns, bound, tuple(reminder for _, reminder in own))
        one.sequences.append(sequence)
        one.sequence_ids[sequence.key] = row_id
        for reminder_id, reminder in own:
            one.reminder_ids[sequence.key, reminder.step, reminder.cycle] = reminder_id


_REMINDER_STATES = {state.value: state for state in ReminderState}
_SEQUENCE_STATES = {state.value: state for state in SequenceState}
_SEQUENCE_KINDS = {kind.value: kind for kind in SequenceKind}


def _sequence(columns: Iterable[Any], bound: Bound, reminders: tuple[Reminder, ...]) -> Sequence:
    type_id, version_id, key, kind, opened_at, state, reason, cycle, family, *rest = columns
    day_zero, starts_at, told_starts_at, reopened_at, ended_at = rest
    known = bound.library.by_id.get(type_id)
    return Sequence(
        key,
        _SEQUENCE_KINDS[kind],
        key.partition(":")[2],
        opened_at,
        _SEQUENCE_STATES[state],
        reason,
        cycle,
        known.slug if known else "",
        family,
        str(version_id) if version_id else "",
        day_zero,
        starts_at,
        told_starts_at,
        reopened_at,
        ended_at,
        reminders,
    )


def _read_promotions(
    held: dict[UUID, _Held],
    practice_id: UUID,
    permissions: Mapping[UUID, Permission],
    now: datetime,
) -> None:
    """The cap counts per client and per address: a sister at the same number counts too (R23)."""
    since = now - CAP_REACHES_BACK
    sharers = _sharing(practice_id, permissions)
    everyone = set(permissions).union(*sharers.values())
    latest: dict[UUID, datetime] = dict(
        Message.objects.filter(
            practice_id=practice_id,
            client_id__any_of=everyone,
            kind=MessageKind.PROMOTION.value,
            decided_at__gte=since,
            is_void=False,
        )
        .values_list("client_id")
        .annotate(latest=Max("decided_at"))
    )
    for client_id in permissions:
        sent = [latest[each] for each in (client_id, *sharers.get(client_id, ())) if each in latest]
        held[client_id].last_promotion_at = max(sent, default=None)


def _sharing(practice_id: UUID, permissions: Mapping[UUID, Permission]) -> dict[UUID, set[UUID]]:
    """Return, for each client that shares a phone or an email with others, who they are."""
    shared: dict[UUID, set[UUID]] = defaultdict(set)
    sharing = {
        "phone": [client_id for client_id, each in permissions.items() if each.phone_shared_by > 1],
        "email": [client_id for client_id, each in permissions.items() if each.email_shared_by > 1],
    }
    for column, client_ids in sharing.items():
        if not client_ids:
            continue
        clients = Client.objects.filter(practice_id=practice_id, merged_into=None)
        mine = dict(clients.filter(pk__any_of=client_ids).values_list("id", column))
        owners: dict[str, set[UUID]] = defaultdict(set)
        for client_id, address in clients.filter(**{f"{column}__any_of": mine.values()}).values_list("id", column):
            owners[address].add(client_id)
        for client_id, address in mine.items():
            shared[client_id] |= owners[address] - {client_id}
    return shared
