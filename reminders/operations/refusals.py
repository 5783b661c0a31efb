"""Which addresses does a carrier go on refusing after their opt-out was taken back here? (OPT-3, CHN-2)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from clients.models import AddressMark, Client, Suppression
from clients.operations.marking import lift_mark
from clients.operations.taking_back import SAID_THERE
from clients.queries.stops_in_force import stops_of
from practices.operations.auditing import Actor, audit
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery, Message, Reply

_DROPPED: Final = "dropped"
"""So begins what SendGrid says of an email that it did not try to hand over."""


def refused_since(practice_id: UUID, channel: Channel, address: str, code: str, at: datetime) -> datetime | None:
    """Return since when the carrier's "opted out" of `at` is an old opt-out that was taken back here; None: it is news.

    It is old only if the carrier held it at all, staff or a new consent lifted it here (or a START that the carrier
    did not take for one: medspa answered that itself), and the carrier took nothing for that address since. What she
    pressed in an email just now is news, and so is everything while a stop stands. In doubt it is an opt-out.
    """
    if channel is Channel.EMAIL and not code.startswith(_DROPPED):
        return None
    stops = Suppression.objects.filter(stops_of(practice_id, [(_subject(channel), address)]), practice_id=practice_id)
    if stops.filter(lifted_at=None).exists():
        return None
    lifted_at, origin = stops.order_by("-lifted_at").values_list("lifted_at", "origin").first() or (None, "")
    if lifted_at is None or lifted_at > at:
        return None
    if origin not in SAID_THERE and not _was_said_there(practice_id, channel, address, lifted_at):
        return None
    if _was_taken(practice_id, channel, address, lifted_at, at):
        return None
    start = last_start(practice_id, channel, address, lifted_at, at)
    return lifted_at if start is None or _was_ours_to_answer(start) else None


def reopen_start(
    practice_id: UUID, channel: Channel, address: str, since: datetime, until: datetime, now: datetime
) -> None:
    """Will have the START that the carrier did not take for one wait for a person, who can say what to text. Audited.

    `since`: when the opt-out was taken back. The open scope holds the clients with that address.
    """
    start = last_start(practice_id, channel, address, since, until)
    if start is None or start.handling != Reply.Handling.ANSWERED or start.handled_by_id is not None:
        return
    if not _was_ours_to_answer(start):
        return
    start.handled_at, start.handling = None, ""
    start.save(update_fields=["handled_at", "handling"])
    audit(practice_id, Actor(), "reply_reopened", now, client_id=start.client_id, subject_id=start.pk)


def refusal_of(practice_id: UUID, channel: Channel, address: str) -> UUID | None:
    """Return the mark of an address that its carrier refuses until it says START; None: it has none."""
    marks = AddressMark.objects.filter(
        practice_id=practice_id,
        subject=_subject(channel),
        address=address,
        problem=AddressMark.Problem.OPTED_OUT.value,
        lifted_at=None,
    )
    return marks.values_list("pk", flat=True).first() if address else None


def lift_refusal(practice_id: UUID, channel: Channel, address: str, now: datetime) -> None:
    """Will take that mark off, because START was said from there; audited. The open scope holds who has the address."""
    mark_id = refusal_of(practice_id, channel, address)
    if mark_id is not None:
        lift_mark(practice_id, mark_id, Actor(), now)


def last_start(practice_id: UUID, channel: Channel, address: str, since: datetime, until: datetime) -> Reply | None:
    """Return the last START from an address between two moments, both included."""
    return _said(practice_id, channel, address, Reply.Intent.START, until).filter(received_at__gte=since).first()


def _was_said_there(practice_id: UUID, channel: Channel, address: str, until: datetime) -> bool:
    return _said(practice_id, channel, address, Reply.Intent.STOP, until).exists()


def _said(practice_id: UUID, channel: Channel, address: str, intent: Reply.Intent, until: datetime) -> QuerySet[Reply]:
    said = Reply.objects.filter(
        practice_id=practice_id, channel=channel.value, from_address=address, intent=intent, received_at__lte=until
    )
    return said.order_by("-received_at", "-pk")


def _was_taken(practice_id: UUID, channel: Channel, address: str, since: datetime, until: datetime) -> bool:
    """Whether the carrier took a message for it meanwhile: of emails it takes all, so that one has to have arrived."""
    states = [Delivery.State.DELIVERED] + ([Delivery.State.ACCEPTED] if channel is Channel.SMS else [])
    field = "phone" if channel is Channel.SMS else "email"
    people = Client.objects.filter(practice_id=practice_id, **{field: address}).values("pk")
    tried = Delivery.objects.filter(
        practice_id=practice_id, client_id__in=people, attempted_at__gt=since, attempted_at__lt=until
    )
    return tried.filter(channel=channel.value, to_address=address, state__in=states).exists()


def _was_ours_to_answer(start: Reply) -> bool:
    answers = Message.objects.filter(practice_id=start.practice_id, answers_id=start.pk)
    return answers.filter(touchpoint=Touchpoint.START_REPLY.value).exists()


def _subject(channel: Channel) -> str:
    return Suppression.Subject.PHONE.value if channel is Channel.SMS else Suppression.Subject.EMAIL.value
