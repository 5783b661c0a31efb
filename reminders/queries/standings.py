"""How many clients stand how, and how does each of these stand?"""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, Sum

from clients.queries.find import Found
from reminders.engine.standing import Stands
from reminders.engine.words import Standing
from reminders.models import ClientPlan, StandingTally
from reminders.queries.plan_pages import page_by_name


def standing_counts(practice_id: UUID) -> Counter[Standing]:
    """Return how many clients of the practice stand how; the sum is all clients. No client is counted."""
    rows = StandingTally.objects.filter(practice_id=practice_id).values_list("standing")
    return Counter({Standing(standing): count for standing, count in rows.annotate(count=Sum("change")) if count})


def clients_standing(practice_id: UUID, standing: Standing, after: UUID | None = None) -> Found:
    """Return one page of the clients who stand so, by name, the next after this one: at most two queries, by index."""
    plans = ClientPlan.objects.filter(practice_id=practice_id)
    return page_by_name(plans, Q(standing=standing.value), after)


def standings_of(practice_id: UUID, client_ids: Collection[UUID]) -> Mapping[UUID, Stands]:
    """Return how each of these clients stands as of the last planning; one never planned has nothing planned."""
    rows = ClientPlan.objects.filter(practice_id=practice_id, client_id__any_of=client_ids).exclude(standing="")
    known = {
        client_id: Stands(Standing(standing), next_at)
        for client_id, standing, next_at in rows.values_list("client_id", "standing", "next_at")
    }
    return {client_id: known.get(client_id, Stands(Standing.NONE)) for client_id in client_ids}
