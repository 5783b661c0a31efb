"""What becomes of the reminders behind a message that did not arrive? (CHN-2, R4)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Min

from integrations.messaging.base import MARKS, Meaning, Report
from integrations.operations.account_health import note_failure
from reminders.engine.moves import ALLOWED
from reminders.engine.plan import plan
from reminders.engine.rerouting import undelivered
from reminders.engine.values import Ref
from reminders.engine.words import Reason, ReminderState
from reminders.models import Delivery, Message, Reminder
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.persisting import Writing
from reminders.operations.retrying import LATER

_MAY_FAIL: Final = [state.value for state, moves in ALLOWED.items() if ReminderState.FAILED in moves]
_PASSES: Final = frozenset({Meaning.LATER, Meaning.RETRY})
"""A phone that is switched off, a carrier that is full: nothing is wrong with the account (messaging.md 1.10)."""


def decide_anew(practice_id: UUID, message: Message, report: Report, now: datetime) -> None:
    """Will have the reminders of a void message leave by the other channel, once more later, or fail.

    What is wrong with the address is marked already. `report`: what the carrier said of it. An account at fault is
    noted, and the reminders wait for it. Each of these ends: an address is marked once, and a second time "later"
    is the last. Runs in the practice's open scope; the client's row is held.
    """
    behind = Reminder.objects.filter(practice_id=practice_id, message_id=message.pk)
    allowed_since = behind.aggregate(since=Min("allowed_at"))["since"]
    if allowed_since is None:
        return  # an answer, or reminders that left again since
    was_tried = _was_tried(practice_id, message, allowed_since)
    again_at, waits_for = _chance(practice_id, message, report, now, was_tried=was_tried)
    fails_as = Reason.UNREACHABLE if report.meaning in MARKS else Reason.REFUSED
    leave_again(practice_id, message.pk, now, again_at=again_at, waits_for=waits_for, fails_as=fails_as)


def leave_again(
    practice_id: UUID,
    message_id: UUID,
    now: datetime,
    *,
    again_at: datetime | None,
    waits_for: Reason,
    fails_as: Reason = Reason.REFUSED,
) -> None:
    """Will have the reminders of a void message wait for `again_at` if they may still leave then; else they fail.

    For whoever was erased nothing is planned any more. Runs in the practice's open scope; the client's row is held.
    """
    behind = dict(
        Reminder.objects.filter(practice_id=practice_id, message_id=message_id).values_list("pk", "client_id")
    )
    erased = Reminder.objects.filter(pk__any_of=behind, client__erased_at__isnull=False, state__in=_MAY_FAIL)
    if erased.update(state=ReminderState.FAILED.value, reason=fails_as.value, sent_at=None):
        return
    known = bound(practice_id, now)
    client_ids = set(behind.values())
    writing = Writing(known)
    for gathered in gather(known, client_ids, now).values():
        refs = [Ref(*key) for key, row_id in gathered.reminder_ids.items() if row_id in behind]
        facts = undelivered(
            gathered.facts, refs, known.policy, now, waits_for=waits_for, fails_as=fails_as, again_at=again_at
        )
        writing.add(gathered, plan(facts, known.policy, now))
    writing.save(now)


def _chance(
    practice_id: UUID, message: Message, report: Report, now: datetime, *, was_tried: bool
) -> tuple[datetime | None, Reason]:
    """When it may leave again, and what it waits for until then."""
    if report.meaning in MARKS:
        return now, Reason.UNREACHABLE
    if was_tried:
        return None, Reason.REFUSED
    if report.meaning in _PASSES:
        return now + LATER, Reason.REFUSED
    if report.meaning is Meaning.ACCOUNT:
        _note_account(practice_id, message, report, now)
        return now, Reason.CHANNEL_DOWN
    return None, Reason.REFUSED


def _note_account(practice_id: UUID, message: Message, report: Report, now: datetime) -> None:
    accounts = Delivery.objects.filter(
        practice_id=practice_id, message_id=message.pk, state=Delivery.State.UNDELIVERED, account__isnull=False
    ).values_list("account_id", flat=True)
    for account_id in sorted(set(accounts)):
        note_failure(practice_id, account_id, report.reason, report.code, now)


def _was_tried(practice_id: UUID, message: Message, since: datetime) -> bool:
    """Whether a message before this one did not arrive either, since its reminder was first allowed to leave."""
    before = Delivery.objects.filter(
        practice_id=practice_id,
        client_id=message.client_id,
        state=Delivery.State.UNDELIVERED,
        message__kind=message.kind,
        message__is_void=True,
        message__decided_at__gte=since,
        message__decided_at__lt=message.decided_at,
    )
    return before.exists()
