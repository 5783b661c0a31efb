"""How do staff record that a client, a phone or an email gets no more messages, or may again? (OPT-1 to OPT-3)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import Suppression
from clients.operations.reaching import NobodyNamed
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.operations.zones import normalize_email, normalize_phone
from practices.operations.auditing import Actor, audit, audit_many

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


def stop_address(practice_id: UUID, words: str, *, wording: str, actor: Actor, now: datetime) -> set[UUID]:
    """Will suppress one phone or email, that of a client or not, for whoever has it now or later (OPT-2); audited.

    Returns the clients reached. Runs in the practice's open scope and holds their rows.

    Raises:
        NobodyNamed: it is neither a phone number nor an email address that can be read.
    """
    email = normalize_email(words) if "@" in words else None
    phone = None if "@" in words else normalize_phone(words)
    if email is None and phone is None:
        raise NobodyNamed(
            "This is no email address." if "@" in words else "This is no phone number that can be reached."
        )
    reached = opt_out(
        practice_id,
        now,
        phone=phone,
        email=email,
        origin=Suppression.Origin.STAFF,
        wording=wording,
        by_id=actor.staff_member_id,
    )
    audit(
        practice_id,
        actor,
        "suppression_added",
        now,
        client_id=min(reached, default=None),
        detail={"subject": "email" if email else "phone", "clients": len(reached)},
    )
    return reached


def _clean(wording: str) -> str:
    return wording.replace("\0", "").strip()[:LONGEST_WORDING]
