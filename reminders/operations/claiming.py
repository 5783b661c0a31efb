"""Which clients of a practice are due, and what is committed for them before any gateway is called? (R32)"""

from datetime import datetime
from uuid import UUID

from practices.tenancy import practice_scope
from reminders.engine.claim import claim
from reminders.engine.words import OPEN_STATES
from reminders.models import ClientPlan, Reminder
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.outbound import Batch, Outbound
from reminders.operations.persisting import Writing
from reminders.operations.planning import lock_clients
from reminders.operations.sharing import OnePerAddress, held
from reminders.operations.speaking import Speaker
from reminders.operations.turns import Turns, take_turns

__all__ = ["Batch", "claim_batch", "due_clients"]


def claim_batch(practice_id: UUID, now: datetime, most: int) -> Batch:
    """Decide on up to `most` due clients of one practice and commit an attempt for each message.

    Clients whose rows others hold are left to them. Facts, decision and attempt are one transaction. What a gateway
    may take is taken before and given back after it (CHN-3): if this process dies in between, it fills up again.
    """
    turns = take_turns(practice_id, most, now)
    try:
        return _claim(practice_id, now, most, turns)
    finally:
        turns.close()


def _claim(practice_id: UUID, now: datetime, most: int, turns: Turns) -> Batch:
    batch = Batch(practice_id, now)
    with practice_scope(practice_id):
        locked = lock_clients(practice_id, due_clients(practice_id, now, most), skip_locked=True)
        if not locked:
            return batch
        known = bound(practice_id, now)
        if not turns.fit(known.practice):
            return batch
        writing = Writing(known)
        speaker = Speaker(known)
        outbound = Outbound(batch, speaker, turns)
        promoted = OnePerAddress(now)
        decided = held(known, gather(known, locked, now), now)
        for gathered in decided.values():
            result = claim(promoted.facts(gathered), turns.policy(known.policy), now)
            promoted.note(gathered, result.claimed)
            turns.note(result.plan)
            rows = writing.add(gathered, result.plan)
            writing.message_ids |= outbound.add(gathered, result, rows)
        outbound.save()
        writing.save(now)
        batch.clients = len(decided)
    return batch


def due_clients(practice_id: UUID, now: datetime, most: int) -> list[UUID]:
    """Return up to `most` clients with a reminder to decide or a plan to make again, the longest due first."""
    due = (
        Reminder.objects.filter(
            practice_id=practice_id, state__in=[state.value for state in OPEN_STATES], due_at__lte=now
        )
        .order_by("due_at")
        .values_list("client_id", flat=True)[: most * 2]
    )
    found = list(dict.fromkeys(due))[:most]
    if len(found) < most:
        replans = (
            ClientPlan.objects.filter(practice_id=practice_id, replan_at__lte=now)
            .order_by("replan_at")
            .values_list("client_id", flat=True)[: most - len(found)]
        )
        found = list(dict.fromkeys([*found, *replans]))
    return found
