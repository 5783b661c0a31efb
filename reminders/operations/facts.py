"""What is known of these clients now? Read set-based, whole, and turned into the engine's values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clients.models import Client
from clients.queries.permissions import Permission, permissions_of
from reminders.engine.send_windows import candidate_zones, home_zone
from reminders.engine.values import Facts, Person
from reminders.models import ClientPlan
from reminders.operations.bound import Bound
from reminders.operations.read_plans import read_promotions, read_sequences
from reminders.operations.read_records import read_treatments, read_visits
from reminders.operations.read_replies import read_replies
from reminders.operations.reading import Held, Noted, ReminderKey, Row
from reminders.queries.permitted import permitted


@dataclass(frozen=True, slots=True)
class Gathered:
    """One client's facts, and which rows its sequences and reminders stand in."""

    facts: Facts
    sequence_ids: Mapping[str, UUID]
    reminder_ids: Mapping[ReminderKey, UUID]
    client: "ClientRow"
    replan_at: datetime | None = None
    noted: Noted | None = None
    """What the planner's note says; None where there is none yet."""


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
    name_key: str = ""


def gather(bound: Bound, client_ids: Collection[UUID], now: datetime) -> dict[UUID, Gathered]:
    """Return the facts of each client in a fixed number of queries. The caller holds the clients' rows locked."""
    practice_id = bound.practice.pk
    held: dict[UUID, Held] = defaultdict(Held)
    read_treatments(held, bound, practice_id, client_ids)
    read_visits(held, bound, practice_id, client_ids)
    read_sequences(held, bound, practice_id, client_ids)
    read_replies(held, practice_id, client_ids)
    permissions = permissions_of(practice_id, client_ids)
    read_promotions(held, practice_id, permissions, now)
    _read_notes(held, practice_id, client_ids)
    return _put_together(held, bound, practice_id, permissions)


def _read_notes(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    rows: Iterable[Row] = ClientPlan.objects.filter(practice_id=practice_id, client_id__any_of=client_ids).values_list(
        "client_id",
        "replan_at",
        "reactivates_on",
        "snoozed_until",
        "paused_at",
        "standing",
        "next_at",
        "name_key",
        "sms_word",
        "email_word",
    )
    for client_id, replan_at, reactivates_on, snoozed_until, paused_at, *noted in rows:
        one = held[client_id]
        one.replan_at, one.reactivates_on, one.snoozed_until = replan_at, reactivates_on, snoozed_until
        one.is_paused_by_staff = paused_at is not None
        one.noted = Noted(*noted)


def _put_together(
    held: Mapping[UUID, Held], bound: Bound, practice_id: UUID, permissions: Mapping[UUID, Permission]
) -> dict[UUID, Gathered]:
    gathered = {}
    for row in Client.objects.filter(practice_id=practice_id, pk__any_of=permissions).values(
        "id",
        "name_key",
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
            permissions=permitted(allowed),
            treatments=tuple(one.treatments),
            visits=tuple(one.visits),
            sequences=tuple(one.sequences),
            has_open_issue=bool(allowed.open_issues),
            issues=tuple((str(issue_id), opened_at) for issue_id, opened_at in allowed.open_issues),
            is_paused_by_staff=one.is_paused_by_staff,
            has_unanswered_reply=one.has_unanswered_reply,
            has_unclear_reply=one.has_unclear_reply or allowed.may_want_fewer,
            snoozed_until=one.snoozed_until,
            last_promotion_at=one.last_promotion_at,
            reactivates_on=one.reactivates_on,
            answered=one.answered,
        )
        client = ClientRow(
            row["id"],
            row["first_name"],
            row["phone"],
            row["email"],
            one.location_id,
            tuple(one.treatment_rows),
            row["name_key"],
        )
        gathered[row["id"]] = Gathered(facts, one.sequence_ids, one.reminder_ids, client, one.replan_at, one.noted)
    return gathered


def _person(row: Mapping[str, Any], one: Held, bound: Bound, phone_shared: int, email_shared: int) -> Person:
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
