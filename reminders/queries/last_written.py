"""When did a practice last write to a phone or an email? (R28)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, Q

from clients.models import Client
from reminders.models import Delivery

_NEVER_LEFT: Final = (Delivery.State.READY, Delivery.State.REFUSED)
"""What left and did not arrive was written all the same."""


def last_written_at(practice_id: UUID, channel: str, address: str) -> datetime | None:
    """Return when the practice of the open scope last wrote to one of its clients at this address; None: never."""
    same = Q(phone=address) if channel == "sms" else Q(email=address)
    clients = list(Client.objects.filter(same, practice_id=practice_id).values_list("pk", flat=True))
    if not clients:
        return None
    written = Delivery.objects.filter(
        practice_id=practice_id, client_id__any_of=clients, channel=channel, to_address=address
    )
    last: datetime | None = written.exclude(state__in=_NEVER_LEFT).aggregate(at=Max("attempted_at"))["at"]
    return last
