"""What do carriers' reports change: of deliveries, of their messages, of the reminders behind them? (CHN-2, R13)"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from clients.operations.reaching import hold_whom_it_reaches
from integrations.events import DeliveryReported, NotOurs
from integrations.messaging.base import Fate, Meaning, Report
from integrations.queries.attempt_references import read_reference
from practices.operations.rows import update_rows
from reminders.engine.moves import ALLOWED
from reminders.engine.words import ReminderState
from reminders.models import Delivery, Message, Reminder
from reminders.operations.address_news import heed, news_of
from reminders.operations.attempts import say_not_tried_again
from reminders.operations.fates import Known, Verdict, known_of, reported, verdict_of
from reminders.operations.planning import lock_clients, look_again
from reminders.operations.reopening_unanswered import reopen_unanswered
from reminders.operations.undelivered import decide_anew

_COLUMNS: Final = ("id", "state", "remote_id", "error", "error_code", "next_at", "settled_at", "delivered_at")
_BECOMES: Final = {Verdict.SENT: ReminderState.SENT, Verdict.DELIVERED: ReminderState.DELIVERED}
_NOTED_WITHIN: Final = timedelta(seconds=30)
"""By then it is written down which message a gateway took, or it never will be."""
_WAS_TAKEN: Final = (Delivery.State.ACCEPTED, Delivery.State.DELIVERED, Delivery.State.UNDELIVERED)


def apply_reports(event: DeliveryReported) -> None:
    """Will note what a gateway reported of messages, once however often and in whatever order it comes (R13).

    Deliveries only move forward, and settle attempts whose outcome was never recorded (CHN-3). What is wrong with
    an address is marked, an opt-out at the vendor becomes one of ours (OPT-1). A message that no channel brought
    there is void; its reminder leaves by the other channel, once more later, or has failed; what staff answered
    with it waits for a person again. Holds the clients' rows; runs in the practice's open scope.

    Raises:
        NotOurs: a report of a fate names no message of the practice, and says nothing of an address, or came early.
    """
    practice_id, now = event.practice_id, event.at
    found = _held(practice_id, event)
    by_delivery: defaultdict[UUID, list[Report]] = defaultdict(list)
    for report in event.reports:
        row = found.get(report.event_key)
        if row is not None:
            by_delivery[row.pk].append(report)
    moved = _move({row.pk: row for row in found.values()}, by_delivery, now)
    for report in event.reports:
        heed(practice_id, event.gateway, news_of(report, found.get(report.event_key)), now)
    if moved:
        _settle(practice_id, moved, by_delivery, now)


def _held(practice_id: UUID, event: DeliveryReported) -> Mapping[str, Delivery]:
    """The delivery that each report speaks of, by the report's key; all held, their clients first and in order."""
    while True:
        named = _named(practice_id, event)
        _hold_clients(practice_id, event, named)
        of_messages = {row.message_id for row in named.values()}  # all of each: what is recorded holds them too
        rows = Delivery.objects.filter(practice_id=practice_id, message_id__any_of=of_messages)
        rows = rows.defer("text", "html", "headers")
        held = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True).order_by("pk")}
        if all(row.pk in held and held[row.pk].client_id == row.client_id for row in named.values()):
            return {key: held[row.pk] for key, row in named.items()}


def _hold_clients(practice_id: UUID, event: DeliveryReported, named: Mapping[str, Delivery]) -> None:
    """Hold everybody whom the reports concern, those of an address all at once."""
    for report in event.reports:
        news = news_of(report, named.get(report.event_key))
        if news is not None:
            hold_whom_it_reaches(practice_id, **{"phone" if news.is_phone else "email": news.address})
    message_ids = {row.message_id for row in named.values()}
    behind = Reminder.objects.filter(practice_id=practice_id, message_id__any_of=message_ids)
    planned_for = behind.values_list("client_id", flat=True)
    lock_clients(practice_id, {*planned_for, *(row.client_id for row in named.values())})


def _named(practice_id: UUID, event: DeliveryReported) -> Mapping[str, Delivery]:
    """By the reference that travelled with it; by the vendor's own name for it where the vendor returned none."""
    references = {report.event_key: _reference(practice_id, report) for report in event.reports}
    mine = Delivery.objects.filter(practice_id=practice_id).only(
        "id", "client_id", "message_id", "remote_id", "channel", "to_address"
    )
    by_id = {row.pk: row for row in mine.filter(pk__any_of=[each for each in references.values() if each])}
    unnamed = {report.remote_id for report in event.reports if not references[report.event_key]} - {""}
    theirs = mine.filter(gateway=event.gateway, remote_id__any_of=unnamed).order_by("attempted_at", "pk")
    by_remote_id = {row.remote_id: row for row in theirs} if unnamed else {}
    found = {}
    for report in event.reports:
        reference = references[report.event_key]
        row = by_id.get(reference) if reference else by_remote_id.get(report.remote_id)
        if row is not None:
            found[report.event_key] = row
        elif report.fate is not None and not _speaks_for_itself(report, event.at):
            raise NotOurs("No message of this practice was meant.")
    return found


def _speaks_for_itself(report: Report, now: datetime) -> bool:
    """What it says of an address counts without its message, unless our note of that may still be on its way.

    Of what several practices were told because they send from one place, an opt-out alone is for all (R28).
    """
    is_for_all = not report.is_copy or report.meaning is Meaning.OPTED_OUT
    is_noted = report.at is not None and now - report.at >= _NOTED_WITHIN
    return is_for_all and is_noted and news_of(report, None) is not None


def _reference(practice_id: UUID, report: Report) -> UUID | None:
    try:
        named, delivery_id = read_reference(report.attempt_id)
    except ValueError:
        return None
    return delivery_id if named == practice_id else None


def _move(
    rows: Mapping[UUID, Delivery], by_delivery: Mapping[UUID, Sequence[Report]], now: datetime
) -> dict[UUID, Delivery]:
    """Write what the reports change about deliveries; return those of which the state did."""
    changed: list[tuple[Any, ...]] = []
    moved: dict[UUID, Delivery] = {}
    for delivery_id, reports in by_delivery.items():
        row = rows[delivery_id]
        before = after = known_of(row)
        for report in reports:
            after = reported(after, report, now)
        if after != before:
            changed.append(_row(delivery_id, after))
        if after.state is not before.state:
            row.state = after.state
            moved[delivery_id] = row
    update_rows(Delivery, _COLUMNS, changed)
    return moved


def _row(delivery_id: UUID, known: Known) -> tuple[Any, ...]:
    return (
        delivery_id,
        known.state.value,
        known.remote_id,
        known.error,
        known.error_code,
        known.next_at,
        known.settled_at,
        known.delivered_at,
    )


def _settle(
    practice_id: UUID, moved: Mapping[UUID, Delivery], reports: Mapping[UUID, Sequence[Report]], now: datetime
) -> None:
    """Have messages and reminders follow their deliveries (R33)."""
    messages = {
        each.pk: each
        for each in Message.objects.filter(pk__any_of={row.message_id for row in moved.values()}).order_by("pk")
    }
    states: defaultdict[UUID, list[str]] = defaultdict(list)
    taken_at: dict[UUID, datetime] = {}
    tries = Delivery.objects.filter(practice_id=practice_id, message_id__any_of=messages).order_by("attempted_at")
    for message_id, state, attempted_at in tries.values_list("message_id", "state", "attempted_at"):
        states[message_id].append(state)
        if state in _WAS_TAKEN:
            taken_at.setdefault(message_id, attempted_at)
    verdicts = {message_id: verdict_of(of) for message_id, of in states.items()}
    settled = [
        (each.pk, each.sent_at or taken_at[each.pk], verdicts[each.pk] is Verdict.UNDELIVERED)
        for each in messages.values()
        if verdicts[each.pk] is not Verdict.OPEN
    ]
    update_rows(Message, ("id", "sent_at", "is_void"), settled)
    say_not_tried_again(pk for pk, _, _ in settled if len(states[pk]) > 1 and verdicts[pk] in _BECOMES)
    _move_reminders(practice_id, {pk: sent_at for pk, sent_at, _ in settled}, verdicts, now)
    said = {row.message_id: report for pk, row in moved.items() for report in reports[pk] if _is_undelivered(report)}
    undelivered = [each for each in messages.values() if verdicts[each.pk] is Verdict.UNDELIVERED]
    for message in undelivered:
        decide_anew(practice_id, message, said[message.pk], now)
    reopen_unanswered(practice_id, [each.pk for each in undelivered], now)


def _is_undelivered(report: Report) -> bool:
    return report.fate is Fate.UNDELIVERED


def _move_reminders(
    practice_id: UUID, sent_at: Mapping[UUID, datetime], verdicts: Mapping[UUID, Verdict], now: datetime
) -> None:
    """Reminders whose message was taken, or arrived. One that was claimed again since has another message."""
    rows: list[tuple[Any, ...]] = []
    changed: set[UUID] = set()
    behind = Reminder.objects.filter(practice_id=practice_id, message_id__any_of=sent_at).values_list(
        "id", "client_id", "message_id", "state", "sent_at"
    )
    for reminder_id, client_id, message_id, state, left_at in behind:
        becomes = _BECOMES.get(verdicts[message_id])
        if becomes is None or becomes not in ALLOWED[ReminderState(state)]:
            continue
        rows.append((reminder_id, becomes.value, "", left_at or sent_at[message_id]))
        if state != ReminderState.SENT:
            changed.add(client_id)
    update_rows(Reminder, ("id", "state", "reason", "sent_at"), rows)
    # A sequence may have ended with it, or goes on otherwise than planned.
    look_again(practice_id, changed, now)
