"""How does a plan become rows? Only what differs is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from practices.operations.rows import insert_rows, update_rows
from reminders.engine.reach import reach_of
from reminders.engine.standing import standing_of
from reminders.engine.values import CallWanted, Plan, Ref, Reminder, Sequence
from reminders.engine.words import SequenceKind
from reminders.models import Call, ClientPlan
from reminders.models import Reminder as ReminderRow
from reminders.models import Sequence as SequenceRow
from reminders.operations.bound import Bound
from reminders.operations.facts import Gathered
from reminders.operations.reading import Noted

SEQUENCE_COLUMNS = (
    "state",
    "reason",
    "cycle",
    "treatment_type_id",
    "cadence_version_id",
    "family",
    "day_zero",
    "starts_at",
    "told_starts_at",
    "reopened_at",
    "ended_at",
)
NEW_SEQUENCE = (
    "id",
    "practice_id",
    "client_id",
    "key",
    "kind",
    "opened_at",
    "treatment_id",
    "appointment_id",
)
REMINDER_COLUMNS = (
    "state",
    "reason",
    "position",
    "planned_at",
    "allowed_at",
    "due_at",
    "valid_until",
    "came_due",
    "decided_at",
    "sent_at",
    "moved_to",
)
NEW_REMINDER = ("id", "practice_id", "client_id", "sequence_id", "step", "cycle")
NOTE_COLUMNS = ("replan_at", "standing", "next_at", "name_key", "sms_word", "email_word")
NOTED = ", ".join(f"{column} = EXCLUDED.{column}" for column in NOTE_COLUMNS)


@dataclass(slots=True)
class Writing:
    """The rows that the plans of a batch of clients add and change."""

    bound: Bound
    new_sequences: list[tuple[Any, ...]] = field(default_factory=list)
    changed_sequences: list[tuple[Any, ...]] = field(default_factory=list)
    ended_sequences: list[tuple[Any, ...]] = field(default_factory=list)
    new_reminders: list[tuple[Any, ...]] = field(default_factory=list)
    changed_reminders: list[tuple[Any, ...]] = field(default_factory=list)
    planned: list[tuple[Gathered, Plan]] = field(default_factory=list)
    calls: dict[UUID, tuple[CallWanted, ...]] = field(default_factory=dict)
    message_ids: dict[UUID, UUID] = field(default_factory=dict)
    """Of each reminder that leaves with this plan, the message that carries it."""

    def add(self, gathered: Gathered, plan: Plan) -> dict[Ref, UUID]:
        """Note what one client's plan changes. Returns the row of every reminder, the new ones included."""
        client_id = gathered.client.id
        before = {sequence.key: sequence for sequence in gathered.facts.sequences}
        rows: dict[Ref, UUID] = {}
        for sequence in plan.sequences:
            known = before.get(sequence.key)
            sequence_id = gathered.sequence_ids.get(sequence.key)
            if sequence_id is None:
                sequence_id = uuid7()
                self.new_sequences.append(
                    (
                        sequence_id,
                        self.bound.practice.pk,
                        client_id,
                        *self._identity(sequence),
                        *self._sequence(sequence),
                    )
                )
            elif known is not sequence and known is not None:
                self._change(sequence_id, known, sequence)
            self._reminders(gathered, known, sequence, sequence_id, rows)
        self.planned.append((gathered, plan))
        self.calls[client_id] = plan.calls
        return rows

    def save(self, now: datetime) -> None:
        """Write: what ends first, so that the one live sequence of a kind stays one at every moment."""
        update_rows(SequenceRow, ("id", *SEQUENCE_COLUMNS), self.ended_sequences)
        update_rows(SequenceRow, ("id", *SEQUENCE_COLUMNS), self.changed_sequences)
        insert_rows(SequenceRow, (*NEW_SEQUENCE, *SEQUENCE_COLUMNS), self.new_sequences)
        leaving = [(*row, self.message_ids[row[0]]) for row in self.changed_reminders if row[0] in self.message_ids]
        staying = [row for row in self.changed_reminders if row[0] not in self.message_ids]
        new = [(*row, self.message_ids.get(row[0])) for row in self.new_reminders]
        update_rows(ReminderRow, ("id", *REMINDER_COLUMNS, "message_id"), leaving)
        update_rows(ReminderRow, ("id", *REMINDER_COLUMNS), staying)
        insert_rows(ReminderRow, (*NEW_REMINDER, *REMINDER_COLUMNS, "message_id"), new)
        insert_rows(
            ClientPlan,
            ("id", "practice_id", "client_id", *NOTE_COLUMNS),
            self._notes(now),
            on_conflict=f"ON CONFLICT (client_id) DO UPDATE SET {NOTED}",
        )
        _save_calls(self.bound.practice.pk, self.calls, now)

    def _notes(self, now: datetime) -> list[tuple[Any, ...]]:
        """How each client stands and when to look again, where that is not as the row has it.

        In the order of the clients' ids: whoever records outcomes writes the same rows without holding the clients.
        """
        notes = []
        for gathered, plan in sorted(self.planned, key=lambda each: each[0].client.id):
            stands = standing_of(gathered.facts, plan, now)
            reached = reach_of(gathered.facts, now)
            noted = (stands.standing.value, stands.next_at, gathered.client.name_key)
            note = Noted(*noted, reached.sms.value, reached.email.value)
            if plan.replan_at != gathered.replan_at or note != gathered.noted:
                row = (plan.replan_at, *noted, note.sms_word, note.email_word)
                notes.append((uuid7(), self.bound.practice.pk, gathered.client.id, *row))
        return notes

    def _identity(self, sequence: Sequence) -> tuple[Any, ...]:
        is_refill = sequence.kind is SequenceKind.REFILL
        is_confirmation = sequence.kind is SequenceKind.CONFIRMATION
        return (
            sequence.key,
            sequence.kind.value,
            sequence.opened_at,
            UUID(sequence.anchor) if is_refill else None,
            UUID(sequence.anchor) if is_confirmation else None,
        )

    def _sequence(self, sequence: Sequence) -> tuple[Any, ...]:
        known = self.bound.library.types.get(sequence.treatment_type)
        return (
            sequence.state.value,
            sequence.reason,
            sequence.cycle,
            known.id if known else None,
            UUID(sequence.cadence_id) if sequence.cadence_id else None,
            sequence.family,
            sequence.day_zero,
            sequence.starts_at,
            sequence.told_starts_at,
            sequence.reopened_at,
            sequence.ended_at,
        )

    def _change(self, sequence_id: UUID, known: Sequence, sequence: Sequence) -> None:
        before, after = self._sequence(known), self._sequence(sequence)
        if before != after:
            rows = self.changed_sequences if sequence.is_live else self.ended_sequences
            rows.append((sequence_id, *after))

    def _reminders(
        self,
        gathered: Gathered,
        known: Sequence | None,
        sequence: Sequence,
        sequence_id: UUID,
        rows: dict[Ref, UUID],
    ) -> None:
        before = {(each.step, each.cycle): each for each in known.reminders} if known is not None else {}
        for each in sequence.reminders:
            ref = Ref(sequence.key, each.step, each.cycle)
            row_id = gathered.reminder_ids.get((sequence.key, each.step, each.cycle))
            if row_id is None:
                row_id = uuid7()
                self.new_reminders.append(
                    (
                        row_id,
                        self.bound.practice.pk,
                        gathered.client.id,
                        sequence_id,
                        each.step,
                        each.cycle,
                        *_reminder(each),
                    )
                )
            elif before.get((each.step, each.cycle)) != each:
                self.changed_reminders.append((row_id, *_reminder(each)))
            rows[ref] = row_id


def _reminder(each: Reminder) -> tuple[Any, ...]:
    return (
        each.state.value,
        each.reason,
        each.position,
        each.planned_at,
        each.allowed_at,
        each.due_at,
        each.valid_until,
        each.came_due,
        each.decided_at,
        each.sent_at,
        each.moved_to,
    )


def _save_calls(practice_id: UUID, wanted: Mapping[UUID, Iterable[CallWanted]], now: datetime) -> None:
    """Open the calls that the plans ask for; close those they ask for no more."""
    rows = [
        (uuid7(), practice_id, client_id, call.reason, call.anchor, call.since)
        for client_id, calls in wanted.items()
        for call in calls
    ]
    insert_rows(
        Call,
        ("id", "practice_id", "client_id", "reason", "anchor", "opened_at"),
        rows,
        on_conflict="ON CONFLICT (practice_id, client_id, reason, anchor) DO NOTHING",
    )
    asked = {(client_id, call.reason, call.anchor) for client_id, calls in wanted.items() for call in calls}
    opened = Call.objects.filter(
        practice_id=practice_id,
        client_id__any_of=wanted,
        closed_at__isnull=True,
    ).values_list("id", "client_id", "reason", "anchor")
    settled = [call_id for call_id, *key in opened if tuple(key) not in asked]
    if settled:
        Call.objects.filter(pk__in=settled).update(closed_at=now)
