"""How do staff record that a client wants no more messages, or takes that back? (OPT-1, OPT-3)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import Suppression
from clients.operations.stopping import lift_opt_out, opt_out
from practices.operations.auditing import Actor, audit_many

LONGEST_WORDING: Final = 500
SOURCE: Final = "told staff"


class WordsMissing(ValueError):
    """What the client said is needed: new consent is kept in the client's words (OPT-3)."""


def opt_out_for(practice_id: UUID, client_id: UUID, wording: str, actor: Actor, now: datetime) -> set[UUID]:
    """Will take a client out of everything, in every record with that phone or email, and audit each (OPT-1).

    Returns the clients reached. Runs in the practice's open scope and holds their rows.

    Raises:
        NobodyNamed: the practice has no such client.
    """
    reached = opt_out(
        practice_id,
        now,
        client_id=client_id,
        origin=Suppression.Origin.STAFF,
        wording=_clean(wording),
        by_id=actor.staff_member_id,
    )
    detail = {"told_of": str(client_id)}
    audit_many(practice_id, actor, "client_opted_out", now, sorted(reached), detail=detail)
    return reached


def take_back_for(practice_id: UUID, client_id: UUID, wording: str, actor: Actor, now: datetime) -> set[UUID]:
    """Will end a client's opt-out because the client said so, with the words that were said, and audit it (OPT-3).

    Nothing that ended is revived; staff may reopen it (R28). Returns the clients reached. Runs in the practice's
    open scope and holds their rows.

    Raises:
        WordsMissing: nothing was said.
        NobodyNamed: the practice has no such client.
    """
    wording = _clean(wording)
    if not wording:
        raise WordsMissing("What did the client say?")
    reached = lift_opt_out(practice_id, now, client_id=client_id, source=SOURCE, wording=wording)
    detail = {"told_of": str(client_id)}
    audit_many(practice_id, actor, "opt_out_lifted", now, sorted(reached), detail=detail)
    return reached


def _clean(wording: str) -> str:
    return wording.replace("\0", "").strip()[:LONGEST_WORDING]
