"""How many clients may get reminders by text and by email, why not the others, and who are they? (SEQ-12)"""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, Sum

from clients.queries.find import Found
from reminders.engine.words import Channel, Reach
from reminders.models import ClientPlan, StandingTally
from reminders.queries.plan_pages import page_by_name

_COLUMNS: Final = {Channel.SMS: "sms_word", Channel.EMAIL: "email_word"}


@dataclass(frozen=True, slots=True)
class ReachCounts:
    """How many clients are reached how on each channel, as of the last planning of each.

    `unplanned`: clients who wait for their first plan; the sum of a channel and these is all clients.
    """

    sms: Counter[Reach]
    email: Counter[Reach]
    unplanned: int

    def of(self, channel: Channel) -> Counter[Reach]:
        """The counts of one channel."""
        return self.sms if channel is Channel.SMS else self.email


def reach_counts(practice_id: UUID) -> ReachCounts:
    """Return how many clients of the practice are reached how: one query, and no client is counted."""
    rows = StandingTally.objects.filter(practice_id=practice_id).values_list("sms_word", "email_word")
    found = ReachCounts(Counter(), Counter(), 0)
    unplanned = 0
    for sms_word, email_word, count in rows.annotate(count=Sum("change")):
        if not count:
            continue
        if not sms_word or not email_word:
            unplanned += count
            continue
        found.sms[Reach(sms_word)] += count
        found.email[Reach(email_word)] += count
    return ReachCounts(found.sms, found.email, unplanned)


def clients_reached(practice_id: UUID, channel: Channel, reach: Reach, after: UUID | None = None) -> Found:
    """Return one page of the clients who are reached so, by name, the next after this one: at most two queries."""
    plans = ClientPlan.objects.filter(practice_id=practice_id)
    return page_by_name(plans, Q(**{_COLUMNS[channel]: reach.value}), after)
