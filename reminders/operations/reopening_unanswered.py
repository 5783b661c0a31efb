"""What becomes of a reply whose answer did not get there? (CHN-4, R27)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from practices.operations.auditing import Actor, audit
from reminders.engine.words import Touchpoint
from reminders.models import Message, Reply
from reminders.operations.planning import look_again


def reopen_unanswered(practice_id: UUID, message_ids: Collection[UUID], now: datetime) -> None:
    """Will have the replies that these answers of staff settled wait for a person again. Audited ("reply_reopened").

    For answers that did not leave, or did not arrive, and will not be tried again. Each opens all that was answered
    with it, and nothing that was looked after otherwise since; what else is among the messages is left alone. Of one
    that arrives after all the reply stays open: a person sees both. Promotion is held from this transaction on, for
    each decision reads the replies anew; the plan is made again by the sweep. Runs in the practice's open scope;
    whoever calls holds the clients.
    """
    if not message_ids:
        return
    failed = Message.objects.filter(
        practice_id=practice_id,
        pk__any_of=message_ids,
        touchpoint=Touchpoint.STAFF_ANSWER.value,
        answers__isnull=False,
    )
    clients: set[UUID] = set()
    for message in failed.select_related("answers").order_by("pk"):
        for reply in _answered_by(message):
            reply.handled_at, reply.handled_by_id, reply.handling = None, None, ""
            reply.save(update_fields=["handled_at", "handled_by", "handling"])
            detail = {"message": str(message.pk)}
            who, what = reply.client_id, reply.pk
            audit(practice_id, Actor(), "reply_reopened", now, client_id=who, subject_id=what, detail=detail)
            clients |= {who} if who else set()
    look_again(practice_id, clients, now)


def _answered_by(message: Message) -> list[Reply]:
    """The replies of the thread that were settled with this answer, held: by the same person in the same moment."""
    asked = message.answers
    if asked is None or asked.client_id is None:
        return []
    thread = Reply.objects.filter(
        practice_id=message.practice_id,
        client_id=asked.client_id,
        channel=asked.channel,
        from_address=asked.from_address,
        handling=Reply.Handling.ANSWERED,
        handled_at=message.decided_at,
        handled_by_id=message.written_by_id,
    )
    return list(thread.select_for_update(of=("self",), no_key=True).order_by("pk"))
