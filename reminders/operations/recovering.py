"""What became of attempts whose worker was killed, or whose outcome nobody knew? (CHN-3)"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from integrations.messaging.base import Accepted, NeverArrived, NotSent, Outgoing, Sought
from integrations.messaging.registry import gateway_kind
from practices.tenancy import across_practices, practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reminder
from reminders.operations.claiming import Attempt
from reminders.operations.delivering import Outcome, record_outcomes

SETTLED_WITHIN = timedelta(minutes=1)
UNSETTLED = (Delivery.State.ATTEMPTED, Delivery.State.UNKNOWN)
MOST = 500


def recover(clock: Callable[[], datetime]) -> int:
    """Ask the gateway about each attempt left without an outcome; make again only what never arrived.

    What goes wrong in one practice is raised when the others have had their turns.
    """
    since = clock() - SETTLED_WITHIN
    with across_practices():
        practices = list(
            Delivery.objects.filter(state__in=UNSETTLED, attempted_at__lt=since)
            .values_list("practice_id", flat=True)
            .distinct()
        )
    settled = 0
    trouble: Exception | None = None
    for practice_id in practices:
        try:
            settled += _recover_practice(practice_id, since, clock)
        except Exception as error:  # noqa: BLE001 - raised below
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return settled


def _recover_practice(practice_id: UUID, since: datetime, clock: Callable[[], datetime]) -> int:
    with practice_scope(practice_id):
        attempts = _unsettled(practice_id, since)
    outcomes = [outcome for attempt, sought in attempts if (outcome := _asked(attempt, sought, clock)) is not None]
    if outcomes:
        record_outcomes(practice_id, outcomes, clock())
    return len(outcomes)


def _unsettled(practice_id: UUID, since: datetime) -> list[tuple[Attempt, Sought]]:
    rows = list(
        Delivery.objects.filter(practice_id=practice_id, state__in=UNSETTLED, attempted_at__lt=since)
        .defer("html", "headers")
        .order_by("attempted_at")[:MOST]
    )
    reminders: dict[UUID | None, list[UUID]] = defaultdict(list)
    behind = Reminder.objects.filter(practice_id=practice_id, message_id__any_of={row.message_id for row in rows})
    for message_id, reminder_id in behind.values_list("message_id", "pk"):
        reminders[message_id].append(reminder_id)
    return [(_attempt(row, tuple(reminders[row.message_id])), _sought(row)) for row in rows]


def _attempt(row: Delivery, reminder_ids: tuple[UUID, ...]) -> Attempt:
    outgoing = Outgoing(channel="sms" if row.channel == Channel.SMS else "email", to=row.to_address, text=row.text)
    return Attempt(row.pk, row.message_id, row.client_id, reminder_ids, row.gateway, outgoing, is_last=True)


def _sought(row: Delivery) -> Sought:
    return Sought(
        attempt_id=str(row.pk),
        channel="sms" if row.channel == Channel.SMS else "email",
        to=row.to_address,
        text=row.text,
        subject=row.subject,
        attempted_at=row.attempted_at,
    )


def _asked(attempt: Attempt, sought: Sought, clock: Callable[[], datetime]) -> Outcome | None:
    try:
        found = gateway_kind(attempt.gateway)().find(sought)
    except NotSent:
        return None
    if isinstance(found, Accepted):
        return Outcome(attempt, Delivery.State.ACCEPTED, remote_id=found.remote_id)
    if isinstance(found, NeverArrived):
        return Outcome(attempt, Delivery.State.REFUSED, error="It never arrived; decided again.", retry_at=clock())
    return Outcome(attempt, Delivery.State.UNKNOWN, error="The gateway cannot say whether it arrived.")
