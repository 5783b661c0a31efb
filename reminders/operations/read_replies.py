"""What have these clients answered, by words or a click, and what has nobody looked after yet? (R25, R27)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from clients.models import Client
from reminders.engine.words import Channel, SequenceKind
from reminders.models import Reply, TrackedLink
from reminders.operations.reading import Held
from reminders.operations.unread_addresses import unread_addresses


def read_replies(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    """Read the replies, the links opened and the messages nobody read yet in a query each; `read_sequences` is first.

    Any reply that nobody handled holds promotion (R27); one that may be an opt-out holds texts as well, to every
    record with the phone or email that it came from (OPT-1). So does a message that a carrier brought and that waits
    to be read: what it says was said before anything that leaves now (R32).
    "Answered" are the channels of the replies, and of the booking links that were opened, since the oldest refill
    sequence that still runs began (R25, LIB-4).
    """
    replies = Reply.objects.filter(practice_id=practice_id, client_id__any_of=client_ids)
    for client_id, channel, received_at, handled_at, intent in replies.values_list(
        "client_id", "channel", "received_at", "handled_at", "intent"
    ):
        one = held[client_id]
        if handled_at is None:
            one.has_unanswered_reply = True
            one.has_unclear_reply = one.has_unclear_reply or intent == Reply.Intent.UNSURE
        since = _began(one)
        if since is not None and received_at >= since:
            one.answered |= {Channel(channel)}
    for client_id in _unclear(practice_id, client_ids) | _unread(practice_id, client_ids):
        held[client_id].has_unclear_reply = True
    _read_clicks(held, practice_id, client_ids)


def _unclear(practice_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    """Those whose phone or email is the one that an undecided reply came from."""
    replies = Reply.objects.filter(practice_id=practice_id, handled_at=None, intent=Reply.Intent.UNSURE.value)
    by_text = replies.filter(channel=Channel.SMS.value, from_address=OuterRef("phone")).exclude(from_address="")
    by_email = replies.filter(channel=Channel.EMAIL.value, from_address=OuterRef("email")).exclude(from_address="")
    people = Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids)
    return set(people.filter(Exists(by_text) | Exists(by_email)).values_list("pk", flat=True))


def _unread(practice_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    """Those whose phone or email is the one that a message came from which is not applied yet."""
    unread = unread_addresses(practice_id)
    if not unread:
        return set()
    phones = {address for channel, address in unread if channel == Channel.SMS}
    emails = {address for channel, address in unread if channel == Channel.EMAIL}
    people = Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids)
    return set(people.filter(Q(phone__any_of=phones) | Q(email__any_of=emails)).values_list("pk", flat=True))


def _read_clicks(held: dict[UUID, Held], practice_id: UUID, client_ids: Collection[UUID]) -> None:
    running = {client_id: since for client_id in client_ids if (since := _began(held[client_id])) is not None}
    if not running:
        return
    opened = TrackedLink.objects.filter(practice_id=practice_id, client_id__any_of=running, times_opened__gt=0)
    for client_id, channel, opened_at in opened.values_list("client_id", "channel", "last_opened_at"):
        if opened_at is not None and opened_at >= running[client_id]:
            held[client_id].answered |= {Channel(channel)}


def _began(one: Held) -> datetime | None:
    running = [each.opened_at for each in one.sequences if each.is_live and each.kind is SequenceKind.REFILL]
    return min(running, default=None)
