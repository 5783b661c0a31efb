"""How does staff put a phone or an email on the suppression list that may be no client's? (OPT-2)"""

from datetime import datetime
from uuid import UUID

from clients.models import Suppression
from clients.operations.stopping import NobodyNamed, opt_out
from clients.operations.zones import normalize_email, normalize_phone
from practices.operations.auditing import Actor, audit


def stop_address(practice_id: UUID, words: str, *, wording: str, actor: Actor, now: datetime) -> set[UUID]:
    """Will suppress one phone or email, for whoever has it now or later; audited, in the open scope.

    Returns the clients reached.

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
