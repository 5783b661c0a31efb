"""At which phones and emails was a client written to, and from which did she answer? (REC-5)"""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from clients.models import Suppression
from clients.models.suppression import Subject
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply

_SUBJECTS: Final = {
    Channel.SMS.value: Suppression.Subject.PHONE.value,
    Channel.EMAIL.value: Suppression.Subject.EMAIL.value,
}


def addresses_of_messages(practice_id: UUID, client_ids: Collection[UUID]) -> set[Subject]:
    """Return each phone and email of these clients' messages and replies, once: two queries, in the open scope."""
    mine: dict[str, Any] = {"practice_id": practice_id, "client_id__any_of": client_ids}
    written = Delivery.objects.filter(**mine).values_list("channel", "to_address")
    replied = Reply.objects.filter(**mine).values_list("channel", "from_address")
    return {
        (_SUBJECTS[channel], address)
        for channel, address in [*written.distinct(), *replied.distinct()]
        if address and channel in _SUBJECTS
    }
