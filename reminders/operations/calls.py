"""Who calls a client of the call list, and what comes of it? (CARE-2, R9, R10, R15, R29)"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from clients.models import Client
from clients.operations.issues import resolve_issue
from clients.operations.locking import lock_clients
from practices.operations.auditing import Actor, audit
from reminders.engine.words import SequenceKind
from reminders.models import Call, Sequence
from reminders.models.call import OF_OWN_ACCORD
from reminders.models.sequence import LIVE
from reminders.operations.planning import replan
from reminders.operations.snoozing import check_day, snooze
from reminders.operations.steering_sequences import end_sequence

TRIES: Final = frozenset({Call.Outcome.NO_ANSWER, Call.Outcome.LEFT_MESSAGE})
"""What leaves a call to be made again: it stays on the list, below those that nobody has tried."""

_PROMOTING: Final = (SequenceKind.REFILL.value, SequenceKind.REACTIVATION.value)


class CallTaken(Exception):
    """Somebody else has the call already."""


class CallClosed(Exception):
    """The call is no longer on the list: staff recorded its outcome, or the records settled it."""


def take_call(practice_id: UUID, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Will note who looks after a call (CARE-2). Taken twice by the same person counts once. Audited.

    Runs in the practice's open scope and holds the client's row.

    Raises:
        Call.DoesNotExist: the practice has no such call.
        CallClosed: it is no longer on the list.
        CallTaken: somebody else was faster.
    """
    call = _open(practice_id, call_id)
    if call.taken_by_id is not None and call.taken_by_id == actor.staff_member_id:
        return call
    if call.taken_by_id is not None:
        raise CallTaken
    call.taken_by_id, call.taken_at = actor.staff_member_id, now
    call.save(update_fields=["taken_by", "taken_at"])
    audit(practice_id, actor, "call_taken", now, client_id=call.client_id, subject_id=call.pk)
    return call


def release_call(practice_id: UUID, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Will give a call back to the list; anybody may, for who took it may be away. Audited.

    When it was tried stays known. Runs in the practice's open scope and holds the client's row.

    Raises:
        Call.DoesNotExist: the practice has no such call.
        CallClosed: it is no longer on the list.
    """
    call = _open(practice_id, call_id)
    if call.taken_by_id is None:
        return call
    call.taken_by_id = None
    if not call.outcome:
        call.taken_at = None
    call.save(update_fields=["taken_by", "taken_at"])
    audit(practice_id, actor, "call_released", now, client_id=call.client_id, subject_id=call.pk)
    return call


def record_outcome(
    practice_id: UUID,
    call_id: UUID,
    actor: Actor,
    now: datetime,
    outcome: Call.Outcome,
    note: str = "",
    snooze_until: date | None = None,
    *,
    ends_reminders: bool = False,
) -> Call:
    """Will note how a call of the list went, and take it off the list. Audited, without the note.

    No answer and a message left keep it on the list, with whoever tried, below those that nobody has tried.
    Any other outcome of a call about a service issue settles the issue: reminders go on, or end with
    `ends_reminders` (R29). LATER leaves the client in peace until a day (R27). Runs in the practice's open scope and
    holds the client's row.

    Raises:
        Call.DoesNotExist: the practice has no such call.
        CallClosed: it is no longer on the list.
        NoSuchDay: LATER without a day to come, within two years.
    """
    until = _until(practice_id, outcome, snooze_until, now)
    call = _open(practice_id, call_id)
    call.outcome, call.note = outcome.value, note.replace("\0", "").strip()
    call.taken_by_id, call.taken_at = actor.staff_member_id, now
    if outcome not in TRIES:
        call.closed_by_id, call.closed_at = actor.staff_member_id, now
    call.save(update_fields=["outcome", "note", "taken_by", "taken_at", "closed_by", "closed_at"])
    if call.closed_at is not None and ends_reminders:
        _end_reminders(practice_id, call.client_id, actor, now)
    if call.closed_at is not None and call.reason == Call.Reason.SERVICE_ISSUE:
        resolve_issue(practice_id, UUID(call.anchor), actor, now)
    _follow(practice_id, call, "call_recorded", actor, now, until)
    return call


def record_call(
    practice_id: UUID,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    outcome: Call.Outcome,
    note: str = "",
    snooze_until: date | None = None,
    *,
    ends_reminders: bool = False,
) -> Call:
    """Will keep a call that staff made of their own accord: it was on no list, and goes on none. Audited.

    Of a client who was merged into another it is the other's. Runs in the practice's open scope and holds the
    client's row.

    Raises:
        Client.DoesNotExist: the practice has no such client.
        NoSuchDay: LATER without a day to come, within two years.
    """
    until = _until(practice_id, outcome, snooze_until, now)
    held = lock_clients(practice_id, [client_id])
    if client_id not in held:
        raise Client.DoesNotExist
    into = held[client_id].merged_into
    if into is not None:
        return record_call(practice_id, into, actor, now, outcome, note, snooze_until, ends_reminders=ends_reminders)
    call = Call.objects.create(
        practice_id=practice_id,
        client_id=client_id,
        reason=OF_OWN_ACCORD,
        anchor=str(uuid7()),
        opened_at=now,
        taken_by_id=actor.staff_member_id,
        taken_at=now,
        outcome=outcome.value,
        note=note.replace("\0", "").strip(),
        closed_at=now,
        closed_by_id=actor.staff_member_id,
    )
    if ends_reminders and outcome not in TRIES:
        _end_reminders(practice_id, client_id, actor, now)
    _follow(practice_id, call, "call_made", actor, now, until)
    return call


def reopen_call(practice_id: UUID, call_id: UUID, actor: Actor, now: datetime) -> Call:
    """Will put a call that staff took off the list back on it, if the records still ask for it. Audited.

    A snooze stays; an issue that was settled stays settled, so its call does not come back. Runs in the practice's
    open scope and holds the client's row.

    Raises:
        Call.DoesNotExist: the practice has no such call, or it was on no list.
    """
    call = _held(practice_id, call_id)
    if call.reason == OF_OWN_ACCORD:
        raise Call.DoesNotExist
    if call.closed_by_id is None:
        return call
    call.closed_at, call.closed_by_id, call.outcome, call.note = None, None, "", ""
    call.save(update_fields=["closed_at", "closed_by", "outcome", "note"])
    replan(practice_id, [call.client_id], now)
    call.refresh_from_db()
    audit(practice_id, actor, "call_reopened", now, client_id=call.client_id, subject_id=call.pk)
    return call


def _end_reminders(practice_id: UUID, client_id: UUID, actor: Actor, now: datetime) -> None:
    running = Sequence.objects.filter(practice_id=practice_id, client_id=client_id, kind__in=_PROMOTING)
    for sequence_id in running.filter(LIVE).order_by("pk").values_list("pk", flat=True):
        end_sequence(practice_id, sequence_id, actor, now)


def _until(practice_id: UUID, outcome: Call.Outcome, day: date | None, now: datetime) -> date | None:
    return check_day(practice_id, day, now) if outcome is Call.Outcome.LATER else None


def _held(practice_id: UUID, call_id: UUID) -> Call:
    """The call and its client, both held; one whose client was merged while we waited is read again."""
    calls = Call.objects.filter(practice_id=practice_id, client__erased_at=None)
    while True:
        client_id = calls.values_list("client_id", flat=True).get(pk=call_id)
        lock_clients(practice_id, [client_id])
        call = calls.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        if call.client_id == client_id:
            return call


def _open(practice_id: UUID, call_id: UUID) -> Call:
    call = _held(practice_id, call_id)
    if call.closed_at is not None:
        raise CallClosed
    return call


def _follow(practice_id: UUID, call: Call, action: str, actor: Actor, now: datetime, until: date | None) -> None:
    detail = {"outcome": call.outcome}
    if until is not None:
        snooze(practice_id, call.client_id, until)
        detail["until"] = until.isoformat()
    replan(practice_id, [call.client_id], now)
    audit(practice_id, actor, action, now, client_id=call.client_id, subject_id=call.pk, detail=detail)
