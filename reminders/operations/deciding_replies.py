"""How does a person decide whether unclear words were an opt-out? (OPT-1: unsure is shown to a person)"""

from datetime import datetime
from uuid import UUID

from clients.models import Suppression
from clients.operations.locking import lock_clients
from clients.operations.reaching import hold_whom_it_reaches
from clients.operations.stopping import opt_out
from practices.operations.auditing import Actor, audit, audit_many
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Reply
from reminders.operations.answering_replies import answer_by_itself
from reminders.operations.heeding_replies import people_held, standing_of
from reminders.operations.planning import replan
from reminders.operations.replies import hold_reply
from reminders.operations.whose_reply import normalized


def opt_out_by_reply(practice_id: UUID, reply_id: UUID, actor: Actor, now: datetime) -> Reply:
    """Will take a reply for an opt-out of its address, in the client's words, and note it as handled. Audited.

    Its one confirmation leaves only within five minutes of the reply. A reply that is handled already is left
    alone. Runs in the practice's open scope and holds everybody whom the opt-out reaches.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
    """
    said = Reply.objects.filter(practice_id=practice_id).only("channel", "from_address").get(pk=reply_id)
    channel = Channel(said.channel)
    address = normalized(channel, said.from_address)
    phone, email = (address, "") if channel is Channel.SMS else ("", address)
    if address:
        hold_whom_it_reaches(practice_id, phone=phone, email=email)
    reply = hold_reply(practice_id, reply_id)
    if reply.handled_at is not None:
        return reply
    was = standing_of(practice_id, channel, address, reply.client_id, reply.received_at)
    reached: set[UUID] = set()
    if address:  # of anything else nothing can be sent there, and it is nobody's
        reached = opt_out(
            practice_id,
            now,
            client_id=reply.client_id,
            phone=phone or None,
            email=email or None,
            origin=Suppression.Origin.REPLY,
            wording=reply.text,
            by_id=actor.staff_member_id,
            said_at=reply.received_at,
        )
    if reached and not was.is_stopped:
        answer_by_itself(practice_id, reply, Touchpoint.OPT_OUT_REPLY, now)
    reply.intent, reply.handling = Reply.Intent.STOP, Reply.Handling.OPTED_OUT
    reply.handled_at, reply.handled_by_id = now, actor.staff_member_id
    reply.save(update_fields=["intent", "handling", "handled_at", "handled_by"])
    audit_many(practice_id, actor, "client_opted_out", now, sorted(reached), detail={"reply": str(reply.pk)})
    if not reached:
        handled = {"handling": Reply.Handling.OPTED_OUT.value}
        audit(practice_id, actor, "reply_handled", now, subject_id=reply.pk, detail=handled)
    replan(practice_id, _held_by(reply), now)
    return reply


def take_for_no_opt_out(practice_id: UUID, reply_id: UUID, actor: Actor, now: datetime) -> bool:
    """Will note that a person read the words and they are no opt-out: texts go on, the answer is still due. Audited.

    Returns whether it was this that decided it: one that is handled, or is not unclear any more, is left alone.
    Runs in the practice's open scope, holds everybody with that phone or email.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
    """
    said = (
        Reply.objects.filter(practice_id=practice_id)
        .only("practice_id", "channel", "from_address", "client_id")
        .get(pk=reply_id)
    )
    lock_clients(practice_id, _held_by(said))
    reply = hold_reply(practice_id, reply_id)
    if reply.handled_at is not None or reply.intent != Reply.Intent.UNSURE:
        return False
    reply.intent = Reply.Intent.NONE
    reply.save(update_fields=["intent"])
    replan(practice_id, _held_by(reply), now)
    audit(practice_id, actor, "reply_no_opt_out", now, client_id=reply.client_id, subject_id=reply.pk)
    return True


def _held_by(reply: Reply) -> set[UUID]:
    """Whom the words held (OPT-1)."""
    return people_held(reply.practice_id, Channel(reply.channel), reply.from_address, reply.client_id)
