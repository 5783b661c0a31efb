"""What happens when a client answers, and how does a person look after it? (CHN-4, R27)"""

from datetime import date, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from uuid6 import uuid7

from clients.models import Client, ServiceIssue, Suppression
from clients.operations.issues import open_issue
from clients.operations.locking import lock_clients
from clients.operations.note_words import is_complaint, wants_no_messages
from clients.operations.stopping import hold_whom_it_reaches, opt_out
from clients.operations.zones import normalize_email, normalize_phone
from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.operations.planning import replan
from reminders.operations.snoozing import check_day, end_snooze, snooze

_COLUMNS: Final = (
    "id",
    "practice_id",
    "client_id",
    "channel",
    "from_address",
    "text",
    "received_at",
    "remote_id",
    "message_id",
    "handling",
)
_LONGEST_ADDRESS: Final = 254
_LONGEST_ID: Final = 120
_NEVER_LEFT: Final = (Delivery.State.REFUSED, Delivery.State.UNDELIVERED)


def receive_reply(
    practice_id: UUID,
    channel: Channel,
    from_address: str,
    text: str,
    received_at: datetime,
    now: datetime,
    remote_id: str = "",
) -> Reply:
    """Will keep what a client answered, and hold promotion to the client until a person has looked (R27).

    Of several clients with that phone or email it is the one whom a message reached there last, else the newest
    record; of none it is kept without a client. The message kept with it is the last that had reached the client
    on that channel. Words that ask for no more messages opt out (OPT-1), a complaint opens a service issue
    (CARE-1). The same `remote_id` again changes nothing. Runs in the practice's open scope, holds the client's row.
    """
    remote_id = _as_kept(remote_id)
    known = _repeated(practice_id, channel, remote_id)
    if known is not None:
        return known
    address = _normalized(channel, from_address)
    if address and wants_no_messages(text):
        hold_whom_it_reaches(practice_id, **{"phone" if channel is Channel.SMS else "email": address})
    client_id, message_id = _who(practice_id, channel, address, received_at)
    words = text.replace("\0", "")
    reply_id = uuid7()
    kept = address or from_address.replace("\0", "").strip()[:_LONGEST_ADDRESS]
    row = (reply_id, practice_id, client_id, channel.value, kept, words, received_at, remote_id, message_id, "")
    if not insert_rows(Reply, _COLUMNS, [row], on_conflict="ON CONFLICT DO NOTHING RETURNING id"):
        return Reply.objects.get(practice_id=practice_id, channel=channel.value, remote_id=remote_id)
    _heed(practice_id, channel, address, client_id, words, reply_id, received_at, now)
    if client_id is not None:
        replan(practice_id, [client_id], now)
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
        NoSuchDay: SNOOZED without a day to come, within two years.
    """
    until = check_day(practice_id, snooze_until, now) if handling is Reply.Handling.SNOOZED else None
    reply = _held(practice_id, reply_id)
    if reply.handled_at is not None:
        return reply
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
    reply = _held(practice_id, reply_id)
    if reply.handled_at is None:
        return reply
    if reply.snoozed_until is not None and reply.client_id is not None:
        end_snooze(practice_id, reply.client_id, reply.snoozed_until)
    reply.handled_at, reply.handled_by_id, reply.handling, reply.snoozed_until = None, None, "", None
    reply.save(update_fields=["handled_at", "handled_by", "handling", "snoozed_until"])
    _settle(practice_id, reply, "reply_reopened", {}, actor, now)
    return reply


def _as_kept(remote_id: str) -> str:
    """The sender's id, which an email may make longer than a column: then its digest, the same each time."""
    remote_id = remote_id.replace("\0", "")
    return remote_id if len(remote_id) <= _LONGEST_ID else sha256(remote_id.encode()).hexdigest()


def _repeated(practice_id: UUID, channel: Channel, remote_id: str) -> Reply | None:
    if not remote_id:
        return None
    return Reply.objects.filter(practice_id=practice_id, channel=channel.value, remote_id=remote_id).first()


def _normalized(channel: Channel, address: str) -> str:
    return (normalize_phone(address) if channel is Channel.SMS else normalize_email(address)) or ""


def _who(practice_id: UUID, channel: Channel, address: str, received_at: datetime) -> tuple[UUID | None, UUID | None]:
    """The client who answered, held, and the last message that had reached her on that channel."""
    while True:
        candidates = _with_address(practice_id, channel, address)
        held = lock_clients(practice_id, candidates)
        if not any(data.merged_into for data in held.values()):
            break
    if not held:
        return None, None
    reached = _reached(practice_id, channel, list(held), received_at)
    there = reached.filter(to_address=address).values_list("message__client_id", "message_id").first()
    if there is not None:
        return there
    newest = Client.objects.filter(pk__in=held).order_by("-created_at", "-pk").values_list("pk", flat=True)[0]
    return newest, reached.filter(message__client_id=newest).values_list("message_id", flat=True).first()


def _with_address(practice_id: UUID, channel: Channel, address: str) -> list[UUID]:
    """The clients with that phone or email; of one merged into another, the other."""
    if not address:
        return []
    same = Q(phone=address) if channel is Channel.SMS else Q(email=address)
    people = Client.objects.filter(same, practice_id=practice_id).annotate(person=Coalesce("merged_into_id", "pk"))
    return sorted(set(people.values_list("person", flat=True)))


def _reached(practice_id: UUID, channel: Channel, client_ids: list[UUID], received_at: datetime) -> QuerySet[Delivery]:
    """What may have reached these clients on the channel, the newest first."""
    return (
        Delivery.objects.filter(
            message__practice_id=practice_id,
            message__client_id__any_of=client_ids,
            channel=channel.value,
            attempted_at__lte=received_at,
        )
        .exclude(state__in=_NEVER_LEFT)
        .order_by("-attempted_at", "-id")
    )


def _heed(
    practice_id: UUID,
    channel: Channel,
    address: str,
    client_id: UUID | None,
    text: str,
    reply_id: UUID,
    received_at: datetime,
    now: datetime,
) -> None:
    """The words that hardly mean anything else are heeded at once; a person reads the reply all the same."""
    if address and wants_no_messages(text):
        is_text = channel is Channel.SMS
        opt_out(
            practice_id,
            now,
            client_id=client_id,
            phone=address if is_text else None,
            email=None if is_text else address,
            origin=Suppression.Origin.REPLY,
            wording=text,
            said_at=received_at,
        )
    if client_id is not None and is_complaint(text):
        open_issue(practice_id, client_id, ServiceIssue.Origin.REPLY, text, received_at, now, remote_id=str(reply_id))


def _held(practice_id: UUID, reply_id: UUID) -> Reply:
    """The reply and its client, both held; one whose client was merged while we waited is read again."""
    replies = Reply.objects.filter(practice_id=practice_id)
    while True:
        client_id = replies.values_list("client_id", flat=True).get(pk=reply_id)
        if client_id is not None:
            lock_clients(practice_id, [client_id])
        reply = replies.select_for_update(of=("self",), no_key=True).get(pk=reply_id)
        if reply.client_id == client_id:
            return reply


def _settle(practice_id: UUID, reply: Reply, action: str, detail: dict[str, str], actor: Actor, now: datetime) -> None:
    if reply.client_id is not None:
        replan(practice_id, [reply.client_id], now)
    audit(practice_id, actor, action, now, client_id=reply.client_id, subject_id=reply.pk, detail=detail)
