"""Which addresses does a carrier go on refusing after their opt-out was taken back here? (OPT-3, CHN-2)"""

from datetime import datetime
from uuid import UUID

from clients.models import AddressMark, Suppression
from clients.operations.marking import lift_mark
from clients.queries.stops_in_force import stops_of
from practices.operations.auditing import Actor, audit
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Message, Reply


def is_refusal(practice_id: UUID, channel: Channel, address: str, at: datetime) -> bool:
    """Whether the carrier's "opted out" of `at` is an old opt-out that was taken back here, and not a new one.

    It is one if staff or a new consent lifted it before, or a START that the carrier did not take for one: medspa
    answered that itself. After a START that the carrier heard, or with a stop that stands, it is news.
    """
    stops = Suppression.objects.filter(stops_of(practice_id, [(_subject(channel), address)]), practice_id=practice_id)
    if stops.filter(lifted_at=None).exists():
        return False
    lifted_at = stops.order_by("-lifted_at").values_list("lifted_at", flat=True).first()
    if lifted_at is None or lifted_at > at:
        return False
    start = _last_start(practice_id, channel, address, lifted_at, at)
    return start is None or _was_ours_to_answer(start)


def reopen_start(practice_id: UUID, channel: Channel, address: str, at: datetime, now: datetime) -> None:
    """Will have the START that the carrier did not take for one wait for a person, who can say what to text. Audited.

    The open scope holds the clients with that address.
    """
    start = _last_start(practice_id, channel, address, None, at)
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


def _last_start(
    practice_id: UUID, channel: Channel, address: str, since: datetime | None, until: datetime
) -> Reply | None:
    said = Reply.objects.filter(
        practice_id=practice_id,
        channel=channel.value,
        from_address=address,
        intent=Reply.Intent.START,
        received_at__lte=until,
    )
    if since is not None:
        said = said.filter(received_at__gte=since)
    return said.order_by("-received_at", "-pk").first()


def _was_ours_to_answer(start: Reply) -> bool:
    answers = Message.objects.filter(practice_id=start.practice_id, answers_id=start.pk)
    return answers.filter(touchpoint=Touchpoint.START_REPLY.value).exists()


def _subject(channel: Channel) -> str:
    return Suppression.Subject.PHONE.value if channel is Channel.SMS else Suppression.Subject.EMAIL.value
