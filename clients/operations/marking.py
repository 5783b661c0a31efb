"""How is a phone or an email marked as one that cannot be reached, and how is the mark taken off? (CHN-2)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from clients.events import ClientsChanged, client_changed
from clients.models import AddressMark, Client
from clients.operations.locking import lock_clients
from clients.operations.zones import normalize_email, normalize_phone
from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows

_COLUMNS: Final = ("id", "practice_id", "subject", "address", "problem", "code", "gateway", "at")
_LONGEST_CODE: Final = 40

# One mark an address. The earliest word stays, so that what is told twice or in another order marks the same (R13).
_AGAIN: Final = """
    ON CONFLICT (practice_id, subject, address) WHERE lifted_at IS NULL DO UPDATE
    SET problem = excluded.problem, code = excluded.code, gateway = excluded.gateway, at = excluded.at
    WHERE (excluded.at, excluded.problem, excluded.code)
        < (clients_addressmark.at, clients_addressmark.problem, clients_addressmark.code)
    RETURNING xmax = 0
"""


def mark_address(
    practice_id: UUID,
    subject: AddressMark.Subject | str,
    address: str,
    problem: AddressMark.Problem | str,
    *,
    code: str,
    gateway: str,
    at: datetime,
    now: datetime,
) -> set[UUID]:
    """Will mark a phone or an email as one that cannot be reached, for whoever has it now or later (CHN-2).

    `at`: when the gateway says that it found out. One mark an address; the earliest word stays, and repeats change
    nothing. Staff who took a mark off knew of all that had been found out before: only later news marks again.
    Plans of the clients with the address are made again in this transaction, so that the other channel is used.
    Returns the clients whom a new mark concerns; runs in the practice's open scope and holds their rows.

    Raises:
        ValueError: the address cannot be read.
    """
    subject = AddressMark.Subject(subject)
    known = normalize_phone(address) if subject is AddressMark.Subject.PHONE else normalize_email(address)
    if not known:
        raise ValueError("No phone or email that can be read was named.")
    concerned = _hold_whoever_has(practice_id, subject, known)
    marks = AddressMark.objects.filter(practice_id=practice_id, subject=subject.value, address=known)
    if marks.filter(lifted_at__gte=at).exists():
        return set()
    problem = AddressMark.Problem(problem)
    row = (uuid7(), practice_id, subject.value, known, problem.value, code[:_LONGEST_CODE], gateway, at)
    written = insert_rows(AddressMark, _COLUMNS, [row], on_conflict=_AGAIN)
    if written != [(True,)]:
        return set()
    _tell(practice_id, concerned, now)
    return concerned


def lift_mark(practice_id: UUID, mark_id: UUID, actor: Actor, now: datetime) -> set[UUID]:
    """Will take a mark off an address, so that messages leave to it again; audited ("mark_lifted").

    A mark that was taken off already stays so. Returns the clients with that address, whose plans are made again;
    runs in the practice's open scope and holds their rows.

    Raises:
        AddressMark.DoesNotExist: the practice has no such mark.
    """
    marks = AddressMark.objects.filter(practice_id=practice_id)
    subject, address = marks.values_list("subject", "address").get(pk=mark_id)
    concerned = _hold_whoever_has(practice_id, AddressMark.Subject(subject), address)
    lifted = marks.filter(pk=mark_id, lifted_at=None).update(lifted_at=now, lifted_by_id=actor.staff_member_id)
    if not lifted:
        return set()
    detail = {"subject": subject, "clients": len(concerned)}
    who = min(concerned, default=None)
    audit(practice_id, actor, "mark_lifted", now, client_id=who, subject_id=mark_id, detail=detail)
    _tell(practice_id, concerned, now)
    return concerned


def _hold_whoever_has(practice_id: UUID, subject: AddressMark.Subject, address: str) -> set[UUID]:
    column = "phone" if subject is AddressMark.Subject.PHONE else "email"
    having = Client.objects.filter(practice_id=practice_id, merged_into=None, **{column: address})
    held = lock_clients(practice_id, having.values_list("pk", flat=True))
    return {client_id for client_id, data in held.items() if data.merged_into is None}


def _tell(practice_id: UUID, client_ids: set[UUID], at: datetime) -> None:
    if client_ids:
        client_changed.send(sender=AddressMark, event=ClientsChanged(practice_id, frozenset(client_ids), at))
