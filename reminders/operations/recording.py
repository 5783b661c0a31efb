"""What does the fate of attempts change about deliveries, messages and reminders? (CHN-2, CHN-3, R33)"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from integrations.messaging.base import MARKS, Meaning
from integrations.operations.account_health import note_failure
from practices.operations.rows import update_rows
from practices.tenancy import practice_scope
from reminders.engine.moves import ALLOWED
from reminders.engine.words import Reason, ReminderState
from reminders.models import Delivery, Message, Reminder
from reminders.operations.attempts import Outcome, say_not_tried_again
from reminders.operations.planning import lock_clients, look_again
from reminders.operations.reopening_unanswered import reopen_unanswered
from reminders.operations.retrying import with_waits
from reminders.operations.telling import tell_of_address
from reminders.operations.undelivered import leave_again

State = Delivery.State

_OPEN: Final = frozenset({State.ATTEMPTED, State.UNKNOWN})
"""Nobody knows yet what became of them."""
_GIVEN_UP: Final = frozenset({State.REFUSED, State.READY})
"""Of these it was thought that they never left; an acceptance that is heard late knows better."""
_LEFT: Final = frozenset({State.ACCEPTED, State.DELIVERED, State.UNDELIVERED})
_COLUMNS: Final = ("id", "state", "settled_at", "next_at", "remote_id", "error", "error_code")
_THERE: Final = frozenset({State.ACCEPTED, State.DELIVERED})
"""One of these is enough for a message to count as sent."""
_SETTLED: Final = frozenset({State.ACCEPTED, State.REFUSED})
_IN_DOUBT: Final = frozenset({ReminderState.CLAIMED, ReminderState.UNKNOWN})
_MAY_BE_SENT: Final = frozenset(state for state, moves in ALLOWED.items() if ReminderState.SENT in moves)


def record_outcomes(practice_id: UUID, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Write outcomes down: of the deliveries, of their messages, of the reminders behind them (R33).

    States only move forward, so that late and repeated news are harmless; an acceptance counts whenever it is heard.
    What a refusal says of an address, or of an opt-out that the vendor holds, is written in the same transaction as
    the refusal, one by one: each holds the clients whom it reaches. Opens scopes of its own, or works in one that is
    open, whose owner then holds the clients.
    """
    plain: list[Outcome] = []
    telling: list[Outcome] = []
    for each in outcomes:
        (telling if _tells(each) else plain).append(each)
    late: list[Outcome] = []
    if plain:
        with practice_scope(practice_id):
            late = _record(practice_id, plain, now)
    for outcome in telling:
        with practice_scope(practice_id):
            outcome = tell_of_address(practice_id, outcome, now)  # noqa: PLW2901 - the same one, as it goes on
            _record(practice_id, [outcome], now, is_held=True)
    for outcome in late:
        with practice_scope(practice_id):
            _hold_whose(practice_id, outcome)
            _record(practice_id, [outcome], now, is_held=True)


def _hold_whose(practice_id: UUID, outcome: Outcome) -> None:
    """Hold the client whose message it is now: she may have been merged into another one meanwhile."""
    whose = Delivery.objects.filter(pk=outcome.attempt.delivery_id).values_list("client_id", flat=True)
    while True:
        client_id = whose.get()
        lock_clients(practice_id, [client_id])
        if whose.get() == client_id:
            return


def _tells(outcome: Outcome) -> bool:
    return outcome.state is State.REFUSED and outcome.meaning in MARKS | {Meaning.OPTED_OUT}


def _record(practice_id: UUID, outcomes: Collection[Outcome], now: datetime, *, is_held: bool = False) -> list[Outcome]:
    """Write what is news; return what can only be heard once its clients are held (`is_held`).

    Those are acceptances of what was given up; refusals that leave a message without any channel that brought it
    there after another channel had been taken: then its reminder, which had left, is decided anew; and refusals of
    answers: then what was answered waits for a person again.
    """
    known, tries = _held(outcomes)
    news = [each for each in outcomes if known.get(each.attempt.delivery_id) in _OPEN]
    late = [each for each in outcomes if _is_late(each, known)]
    held = [each for each in news if _is_stranded(each, tries) or _is_lost(each)]
    if is_held:
        news, late = news + late, []
    else:
        news, late = [each for each in news if each not in held], late + held
    _name(each for each in outcomes if known.get(each.attempt.delivery_id) in _LEFT)
    news = with_waits(practice_id, news, now)
    update_rows(Delivery, _COLUMNS, [_row(each, now) for each in news])
    _settle(news, tries, now)
    if is_held:
        _decide_anew(practice_id, [each for each in news if _is_stranded(each, tries)], now)
        reopen_unanswered(practice_id, _messages(each for each in news if _is_lost(each)), now)
    _note_failures(practice_id, news, now)
    _look_again(practice_id, news, now, all_of_them=is_held)
    return late


def _held(outcomes: Iterable[Outcome]) -> tuple[dict[UUID, str], dict[UUID, dict[UUID, str]]]:
    """The states of all tries of these messages, held: by delivery, and by message and delivery.

    All of a message, as reports hold them too: of two channels that end at once the second sees how the first did.
    """
    rows = Delivery.objects.filter(message_id__any_of={each.attempt.message_id for each in outcomes}).order_by("pk")
    known: dict[UUID, str] = {}
    tries: dict[UUID, dict[UUID, str]] = {}
    for pk, message_id, state in rows.select_for_update(no_key=True).values_list("pk", "message_id", "state"):
        known[pk] = tries.setdefault(message_id, {})[pk] = state
    return known, tries


def _is_stranded(outcome: Outcome, tries: Mapping[UUID, Mapping[UUID, str]]) -> bool:
    """It was not taken, and what another channel had taken of the same message did not arrive."""
    own = tries.get(outcome.attempt.message_id, {})
    others = {state for pk, state in own.items() if pk != outcome.attempt.delivery_id}
    is_taken_nowhere = not others & (_THERE | _OPEN)
    return outcome.state is State.REFUSED and State.UNDELIVERED in others and is_taken_nowhere


def _decide_anew(practice_id: UUID, stranded: Iterable[Outcome], now: datetime) -> None:
    for each in stranded:
        leave_again(practice_id, each.attempt.message_id, now, again_at=each.retry_at, waits_for=each.reason)


def _is_lost(outcome: Outcome) -> bool:
    """It is an answer that was not taken, and goes no other way."""
    return outcome.attempt.is_answer and outcome.state is State.REFUSED and outcome.retry_at is None


def _is_late(outcome: Outcome, known: dict[UUID, str]) -> bool:
    return outcome.state is State.ACCEPTED and known.get(outcome.attempt.delivery_id) in _GIVEN_UP


def _name(outcomes: Iterable[Outcome]) -> None:
    """A callback told of it before the call came back: then the call only says what the vendor calls it."""
    for each in outcomes:
        if each.remote_id:
            unnamed = Delivery.objects.filter(pk=each.attempt.delivery_id, remote_id="")
            unnamed.update(remote_id=each.remote_id)


def _row(outcome: Outcome, now: datetime) -> tuple[object, ...]:
    state, next_at = outcome.state, outcome.ask_at
    if outcome.attempt.is_answer and state is State.REFUSED and outcome.retry_at is not None:
        state, next_at = State.READY, outcome.retry_at
    return (
        outcome.attempt.delivery_id,
        state.value,
        now if state in _SETTLED else None,
        next_at,
        outcome.remote_id,
        outcome.error[:300],
        outcome.code[:40],
    )


def _settle(outcomes: Collection[Outcome], tries: Mapping[UUID, Mapping[UUID, str]], now: datetime) -> None:
    """One acceptance makes a message sent; else doubt, else another try, else failure.

    With one acceptance what the other channel put off is not tried again: it would have to be decided anew whether
    it may leave, and the reminder has left.
    """
    by_message: dict[UUID, list[Outcome]] = {}
    for each in outcomes:
        by_message.setdefault(each.attempt.message_id, []).append(each)
    states = _states_of_messages(by_message)
    sent: list[Outcome] = []
    unknown: list[Outcome] = []
    again: dict[tuple[datetime, Reason], list[Outcome]] = {}
    failed: list[Outcome] = []
    for message_id, own in by_message.items():
        if states[message_id] & _THERE:
            sent.append(own[0])
        elif states[message_id] & _OPEN:
            unknown.append(own[0])
        elif retries := [(each.retry_at, each.reason) for each in own if each.retry_at is not None]:
            again.setdefault(min(retries), []).append(own[0])
        else:
            failed.append(own[0])
    said = Message.objects.filter(pk__any_of=_messages(sent))
    said.update(sent_at=Coalesce(F("sent_at"), Value(now)), is_void=False)
    say_not_tried_again(message_id for message_id in _messages(sent) if len(tries[message_id]) > 1)
    _claimed(sent, _MAY_BE_SENT).update(state=ReminderState.SENT.value, reason="", sent_at=now)
    _claimed(unknown).update(state=ReminderState.UNKNOWN.value)
    _claimed(failed).update(state=ReminderState.FAILED.value, reason=Reason.REFUSED.value)
    for (due_at, reason), own in again.items():
        _claimed(own).update(state=ReminderState.WAITING.value, reason=reason.value, due_at=due_at)
    void = [each for own in again.values() for each in own if not each.attempt.is_answer] + failed
    Message.objects.filter(pk__any_of=_messages(void)).update(is_void=True)


def _states_of_messages(by_message: dict[UUID, list[Outcome]]) -> dict[UUID, set[str]]:
    """The states of all tries of each message: another channel's may be known already, or still in doubt."""
    states: dict[UUID, set[str]] = {
        message_id: {each.state.value for each in own} for message_id, own in by_message.items()
    }
    open_ids = [message_id for message_id, own in states.items() if not own & _THERE]
    if open_ids:
        for message_id, state in Delivery.objects.filter(message_id__any_of=open_ids).values_list(
            "message_id", "state"
        ):
            states[message_id].add(state)
    return states


def _messages(outcomes: Iterable[Outcome]) -> list[UUID]:
    return [each.attempt.message_id for each in outcomes]


def _claimed(outcomes: Iterable[Outcome], states: Collection[ReminderState] = _IN_DOUBT) -> QuerySet[Reminder]:
    """The reminders behind these attempts that are still in doubt, or in these states: states only move forward.

    One that was claimed again since has another message, and what is heard late of the first does not touch it. One
    that was given up or still waits to be claimed again was taken after all (`_MAY_BE_SENT`), as reports have it.
    """
    outcomes = list(outcomes)
    ids = [reminder_id for each in outcomes for reminder_id in each.attempt.reminder_ids]
    in_states = [each.value for each in states]
    return Reminder.objects.filter(pk__any_of=ids, message_id__any_of=_messages(outcomes), state__in=in_states)


def _note_failures(practice_id: UUID, outcomes: Iterable[Outcome], now: datetime) -> None:
    """An account that the vendor refuses carries nothing until somebody has mended it (R26)."""
    failing = {each.attempt.account.id: each for each in outcomes if each.is_account and each.attempt.account}
    for account_id, each in failing.items():
        note_failure(practice_id, account_id, each.error, each.code, now)


def _look_again(practice_id: UUID, outcomes: Iterable[Outcome], now: datetime, *, all_of_them: bool) -> None:
    """Have the plan made again where a sequence may have ended, or did not get what it counted on."""
    clients = {
        each.attempt.client_id
        for each in outcomes
        if not each.attempt.is_answer and (all_of_them or each.attempt.is_last or each.state is not State.ACCEPTED)
    }
    look_again(practice_id, clients, now)
