"""What becomes of the plans and messages of two clients who are made one, or two again? (R18)"""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from clients.events import ClientsMerged
from clients.operations.merge_notes import MergeNotes, Rows
from practices.operations.rows import array, run
from reminders.engine.claim import awakened
from reminders.engine.plan import plan
from reminders.engine.words import SequenceKind, SequenceState
from reminders.models import ClientPlan, Sequence
from reminders.models.client_plan import NOWHERE
from reminders.models.sequence import LIVE
from reminders.operations.attempts import hold_tries
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import gather
from reminders.operations.folding import fold
from reminders.operations.persisting import REMINDER_COLUMNS, SEQUENCE_COLUMNS, Writing
from reminders.operations.planning import replan_in
from reminders.operations.rekeying import part_keys, restore_keys

_SEQUENCE, _REMINDER, _CALL, _PLAN = PLANNED = (
    "reminders_sequence",
    "reminders_reminder",
    "reminders_call",
    "reminders_clientplan",
)
SAID: Final = ("reminders_message", "reminders_delivery", "reminders_reply")
_SLOT: Final = {"sequence_id": "uuid", "step": "text", "position": "int", "cycle": "int"}
"""Where a reminder stands in its sequence."""

_TAKEN: Final = """
    SELECT 1 FROM reminders_reminder o WHERE o.sequence_id = (n.before->>'sequence_id')::uuid AND o.id <> t.id
    AND o.step = n.before->>'step' AND o.cycle = (n.before->>'cycle')::int
"""
_GIVE_BACK_TO_KEPT: Final = """
    UPDATE reminders_reminder t SET sequence_id = s.id, step = n.before->>'step',
        position = (n.before->>'position')::int, cycle = (n.before->>'cycle')::int
    FROM clients_clientmergedrow n JOIN reminders_sequence s ON s.id = (n.before->>'sequence_id')::uuid
    WHERE n.merge_id = %(merge)s AND n."table" = 'reminders_reminder' AND n.row_id = t.id AND t.client_id = %(kept)s
    AND n.before->>'client_id' = %(kept)s::text AND s.client_id = %(kept)s
    AND t.sequence_id = (n.after->>'sequence_id')::uuid AND t.sequence_id <> s.id
    AND NOT EXISTS (
        SELECT 1 FROM reminders_reminder o WHERE o.sequence_id = s.id AND o.id <> t.id
        AND o.step = n.before->>'step' AND o.cycle = (n.before->>'cycle')::int
    )
"""
"""What was the kept one's and counted in a sequence of the gone one's: it was said to the kept one."""
_NO_OTHER: Final = "SELECT 1 WHERE false"
_SAME_CALL: Final = """
    SELECT 1 FROM reminders_call o WHERE o.practice_id = t.practice_id AND o.client_id = %(to)s
    AND o.reason = t.reason AND o.anchor = t.anchor
"""
_HANG_ON_HERS: Final = """
    UPDATE reminders_sequence s SET client_id = %(gone)s
    WHERE s.practice_id = %(practice)s AND s.client_id = %(kept)s AND split_part(s.key, ':', 2) IN (
        SELECT id::text FROM clients_treatment WHERE practice_id = %(practice)s AND client_id = %(gone)s
        UNION ALL SELECT id::text FROM clients_appointment WHERE practice_id = %(practice)s AND client_id = %(gone)s
    ) AND NOT EXISTS (
        SELECT 1 FROM reminders_sequence o
        WHERE o.practice_id = s.practice_id AND o.client_id = %(gone)s AND o.key = s.key
    )
"""
_FOLLOW_SEQUENCE: Final = """
    UPDATE reminders_reminder r SET client_id = s.client_id FROM reminders_sequence s
    WHERE s.id = r.sequence_id AND s.practice_id = %(practice)s AND s.client_id IN (%(kept)s, %(gone)s)
    AND r.client_id <> s.client_id
"""
_FOLLOW_REMINDERS: Final = """
    UPDATE reminders_message m SET client_id = %(gone)s WHERE m.practice_id = %(practice)s
    AND m.client_id = %(kept)s
    AND EXISTS (SELECT 1 FROM reminders_reminder r WHERE r.message_id = m.id AND r.client_id = %(gone)s)
    AND NOT EXISTS (SELECT 1 FROM reminders_reminder r WHERE r.message_id = m.id AND r.client_id = %(kept)s)
    AND NOT EXISTS (
        SELECT 1 FROM clients_clientmergedrow n WHERE n.merge_id = %(merge)s AND n.row_id = m.id
        AND n.before->>'client_id' = %(kept)s::text
    )
"""
_FOLLOW_MESSAGE: Final = """
    UPDATE reminders_delivery d SET client_id = m.client_id FROM reminders_message m
    WHERE m.id = d.message_id AND m.practice_id = %(practice)s AND m.client_id = %(gone)s
    AND d.client_id <> m.client_id
"""
_LINKS_FOLLOW: Final = """
    UPDATE reminders_trackedlink l SET client_id = r.client_id FROM reminders_reminder r
    WHERE l.practice_id = %(practice)s AND l.client_id IN (%(kept)s, %(gone)s)
    AND r.id = l.reminder_id AND r.client_id <> l.client_id
"""
"""Who opened a link is whose reminder it was (MSG-5)."""


def move_plans(event: ClientsMerged) -> None:
    """Will hand everything planned for and said to the gone client to the kept one, and plan for the joined person.

    The plan is what it would be had all been reported of one client: live sequences go on as they are where they
    can, and what was sent to either counts for gap, cap and the limit of a treatment. Runs in the open scope.
    """
    hold_tries(event.practice_id, [event.kept_id, event.gone_id])
    notes = _notes(event)
    known = bound(event.practice_id, event.at)
    before = {table: notes.rows_of_both(table) for table in PLANNED}
    alive = Sequence.objects.filter(LIVE, practice_id=event.practice_id, client_id=event.gone_id)
    resting = dict(alive.values_list("pk", "state"))
    # Of some kinds one at a time may live: hers rest until the joined plan says which goes on.
    alive.update(state=SequenceState.ENDED.value)
    part_keys(event.practice_id, event.kept_id, event.gone_id, set(resting))
    for table, conflict in ((_SEQUENCE, _NO_OTHER), (_REMINDER, _NO_OTHER), (_CALL, _SAME_CALL)):
        run(
            f"UPDATE {table} t SET client_id = %(to)s WHERE practice_id = %(practice)s "  # noqa: S608
            f"AND client_id = %(gone)s AND NOT EXISTS ({conflict})",
            {"to": event.kept_id, "practice": event.practice_id, "gone": event.gone_id},
        )
    for table in SAID:
        notes.note_own(table)
        notes.move(table)
    run(_LINKS_FOLLOW, {"practice": event.practice_id, "kept": event.kept_id, "gone": event.gone_id})
    _join_notes_of_planner(event)
    _plan_with(known, event, resting)
    if fold(event.practice_id, event.kept_id, before[_SEQUENCE], event.at):
        replan_in(event.practice_id, [event.kept_id], event.at)
    for table, rows in before.items():
        notes.note_changes(table, rows, notes.rows_by_id(table, {*rows, *notes.rows_of_both(table)}))


def part_plans(event: ClientsMerged) -> None:
    """Will hand the gone client's plans and messages back, and plan for both.

    What is still as the merge left it becomes what it was before; what hangs on a treatment or an appointment
    follows that, whenever it was planned. Runs in the open scope.
    """
    hold_tries(event.practice_id, [event.kept_id, event.gone_id])
    notes = _notes(event)
    words = {
        "practice": event.practice_id,
        "kept": event.kept_id,
        "gone": event.gone_id,
        "merge": event.merge_id,
    }
    made: dict[str, set[UUID]] = {}
    changed: dict[str, Rows] = {}
    for table in PLANNED:
        changed[table], made[table] = notes.untouched(table)
    for table in (_SEQUENCE, *SAID):
        notes.put_back(table)
    notes.put_back(_CALL, _SAME_CALL)
    notes.put_back(_REMINDER, _TAKEN, _SLOT)
    run(_GIVE_BACK_TO_KEPT, words)
    _forget(made)
    restore_keys(event.merge_id)
    for statement in (_HANG_ON_HERS, _FOLLOW_SEQUENCE, _LINKS_FOLLOW, _FOLLOW_REMINDERS, _FOLLOW_MESSAGE):
        run(statement, words)
    _restore(notes, changed)
    replan_in(event.practice_id, [event.kept_id, event.gone_id], event.at)


def _notes(event: ClientsMerged) -> MergeNotes:
    return MergeNotes(event.practice_id, event.merge_id, event.kept_id, event.gone_id)


def _join_notes_of_planner(event: ClientsMerged) -> None:
    """Of two days the later: asked for later is asked for later (R27). Paused is paused. No tombstone is planned."""
    plans = {each.client_id: each for each in ClientPlan.objects.filter(client_id__in=[event.kept_id, event.gone_id])}
    gone = plans.get(event.gone_id)
    if gone is None:
        return
    kept = plans.get(event.kept_id) or ClientPlan(practice_id=event.practice_id, client_id=event.kept_id)
    kept.snoozed_until = max(filter(None, (kept.snoozed_until, gone.snoozed_until)), default=None)
    kept.reactivates_on = kept.reactivates_on or gone.reactivates_on
    if kept.paused_at is None:
        kept.paused_at, kept.paused_by_id = gone.paused_at, gone.paused_by_id
    kept.save()
    nowhere = {"standing": NOWHERE, "sms_word": "", "email_word": ""}
    ClientPlan.objects.filter(pk=gone.pk).update(replan_at=None, next_at=None, **nowhere)


def _plan_with(known: Bound, event: ClientsMerged, resting: dict[UUID, str]) -> None:
    """Plan for the joined person as if nothing had been put to rest, then wake what goes on unchanged."""
    for found in gather(known, [event.kept_id], event.at).values():
        states = {
            key: SequenceState(resting[row_id]) for key, row_id in found.sequence_ids.items() if row_id in resting
        }
        sequences = tuple(
            replace(each, state=states[each.key]) if each.key in states else each for each in found.facts.sequences
        )
        gathered = replace(found, facts=replace(found.facts, sequences=sequences))
        planned = awakened(plan(gathered.facts, known.policy, event.at), event.at)
        writing = Writing(known)
        writing.add(gathered, planned)
        writing.save(event.at)
        for sequence in planned.sequences:
            if sequence.key in states and sequence.is_live:
                row = Sequence.objects.filter(pk=gathered.sequence_ids[sequence.key])
                row.exclude(state=sequence.state.value).update(state=sequence.state.value)


def _forget(made: dict[str, set[UUID]]) -> None:
    """What the merge planned and nobody has touched since was never needed."""
    for table, column in ((_REMINDER, None), (_CALL, None), (_PLAN, None), (_SEQUENCE, "sequence_id")):
        if made[table]:
            used = (
                f"AND NOT EXISTS (SELECT 1 FROM {_REMINDER} r WHERE r.{column} = t.id)" if column else ""  # noqa: S608
            )
            run(f"DELETE FROM {table} t WHERE id = ANY(%s::uuid[]) {used}", [array(made[table])])  # noqa: S608


def _restore(notes: MergeNotes, changed: dict[str, Rows]) -> None:
    """What nobody has touched since becomes as it was, but for a sequence whose place another has taken."""
    rows = changed[_SEQUENCE]
    taken = _taken(notes, rows)
    ended = [row for id_, row in rows.items() if id_ not in taken and row["state"] == SequenceState.ENDED]
    alive = [row for id_, row in rows.items() if id_ not in taken and row["state"] != SequenceState.ENDED]
    for group in (ended, alive):
        notes.restore(_SEQUENCE, SEQUENCE_COLUMNS, group)
    noted = {UUID(str(each)) for each in _noted_sequences(notes)}
    settled = {id_ for id_ in noted if id_ not in rows or id_ in taken}
    reminders = [row for row in changed[_REMINDER].values() if UUID(row["sequence_id"]) not in settled]
    notes.restore(_REMINDER, REMINDER_COLUMNS, reminders)
    notes.restore(_CALL, ("closed_at",), changed[_CALL].values())
    plans = ("replan_at", "reactivates_on", "snoozed_until", "paused_at", "paused_by_id")
    notes.restore(_PLAN, plans, changed[_PLAN].values())


def _noted_sequences(notes: MergeNotes) -> list[Any]:
    """The sequences that the merge changed, other than handing them over."""
    return [
        row_id
        for (row_id,) in run(
            'SELECT row_id FROM clients_clientmergedrow WHERE merge_id = %s AND "table" = %s '
            "AND before - 'client_id' <> after - 'client_id'",
            [notes.merge_id, _SEQUENCE],
        )
    ]


def _taken(notes: MergeNotes, rows: Rows) -> set[UUID]:
    """Sequences that cannot live again because a later one of their kind lives now."""
    clients = [notes.kept_id, notes.gone_id]
    now_alive = list(
        Sequence.objects.filter(LIVE, practice_id=notes.practice_id, client_id__in=clients).values_list(
            "pk", "client_id", "kind", "treatment_type_id"
        )
    )
    owners = dict(Sequence.objects.filter(pk__in=rows).values_list("pk", "client_id"))
    places = {_place(kind, client_id, type_id) for id_, client_id, kind, type_id in now_alive if id_ not in rows}
    places.discard(None)
    return {
        id_
        for id_, row in rows.items()
        if row["state"] != SequenceState.ENDED
        and _place(row["kind"], owners.get(id_), row["treatment_type_id"] and UUID(row["treatment_type_id"])) in places
    }


def _place(kind: str, client_id: UUID | None, type_id: UUID | None) -> tuple[Any, ...] | None:
    if kind == SequenceKind.REFILL:
        return kind, client_id, type_id
    return (kind, client_id) if kind == SequenceKind.REACTIVATION else None
