"""Which clients come next, by name, of those whose plans fulfil something?"""

from uuid import UUID

from django.db.models import Q, QuerySet

from clients.models import Client
from clients.queries.find import MOST, Found
from reminders.models import ClientPlan


def page_by_name(plans: QuerySet[ClientPlan], chosen: Q, after: UUID | None) -> Found:
    """Return one page of the clients of these plans who are `chosen`, the next after this one: at most two queries.

    By index where one begins with what is chosen and goes on with name_key and client_id.
    """
    rows = plans.filter(chosen).order_by("name_key", "client_id").select_related("client")
    if after is not None:
        key = plans.filter(client_id=after).values_list("name_key", flat=True).first()
        if key is None:
            return Found(())
        rows = rows.filter(Q(name_key__gt=key) | Q(client_id__gt=after), name_key__gte=key)
    found: list[Client] = [row.client for row in rows[: MOST + 1]]
    shown = tuple(found[:MOST])
    return Found(shown, shown[-1].pk if len(found) > MOST else None)
