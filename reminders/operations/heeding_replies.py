"""What do the words of a reply change at once, before any person has read it? (OPT-1, OPT-3, CARE-1)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from clients.models import ServiceIssue, Suppression
from clients.operations.issues import open_issue
from clients.operations.note_words import is_complaint
from clients.operations.reaching import people_with
from clients.operations.stop_words import Intent, Reading
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.stops_in_force import Contact, StopsInForce, stops_of
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Reply
from reminders.operations.answering_replies import answer_by_itself, was_helped
from reminders.operations.refusals import lift_refusal, refusal_of

SOURCE_OF_START: Final = "reply START"

Handling = Reply.Handling


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stood with the address when the reply came."""

    is_stopped: bool
    """Nothing may be sent there."""
    is_out: bool
    """She gets no promotion anywhere, or nothing there."""
    is_newer: bool
    """What stands was said after this reply: it came late."""
    is_refused: bool = False
    """The carrier refuses that number until it texts START, whatever was taken back here."""


def standing_of(
    practice_id: UUID, channel: Channel, address: str, client_id: UUID | None, said_at: datetime
) -> Standing:
    """Return how it stands with an address and its client, in the open scope."""
    is_text = channel is Channel.SMS
    nobody = UUID(int=0)
    contact = Contact(client_id or nobody, address if is_text else "", "" if is_text else address)
    stops = StopsInForce(practice_id, [contact])
    is_stopped = stops.sms(contact) if is_text else stops.email(contact)
    is_out = is_stopped or stops.any(contact)
    mine = stops_of(practice_id, [(_subject(channel), address)])
    if client_id is not None:
        mine |= Q(client_id=client_id)
    later = Suppression.objects.filter(mine, practice_id=practice_id, lifted_at=None, at__gt=said_at)
    is_refused = refusal_of(practice_id, channel, address) is not None
    return Standing(is_stopped, is_out, is_newer=is_out and later.exists(), is_refused=is_refused)


def may_be_start(channel: Channel, reading: Reading) -> bool:
    """Whether the words are a START if the number is stopped: a bare yes by text (messaging.md 1.9).

    By email it answers something else: unsubscribing leaves confirmations running.
    """
    return reading.is_yes and channel is Channel.SMS


def intent_in(channel: Channel, reading: Reading, standing: Standing) -> Intent:
    """What the words ask for, as it stands with the address."""
    is_closed = standing.is_stopped or standing.is_refused
    return Intent.START if is_closed and may_be_start(channel, reading) else reading.intent


def people_held(practice_id: UUID, channel: Channel, address: str, client_id: UUID | None = None) -> set[UUID]:
    """Return whom unclear words hold: every client with that phone or email, normalized, and who is taken to speak."""
    held = people_with(practice_id, [(_subject(channel), address)]) if address else set()
    return held | {client_id} if client_id else held


def heed(
    reply: Reply, address: str, reading: Reading, standing: Standing, now: datetime, *, is_answered_by_vendor: bool
) -> Handling | None:
    """Will do at once what the words ask for, and answer where an answer is due; returns what became of the reply.

    None: a person has to read it, as everything that says more than one of those words. The open scope holds
    everybody whom the word reaches.
    """
    _heed_complaint(reply, now)
    if not address:
        return None
    if reply.intent == Intent.STOP:
        return _stop(reply, address, reading, standing, now, is_answered=is_answered_by_vendor)
    if reply.intent == Intent.START:
        return _start(reply, address, reading, standing, now, is_answered=is_answered_by_vendor)
    if reply.intent == Intent.HELP and not standing.is_stopped:
        return _help(reply, now, is_answered=is_answered_by_vendor)
    return None


def _stop(
    reply: Reply, address: str, reading: Reading, standing: Standing, now: datetime, *, is_answered: bool
) -> Handling | None:
    """The one confirmation is for the first stop of an address; the vendor's own counts (OPT-1)."""
    phone, email = _named(reply, address)
    opt_out(
        reply.practice_id,
        now,
        client_id=reply.client_id,
        phone=phone,
        email=email,
        origin=Suppression.Origin.REPLY,
        wording=reply.text,
        said_at=reply.received_at,
    )
    channel = Channel(reply.channel)
    stopped = standing_of(reply.practice_id, channel, address, reply.client_id, reply.received_at).is_stopped
    if stopped and not standing.is_stopped and not is_answered:
        answer_by_itself(reply.practice_id, reply, Touchpoint.OPT_OUT_REPLY, now)
    return Handling.OPTED_OUT if stopped and reading.is_settled else None


def _start(
    reply: Reply, address: str, reading: Reading, standing: Standing, now: datetime, *, is_answered: bool
) -> Handling | None:
    """Only whoever is out can come back in; a START older than the stop that stands does not end it.

    The carrier, who heard it too, takes texts to the number again.
    """
    if standing.is_newer or not (standing.is_out or standing.is_refused):
        return None
    phone, email = _named(reply, address)
    lift_refusal(reply.practice_id, Channel(reply.channel), address, now)
    if standing.is_out:
        lift_opt_out(
            reply.practice_id,
            now,
            client_id=reply.client_id,
            phone=phone,
            email=email,
            source=SOURCE_OF_START,
            wording=reply.text,
            said_at=reply.received_at,
        )
    if not is_answered:
        answer_by_itself(reply.practice_id, reply, Touchpoint.START_REPLY, now)
    return Handling.ANSWERED if reading.is_settled or reading.is_yes else None


def _help(reply: Reply, now: datetime, *, is_answered: bool) -> Handling | None:
    if is_answered:
        return Handling.ANSWERED
    if reply.client_id is None:
        return None
    if was_helped(reply.practice_id, reply.client_id, now):
        return Handling.NONE_NEEDED
    return Handling.ANSWERED if answer_by_itself(reply.practice_id, reply, Touchpoint.HELP_REPLY, now) else None


def _heed_complaint(reply: Reply, now: datetime) -> None:
    if reply.client_id is not None and is_complaint(reply.text):
        origin = ServiceIssue.Origin.REPLY
        open_issue(
            reply.practice_id, reply.client_id, origin, reply.text, reply.received_at, now, remote_id=str(reply.pk)
        )


def _subject(channel: Channel) -> str:
    return Suppression.Subject.PHONE.value if channel is Channel.SMS else Suppression.Subject.EMAIL.value


def _named(reply: Reply, address: str) -> tuple[str | None, str | None]:
    """The address as a phone or as an email."""
    return (address, None) if reply.channel == Channel.SMS else (None, address)
