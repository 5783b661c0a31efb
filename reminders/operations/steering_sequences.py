"""What can staff do to a client's sequences: pause and resume all, end one, let one go on? (SEQ-10, R28, R29)"""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows
from practices.tenancy import practice_scope
from reminders.engine import steering
from reminders.engine.values import Sequence
from reminders.engine.words import Reason, SequenceKind
from reminders.models import ClientPlan
from reminders.operations.steering_hold import Refusal, SteeringRefused, hold_client, hold_sequence

_PAUSE: Final = (
    "ON CONFLICT (client_id) DO UPDATE SET paused_at = EXCLUDED.paused_at, paused_by_id = EXCLUDED.paused_by_id"
)


def pause(practice_id: UUID, client_id: UUID, actor: Actor, now: datetime) -> bool:
    """Will hold all promotion to a client until staff resumes it; confirmations go on (R29).

    Returns whether it was not paused before.

    Raises:
        Client.DoesNotExist: the practice has no such client.
    """
    with practice_scope(practice_id):
        held = hold_client(practice_id, client_id, now)
        if held.facts.is_paused_by_staff:
            return False
        row = (uuid7(), practice_id, held.client_id, now, actor.staff_member_id)
        columns = ("id", "practice_id", "client_id", "paused_at", "paused_by_id")
        insert_rows(ClientPlan, columns, [row], on_conflict=_PAUSE)
        held.write(replace(held.facts, is_paused_by_staff=True), now)
        audit(practice_id, actor, "client_paused", now, client_id=held.client_id)
        return True


def resume(practice_id: UUID, client_id: UUID, actor: Actor, now: datetime) -> bool:
    """Will let a client's sequences go on; steps whose moment passed meanwhile are skipped (R29).

    Returns whether staff had paused them. An open service issue goes on holding them.

    Raises:
        Client.DoesNotExist: the practice has no such client.
    """
    with practice_scope(practice_id):
        held = hold_client(practice_id, client_id, now)
        if not held.facts.is_paused_by_staff:
            return False
        ClientPlan.objects.filter(client_id=held.client_id).update(paused_at=None, paused_by=None)
        held.write(replace(held.facts, is_paused_by_staff=False), now)
        audit(practice_id, actor, "client_resumed", now, client_id=held.client_id)
        return True


def end_sequence(practice_id: UUID, sequence_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Will end a refill or a reactivation for good: what is left of it does not leave, and nothing follows from it.

    The next treatment starts afresh (R14). Returns whose it was.

    Raises:
        Sequence.DoesNotExist: the practice has no such sequence.
        SteeringRefused: it has ended, or is a confirmation.
    """
    with practice_scope(practice_id):
        held = hold_sequence(practice_id, sequence_id, now)
        key = held.key(sequence_id)
        sequence = _found(held.facts.sequences, key)
        if sequence.kind is SequenceKind.CONFIRMATION:
            raise SteeringRefused(Refusal.IS_CONFIRMATION)
        if not sequence.is_live:
            raise SteeringRefused(Refusal.NOT_RUNNING)
        held.write(steering.ended_by_staff(held.facts, key, now), now)
        _note(practice_id, held.client_id, sequence_id, actor, "sequence_ended", sequence, now)
        return held.client_id


def reopen_sequence(practice_id: UUID, sequence_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Will let a sequence go on that staff ended, or an opt-out that was taken back since: at its next future step.

    Where none is left and none was ever sent, one first reminder leaves two days later, as after a booking that
    fell away (R8, R28). Returns whose it was.

    Raises:
        Sequence.DoesNotExist: the practice has no such sequence.
        SteeringRefused: something else ended it, she is opted out, a later one took its place, or nothing is left.
    """
    with practice_scope(practice_id):
        held = hold_sequence(practice_id, sequence_id, now)
        key = held.key(sequence_id)
        sequence = _found(held.facts.sequences, key)
        if sequence.is_live or sequence.reason not in steering.REOPENABLE:
            raise SteeringRefused(Refusal.NOT_REOPENABLE, reason=Reason(sequence.reason) if sequence.reason else None)
        if held.facts.permissions.is_opted_out:
            raise SteeringRefused(Refusal.STILL_OPTED_OUT)
        others = [each for each in held.facts.sequences if each.is_live and each.kind is sequence.kind]
        if any(sequence.kind is SequenceKind.REACTIVATION or _is_of_type(each, sequence) for each in others):
            raise SteeringRefused(Refusal.ANOTHER_RUNS)
        facts = steering.reopened(held.facts, key, now)
        after = _found(held.planned(facts, now).sequences, key)
        if not after.is_live:
            is_replaced = after.reason in {Reason.SUPERSEDED, Reason.TREATED, Reason.VOIDED}
            raise SteeringRefused(Refusal.ANOTHER_RUNS if is_replaced else Refusal.NOTHING_LEFT)
        held.write(facts, now)
        _note(practice_id, held.client_id, sequence_id, actor, "sequence_reopened", sequence, now)
        return held.client_id


def _found(sequences: tuple[Sequence, ...], key: str) -> Sequence:
    return next(each for each in sequences if each.key == key)


def _is_of_type(other: Sequence, sequence: Sequence) -> bool:
    return other.treatment_type == sequence.treatment_type


def _note(
    practice_id: UUID,
    client_id: UUID,
    sequence_id: UUID,
    actor: Actor,
    action: str,
    sequence: Sequence,
    now: datetime,
) -> None:
    detail = {"kind": sequence.kind.value, "treatment_type": sequence.treatment_type}
    audit(practice_id, actor, action, now, client_id=client_id, subject_id=sequence_id, detail=detail)
