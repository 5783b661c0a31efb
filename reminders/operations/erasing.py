"""What becomes of a person's plans, messages, replies and calls when she is erased? (REC-5, R33)"""

from typing import Any, Final

from django.db.models import Case, F, Q, Value, When

from clients.events import ClientErased
from reminders.engine.words import OPEN_STATES, Channel, Reason, ReminderState
from reminders.models import Call, ClientPlan, Delivery, Message, Reminder, Reply, Sequence, TrackedLink
from reminders.models.client_plan import NOWHERE
from reminders.models.sequence import LIVE
from reminders.operations.attempts import hold_tries

ERASED_ON_THE_WAY: Final = "The client was erased before it was known what became of it."
_NOBODY: Final[dict[str, Any]] = {
    "standing": NOWHERE,
    "sms_word": "",
    "email_word": "",
    "name_key": "",
    "replan_at": None,
    "next_at": None,
    "reactivates_on": None,
    "snoozed_until": None,
    "paused_at": None,
    "paused_by": None,
}
_NOTHING_SAID: Final[dict[str, Any]] = {
    "to_address": "",
    "subject": "",
    "text": "",
    "html": "",
    "headers": {},
    "remote_id": "",
    "next_at": None,
    "valid_until": None,
}
_UNSETTLED: Final = [Delivery.State.READY, Delivery.State.ATTEMPTED, Delivery.State.UNKNOWN]


def erase_plans(event: ClientErased) -> None:
    """Will end all that is planned for her, and blank all that was said to her and by her, in the open scope.

    What had come due stays in the ledger: open reminders as cancelled, those of which nobody knew yet whether they
    arrived as failed. Of a message that is on its way this very moment the gateway's answer still counts.
    """
    mine: dict[str, Any] = {"practice_id": event.practice_id, "client_id__in": event.client_ids}
    hold_tries(event.practice_id, event.client_ids)
    reason = Reason.ERASED.value
    Sequence.objects.filter(LIVE, **mine).update(state="ended", reason=reason, ended_at=event.at)
    reminders = Reminder.objects.filter(**mine)
    came_due = Case(When(allowed_at__lte=event.at, then=Value(value=True)), default=F("came_due"))
    reminders.filter(state__in=[each.value for each in OPEN_STATES]).update(
        state=ReminderState.CANCELLED.value, reason=reason, came_due=came_due
    )
    reminders.filter(state__in=[ReminderState.CLAIMED.value, ReminderState.UNKNOWN.value]).update(
        state=ReminderState.FAILED.value, reason=reason
    )
    deliveries = Delivery.objects.filter(**mine)
    unsettled = {"state": Delivery.State.REFUSED, "settled_at": event.at}
    deliveries.filter(state__in=_UNSETTLED).update(**unsettled, error=ERASED_ON_THE_WAY)
    deliveries.exclude(error="").exclude(error=ERASED_ON_THE_WAY).update(error="", error_code="")
    deliveries.update(**_NOTHING_SAID)
    TrackedLink.objects.filter(**mine).update(target="")
    _erase_replies(event)
    Call.objects.filter(**mine, closed_at=None).update(closed_at=event.at)
    Call.objects.filter(**mine).update(note="")
    ClientPlan.objects.filter(**mine).update(**_NOBODY)


def _erase_replies(event: ClientErased) -> None:
    """Hers, and those from her number or address that were taken for nobody's."""
    hers = Q(client_id__in=event.client_ids)
    hers |= Q(client=None, channel=Channel.SMS.value, from_address__in=event.traces.phones)
    hers |= Q(client=None, channel=Channel.EMAIL.value, from_address__in=event.traces.emails)
    replies = Reply.objects.filter(hers, practice_id=event.practice_id)
    Message.objects.filter(practice_id=event.practice_id, answers__in=replies).update(answers=None)
    replies.delete()
