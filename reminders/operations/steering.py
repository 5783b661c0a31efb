"""What can staff do to one coming reminder: skip it, send it now, move it? (SEQ-10)

Each holds the client's row, as the sweep does, so that what left has left and what is changed cannot leave under the
change (R32); plans again in the same transaction; and is audited. `Outcome` says what the rules make of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta

from cadences.timeline import at_local
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope
from reminders.engine import steering
from reminders.engine.foresee import Foreseen, foresee
from reminders.engine.values import Facts, Ref, Reminder, Sequence
from reminders.engine.words import COUNTED_STATES, Reason, SequenceKind
from reminders.operations.steering_hold import Held, Refusal, SteeringRefused, hold_reminder

FURTHEST: Final = relativedelta(months=24)
ONE_DAY: Final = timedelta(days=1)  # no zone is further from UTC
SURELY_TOO_FAR: Final = timedelta(days=750)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `asked_for`: the moment that staff chose; `before`: the one it had until then.

    `home_zone` is the client's, in whose hours all of it is said.
    """

    client_id: UUID
    reminder_id: UUID
    home_zone: str
    asked_for: datetime
    before: datetime
    foreseen: Foreseen
    moved_before: datetime | None
    """Where staff had moved it until then."""
    is_live: bool
    """Whether the practice is live; where it is not, `foreseen` holds if it is by then."""


def skip(practice_id: UUID, reminder_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Will leave one coming reminder out; the others of its sequence go on. Returns whose it was.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
        SteeringRefused: it left, or will not leave anyway.
    """
    with practice_scope(practice_id):
        held = hold_reminder(practice_id, reminder_id, now)
        ref, _, reminder = held.reminder(reminder_id)
        _must_be_open(reminder)
        held.write(steering.skipped(held.facts, ref, now), now)
        _note(practice_id, held, reminder_id, actor, "reminder_skipped", now, {"planned_for": reminder.due_at})
        return held.client_id


def unskip(practice_id: UUID, reminder_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Will put a skipped reminder back, as the next cycle of its step, while its moment is still to come.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
        SteeringRefused: it was not skipped, its moment has passed, or its sequence cannot go on.
    """
    with practice_scope(practice_id):
        held = hold_reminder(practice_id, reminder_id, now)
        ref, sequence, reminder = held.reminder(reminder_id)
        latest = max(each.cycle for each in sequence.reminders if each.step == reminder.step)
        if not reminder.is_skipped or reminder.cycle != latest:
            raise SteeringRefused(Refusal.NOT_SKIPPED)
        if reminder.allowed_at <= now:
            raise SteeringRefused(Refusal.MOMENT_PASSED, at=reminder.allowed_at)
        if any(each.state in COUNTED_STATES and each.position > reminder.position for each in sequence.reminders):
            raise SteeringRefused(Refusal.LATER_LEFT)
        if not sequence.is_live and sequence.reason in steering.REOPENABLE:
            raise SteeringRefused(Refusal.NOT_RUNNING)
        facts = steering.unskipped(held.facts, ref, now)
        again = Ref(ref.sequence, ref.step, latest + 1)
        _, after = steering.find(held.planned(facts, now), again)
        if not after.is_open:
            raise SteeringRefused(Refusal.OVER, reason=Reason(after.reason))
        rows = held.write(facts, now)
        _note(practice_id, held, rows[again], actor, "reminder_unskipped", now, {"planned_for": after.due_at})
        return held.client_id


def send_now(practice_id: UUID, reminder_id: UUID, actor: Actor, now: datetime) -> Outcome:
    """Will let the next reminder of a sequence leave now, or at the first moment that the rules allow.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
        SteeringRefused: it left, will not leave anyway, is not the next, a person has to look first, or the practice
            is not live.
    """
    with practice_scope(practice_id):
        held = hold_reminder(practice_id, reminder_id, now)
        _, sequence, reminder = held.reminder(reminder_id)
        _must_be_movable(reminder, sequence)
        if not held.is_live:
            raise SteeringRefused(Refusal.NOT_LIVE)
        if held.facts.is_paused:
            raise SteeringRefused(Refusal.PAUSED)
        if any(each.is_open and each.position < reminder.position for each in sequence.reminders):
            raise SteeringRefused(Refusal.NOT_NEXT)
        return _moved(practice_id, held, reminder_id, actor, "reminder_sent_now", now, now)


def move(practice_id: UUID, reminder_id: UUID, day: date, hour: time, actor: Actor, now: datetime) -> Outcome:
    """Will move a coming reminder to an hour of a day where the client lives; otherwise as `move_to`.

    An hour that does not exist that day means the first after it.
    """
    with practice_scope(practice_id):
        held = hold_reminder(practice_id, reminder_id, now)
        if not -ONE_DAY <= day - now.date() <= SURELY_TOO_FAR:
            raise SteeringRefused(Refusal.PAST if day < now.date() else Refusal.TOO_FAR)
        moment = at_local(day, hour, held.facts.person.home_zone)
        return _moved_to(practice_id, held, reminder_id, moment, actor, now)


def move_to(practice_id: UUID, reminder_id: UUID, moment: datetime, actor: Actor, now: datetime) -> Outcome:
    """Will give a coming reminder another planned moment, at most 24 months ahead; later steps follow by R3.

    The window of the law, gap, cap, consent and holds bind it as before.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
        SteeringRefused: it left, will not leave (then), or the moment has passed or is too far away.
    """
    with practice_scope(practice_id):
        return _moved_to(practice_id, hold_reminder(practice_id, reminder_id, now), reminder_id, moment, actor, now)


def _moved_to(
    practice_id: UUID, held: Held, reminder_id: UUID, moment: datetime, actor: Actor, now: datetime
) -> Outcome:
    _, sequence, reminder = held.reminder(reminder_id)
    _must_be_movable(reminder, sequence)
    if moment <= now:
        raise SteeringRefused(Refusal.PAST, at=moment)
    if moment > now + FURTHEST:
        raise SteeringRefused(Refusal.TOO_FAR, at=moment)
    return _moved(practice_id, held, reminder_id, actor, "reminder_moved", moment, now)


def move_back(practice_id: UUID, reminder_id: UUID, actor: Actor, now: datetime) -> Outcome:
    """Will give a moved reminder back to its cadence, while the cadence's moment is still to come.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
        SteeringRefused: it left, will not leave, or the cadence's moment has passed.
    """
    with practice_scope(practice_id):
        held = hold_reminder(practice_id, reminder_id, now)
        ref, sequence, reminder = held.reminder(reminder_id)
        _must_be_movable(reminder, sequence)
        facts = steering.moved_to(held.facts, ref, None)
        _, after = steering.find(held.planned(facts, now), ref)
        if not after.is_open or after.planned_at <= now:
            raise SteeringRefused(Refusal.MOMENT_PASSED, at=after.planned_at)
        held.write(facts, now)
        detail = {"from": reminder.due_at, "to": after.planned_at}
        _note(practice_id, held, reminder_id, actor, "reminder_moved_back", now, detail)
        return _outcome(held, reminder_id, facts, after.planned_at, reminder, now)


def _moved(
    practice_id: UUID,
    held: Held,
    reminder_id: UUID,
    actor: Actor,
    action: str,
    moment: datetime,
    now: datetime,
) -> Outcome:
    ref, _, reminder = held.reminder(reminder_id)
    facts = steering.moved_to(held.facts, ref, moment)
    outcome = _outcome(held, reminder_id, facts, moment, reminder, now)
    if outcome.foreseen.is_over:
        raise SteeringRefused(Refusal.OVER, reason=outcome.foreseen.reason)
    held.write(facts, now)
    _note(practice_id, held, reminder_id, actor, action, now, {"from": reminder.due_at, "to": moment})
    return outcome


def _outcome(held: Held, reminder_id: UUID, facts: Facts, moment: datetime, before: Reminder, now: datetime) -> Outcome:
    planned = held.planned(facts, now)
    return Outcome(
        client_id=held.client_id,
        reminder_id=reminder_id,
        home_zone=held.facts.person.home_zone,
        asked_for=moment,
        before=before.due_at,
        foreseen=foresee(planned, held.ref(reminder_id), held.known.policy, now),
        moved_before=before.moved_to,
        is_live=held.is_live,
    )


def _must_be_open(reminder: Reminder) -> None:
    """Raises SteeringRefused with what became of it instead."""
    if reminder.is_open:
        return
    if reminder.state in COUNTED_STATES:
        raise SteeringRefused(Refusal.LEFT, at=reminder.sent_at or reminder.decided_at or reminder.allowed_at)
    raise SteeringRefused(Refusal.OVER, reason=Reason(reminder.reason) if reminder.reason else None)


def _must_be_movable(reminder: Reminder, sequence: Sequence) -> None:
    _must_be_open(reminder)
    if sequence.kind is SequenceKind.CONFIRMATION:
        raise SteeringRefused(Refusal.IS_CONFIRMATION)


def _note(
    practice_id: UUID,
    held: Held,
    reminder_id: UUID,
    actor: Actor,
    action: str,
    now: datetime,
    moments: dict[str, datetime],
) -> None:
    detail = {name: moment.isoformat() for name, moment in moments.items()}
    audit(practice_id, actor, action, now, client_id=held.client_id, subject_id=reminder_id, detail=detail)
