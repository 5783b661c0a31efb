"""How does staff answer a client's reply, and what would leave? (CHN-4)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from clients.queries.stops_in_force import Contact, StopsInForce
from practices.operations.auditing import Actor, audit
from reminders.engine.segments import Length, measure
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.answering_replies import WordsRefused, compose_answer, queue_words
from reminders.operations.answers_allowed import marked_addresses
from reminders.operations.planning import replan
from reminders.operations.replies import hold_reply

_MARKED: Final = "If that is no longer so, take its mark off on the client’s page and answer then; or call."

__all__ = ["AnswerRefused", "Foreseen", "WordsRefused", "answer_reply", "foresee_answer", "why_not"]


class AnswerRefused(Exception):
    """This reply cannot be answered from here; the text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An answer as it would leave, and what it costs; `length` of a text message alone."""

    sender: str
    subject: str
    text: str
    html: str
    length: Length | None


def answer_reply(practice_id: UUID, reply_id: UUID, words: str, actor: Actor, now: datetime) -> Reply:
    """Will send what staff wrote to where the client wrote from, and note the reply as answered. Audited, ids only.

    With it the earlier replies from there are answered, except one that may be an opt-out. One that is handled
    already is left alone and nothing is sent: pressed twice, it leaves once. Runs in the practice's open scope and
    holds the client's row.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
        AnswerRefused: nothing may be sent there.
        WordsRefused: nothing is written, or too much.
    """
    reply = hold_reply(practice_id, reply_id)
    if reply.handled_at is not None:
        return reply
    barred = why_not(reply)
    if barred:
        raise AnswerRefused(barred)
    message = queue_words(reply, compose_answer(reply, words), actor.staff_member_id, now)
    thread = Reply.objects.filter(
        practice_id=practice_id,
        client_id=message.client_id,
        channel=reply.channel,
        from_address=reply.from_address,
        received_at__lte=reply.received_at,
        handled_at=None,
    ).exclude(intent=Reply.Intent.UNSURE)
    thread.update(handled_at=now, handled_by=actor.staff_member_id, handling=Reply.Handling.ANSWERED)
    replan(practice_id, [message.client_id], now)
    detail = {"message": str(message.pk)}
    audit(practice_id, actor, "reply_answered", now, client_id=reply.client_id, subject_id=reply.pk, detail=detail)
    reply.refresh_from_db()
    return reply


def foresee_answer(reply: Reply, words: str) -> Foreseen:
    """Return what would leave if these words were sent now, in the open scope.

    Raises:
        WordsRefused: nothing is written, or too much.
    """
    composed = compose_answer(reply, words)
    length = measure(composed.text) if reply.channel == Channel.SMS else None
    return Foreseen(composed.from_name, composed.subject, composed.text, composed.html, length)


def why_not(reply: Reply) -> str:
    """Why a reply cannot be answered from here, as a sentence; empty: it can."""
    if reply.client_id is None:
        return "No client has this address, so nothing can be sent there from here. Find the client first."
    if reply.handled_at is None and reply.intent == Reply.Intent.UNSURE:
        return "This may be an opt-out. Decide that first."
    is_text = reply.channel == Channel.SMS
    contact = Contact(reply.client_id, reply.from_address if is_text else "", "" if is_text else reply.from_address)
    stops = StopsInForce(reply.practice_id, [contact])
    if is_text and stops.sms(contact):
        return "The client opted out of texts: none may be sent to this number. Call instead."
    if not is_text and stops.email(contact):
        return "The client unsubscribed: no email may be sent to this address. Call instead."
    if marked_addresses(reply.practice_id, [(reply.channel, reply.from_address)]):
        what, where = ("text", "number") if is_text else ("email", "address")
        return f"The carrier reported that no {what} arrives at this {where}. {_MARKED}"
    return ""
