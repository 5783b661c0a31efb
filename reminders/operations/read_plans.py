"""What was planned for these clients so far, and when did they last get a promotion?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from clients.models import Client
from clients.queries.permissions import Permission
from reminders.engine.values import Reminder, Sequence
from reminders.engine.words import MessageKind, ReminderState, SequenceKind, SequenceState
from reminders.models import Message
from reminders.models import Reminder as ReminderRow
from reminders.models import Sequence as SequenceRow
from reminders.operations.bound import Bound
from reminders.operations.reading import Held, Row

CAP_REACHES_BACK = timedelta(days=31)

_REMINDER_STATES = {state.value: state for state in ReminderState}
_SEQUENCE_STATES = {state.value: state for state in SequenceState}
_SEQUENCE_KINDS = {kind.value: kind for kind in SequenceKind}


def read_sequences(held: dict[UUID, Held], bound: Bound, practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read what was planned for each client, the reminders with it."""
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
            "moved_to",
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


def read_promotions(
    held: dict[UUID, Held],
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
