"""How are the plans of clients brought up to date after something happened to them?"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce
from uuid6 import uuid7

from clients.models import Client
from practices.operations.rows import insert_rows
from practices.tenancy import practice_scope
from reminders.engine.claim import awakened
from reminders.engine.decide import HOLD
from reminders.engine.plan import plan
from reminders.engine.words import OPEN_STATES, Reason, ReminderState
from reminders.models import ClientPlan, Reminder
from reminders.operations.bound import bound
from reminders.operations.corrected_addresses import reached_anew
from reminders.operations.facts import gather
from reminders.operations.persisting import Writing

BATCH = 2000


def replan(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Bring the plans of these clients up to date, in the open scope or one of its own (SEQ-1 to SEQ-6).

    Idempotent: planning again changes nothing. Their rows are locked, so bookings, stops, staff and the
    sweep cannot pass each other.
    """
    ordered = sorted(client_ids)
    with practice_scope(practice_id):
        for start in range(0, len(ordered), BATCH):
            replan_in(practice_id, ordered[start : start + BATCH], now)


def replan_in(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Plan one batch of clients, in the open scope.

    What the practice chose is read under their locks: whoever changes it marks the same clients for planning, and
    a plan by the old choices would take the mark away (reminders/operations/replanning.py).
    """
    locked = lock_clients(practice_id, client_ids)
    if not locked:
        return
    known = bound(practice_id, now)
    writing = Writing(known)
    people = gather(known, locked, now).values()
    anew = reached_anew(people, now)
    for gathered in people:
        planned = plan(gathered.facts, known.policy, now)
        writing.add(gathered, awakened(planned, now, anew.get(gathered.client.id, ())))
    writing.save(now)


def lock_clients(practice_id: UUID, client_ids: Collection[UUID], *, skip_locked: bool = False) -> list[UUID]:
    """Lock the rows of these clients, in the order of their ids so that nobody waits in a circle."""
    rows = Client.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None, pk__any_of=client_ids)
    rows = rows.order_by("pk")
    return list(rows.select_for_update(skip_locked=skip_locked, no_key=True).values_list("pk", flat=True))


def look_again(practice_id: UUID, client_ids: Collection[UUID], now: datetime) -> None:
    """Have the sweep make the plans of these clients again, in the open scope, without holding them.

    One who was merged away meanwhile stands for whom she was merged into; nobody plans for the erased.
    """
    if not client_ids:
        return
    people = Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids, erased_at=None)
    alive = set(people.values_list(Coalesce("merged_into_id", "id"), flat=True))
    insert_rows(
        ClientPlan,
        ("id", "practice_id", "client_id", "replan_at"),
        [(uuid7(), practice_id, client_id, now) for client_id in sorted(alive)],
        on_conflict="ON CONFLICT (client_id) DO UPDATE SET replan_at = EXCLUDED.replan_at",
    )


def awaken_practice(practice_id: UUID, reason: Reason, now: datetime) -> int:
    """Have everything of a practice that waits for one reason decided again at once; return how much it was.

    A hold lasts an hour at most (R26), so that no reminder further away is looked at. What somebody else works on
    is left to them, so that nobody waits in a circle.
    """
    waiting = Reminder.objects.filter(
        practice_id=practice_id,
        state__in=[state.value for state in OPEN_STATES],  # as the index of what is due has it
        due_at__gt=now,
        due_at__lte=now + HOLD,
    ).filter(state=ReminderState.WAITING.value, reason=reason.value)
    ids = list(waiting.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    return Reminder.objects.filter(pk__any_of=ids).update(due_at=now) if ids else 0
