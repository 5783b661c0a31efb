"""Which messages that wait for their gateway would go to another number or mailbox now? (R26, CHN-2)"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from reminders.engine.claim import waits_for_its_gateway
from reminders.engine.values import Ref
from reminders.engine.words import Channel
from reminders.models import Reminder
from reminders.operations.facts import Gathered


def reached_anew(people: Collection[Gathered], now: datetime) -> Mapping[UUID, set[Ref]]:
    """Return by client what was tried and waits, and would go elsewhere now, because a phone or an email was corrected.

    Asks nothing where nothing waits for its gateway, else one query. Runs in the practice's open scope.
    """
    waiting: dict[UUID, tuple[Gathered, Ref]] = {}
    for gathered in people:
        for sequence in gathered.facts.sequences:
            for each in sequence.reminders:
                row_id = gathered.reminder_ids.get((sequence.key, each.step, each.cycle))
                if row_id is not None and waits_for_its_gateway(each, now):
                    waiting[row_id] = gathered, Ref(sequence.key, each.step, each.cycle)
    found: dict[UUID, set[Ref]] = defaultdict(set)
    if not waiting:
        return found
    went_to: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    tried_before = Reminder.objects.filter(pk__any_of=waiting, message__isnull=False)
    for row_id, channel, address in tried_before.values_list(
        "pk", "message__deliveries__channel", "message__deliveries__to_address"
    ):
        went_to[row_id].add((channel, address))
    for row_id, (gathered, ref) in waiting.items():
        tried = went_to[row_id]
        if tried and not tried & {(Channel.SMS, gathered.client.phone), (Channel.EMAIL, gathered.client.email)}:
            found[gathered.client.id].add(ref)
    return found
