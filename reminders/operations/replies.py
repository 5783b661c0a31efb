"""What happens when a client answers, and how does a person look after it? (CHN-4, R27)"""

from datetime import date, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from clients.operations.locking import lock_clients
from clients.operations.reaching import hold_whom_it_reaches
from clients.operations.stop_words import Intent, reading_of
from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows
from reminders.engine.words import Channel
from reminders.models import Reply
from reminders.operations.heeding_replies import heed, intent_in, may_be_start, people_held, standing_of
from reminders.operations.planning import replan
from reminders.operations.snoozing import check_day, end_snooze, snooze
from reminders.operations.whose_reply import normalized, whose_reply

_COLUMNS: Final = (
    "id",
    "practice_id",
    "client_id",
    "channel",
    "from_address",
    "to_address",
    "gateway",
    "intent",
    "text",
    "received_at",
    "remote_id",
    "message_id",
    "handling",
)
_LONGEST_ADDRESS: Final = 254
_LONGEST_ID: Final = 120
_REACHING: Final = (Intent.STOP, Intent.START)


class Undecided(ValueError):
    """This may be an opt-out: a person decides that before the reply is done with (OPT-1)."""


def receive_reply(
    practice_id: UUID,
    channel: Channel,
    from_address: str,
    text: str,
    received_at: datetime,
    now: datetime,
    remote_id: str = "",
    *,
    to_address: str = "",
    gateway: str = "",
    is_answered_by_vendor: bool = False,
) -> Reply:
    """Will keep what a client answered, and hold promotion to the client until a person has looked (R27).

    Of several clients with that phone or email it is the one whom a message reached there last, else the newest
    record; of none it is kept without a client. The message kept with it is the last that had reached the client
    on that channel. STOP, START and HELP are done at once, and answered once unless the vendor has
    (`is_answered_by_vendor`); where nothing but such a word was said, nobody needs to look. What may be a stop is
    kept as UNSURE: texts to every record with that phone are held until a person has decided (OPT-1). A complaint
    opens a service issue (CARE-1). The same `remote_id` again changes nothing. Runs in the practice's open scope,
    holds the rows of all with that phone or email.
    """
    remote_id = _as_kept(remote_id)
    known = _repeated(practice_id, channel, remote_id)
    if known is not None:
        return known
    address = normalized(channel, from_address)
    words = text.replace("\0", "")
    reading = reading_of(words)
    if address and (reading.intent in _REACHING or may_be_start(channel, reading)):
        hold_whom_it_reaches(practice_id, **{"phone" if channel is Channel.SMS else "email": address})
    client_id, message_id = whose_reply(practice_id, channel, address, received_at)
    standing = standing_of(practice_id, channel, address, client_id, received_at)
    intent = intent_in(channel, reading, standing)
    reply_id = uuid7()
    row = (
        reply_id,
        practice_id,
        client_id,
        channel.value,
        address or _cut(from_address),
        normalized(channel, to_address) or _cut(to_address),
        gateway,
        intent.value,
        words,
        received_at,
        remote_id,
        message_id,
        "",
    )
    if not insert_rows(Reply, _COLUMNS, [row], on_conflict="ON CONFLICT DO NOTHING RETURNING id"):
        return Reply.objects.get(practice_id=practice_id, channel=channel.value, remote_id=remote_id)
    reply = Reply.objects.select_related("client").get(pk=reply_id)
    handling = heed(reply, address, reading, standing, now, is_answered_by_vendor=is_answered_by_vendor)
    if handling is not None:
        reply.handled_at, reply.handling = now, handling.value
        reply.save(update_fields=["handled_at", "handling"])
    replan(practice_id, people_held(practice_id, channel, address if intent is Intent.UNSURE else "", client_id), now)
    return Reply.objects.get(pk=reply_id)


def handle_reply(
    practice_id: UUID,
    reply_id: UUID,
    actor: Actor,
    now: datetime,
    handling: Reply.Handling,
    snooze_until: date | None = None,
) -> Reply:
    """Will note what a person did about a reply; with the last one, promotion goes on (R27). Audited.

    SNOOZED leaves the client in peace until that day of the practice's calendar. Handled twice counts once: the
    first stands. Runs in the practice's open scope and holds the client's row.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
        Undecided: it may be an opt-out, and nobody has decided whether it is.
        NoSuchDay: SNOOZED without a day to come, within two years.
    """
    until = check_day(practice_id, snooze_until, now) if handling is Reply.Handling.SNOOZED else None
    reply = hold_reply(practice_id, reply_id)
    if reply.handled_at is not None:
        return reply
    if reply.intent == Reply.Intent.UNSURE:
        raise Undecided("This may be an opt-out. Decide that first.")
    reply.handled_at, reply.handled_by_id, reply.handling = now, actor.staff_member_id, handling.value
    reply.snoozed_until = until
    reply.save(update_fields=["handled_at", "handled_by", "handling", "snoozed_until"])
    if until is not None and reply.client_id is not None:
        snooze(practice_id, reply.client_id, until)
    detail = {"handling": handling.value} | ({"until": until.isoformat()} if until else {})
    _settle(practice_id, reply, "reply_handled", detail, actor, now)
    return reply


def reopen_reply(practice_id: UUID, reply_id: UUID, actor: Actor, now: datetime) -> Reply:
    """Will take back that a reply was handled: promotion is held again, and a snooze that it set ends. Audited.

    One that is unanswered stays so. Runs in the practice's open scope and holds the client's row.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
    """
    reply = hold_reply(practice_id, reply_id)
    if reply.handled_at is None:
        return reply
    if reply.snoozed_until is not None and reply.client_id is not None:
        end_snooze(practice_id, reply.client_id, reply.snoozed_until)
    reply.handled_at, reply.handled_by_id, reply.handling, reply.snoozed_until = None, None, "", None
    reply.save(update_fields=["handled_at", "handled_by", "handling", "snoozed_until"])
    _settle(practice_id, reply, "reply_reopened", {}, actor, now)
    return reply


def hold_reply(practice_id: UUID, reply_id: UUID) -> Reply:
    """The reply and its client, both held; one whose client was merged while we waited is read again.

    Raises:
        Reply.DoesNotExist: the practice has no such reply.
    """
    replies = Reply.objects.filter(practice_id=practice_id)
    while True:
        client_id = replies.values_list("client_id", flat=True).get(pk=reply_id)
        if client_id is not None:
            lock_clients(practice_id, [client_id])
        reply = replies.select_for_update(of=("self",), no_key=True).get(pk=reply_id)
        if reply.client_id == client_id:
            return reply


def _as_kept(remote_id: str) -> str:
    """The sender's id, which an email may make longer than a column: then its digest, the same each time."""
    remote_id = remote_id.replace("\0", "")
    return remote_id if len(remote_id) <= _LONGEST_ID else sha256(remote_id.encode()).hexdigest()


def _cut(address: str) -> str:
    return address.replace("\0", "").strip()[:_LONGEST_ADDRESS]


def _repeated(practice_id: UUID, channel: Channel, remote_id: str) -> Reply | None:
    if not remote_id:
        return None
    return Reply.objects.filter(practice_id=practice_id, channel=channel.value, remote_id=remote_id).first()


def _settle(practice_id: UUID, reply: Reply, action: str, detail: dict[str, str], actor: Actor, now: datetime) -> None:
    if reply.client_id is not None:
        replan(practice_id, [reply.client_id], now)
    audit(practice_id, actor, action, now, client_id=reply.client_id, subject_id=reply.pk, detail=detail)
