"""Who is it that answered, and which message was it an answer to?"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clients.models import Client
from clients.operations.locking import lock_clients
from clients.operations.zones import normalize_email, normalize_phone
from reminders.engine.words import Channel
from reminders.models import Delivery

_NEVER_ARRIVED: Final = (Delivery.State.READY, Delivery.State.REFUSED, Delivery.State.UNDELIVERED)
"""Nobody answers what never reached her."""


def normalized(channel: Channel, address: str) -> str:
    """The address as clients and suppressions have it: E.164, or an email in lower case; empty: it is neither."""
    return (normalize_phone(address) if channel is Channel.SMS else normalize_email(address)) or ""


def whose_reply(
    practice_id: UUID, channel: Channel, address: str, received_at: datetime
) -> tuple[UUID | None, UUID | None]:
    """The client who answered, held, and the last message that had reached her on that channel.

    Of several with that phone or email it is the one whom a message reached there last, else the newest record.
    """
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
        .exclude(state__in=_NEVER_ARRIVED)
        .order_by("-attempted_at", "-id")
    )
