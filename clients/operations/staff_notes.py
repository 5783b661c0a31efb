"""What do staff write down about a client, and what does it sound like? (SEQ-10, OPT-1)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import Client, StaffNote
from clients.operations.locking import lock_clients
from clients.operations.note_words import is_complaint, may_want_fewer, wants_no_messages
from practices.operations.auditing import Actor, audit

LONGEST: Final = 4_000


class NoteRefused(ValueError):
    """There is nothing in it, or it is longer than a note may be."""


@dataclass(frozen=True, slots=True)
class Written:
    """A note that was kept. It does nothing by itself: what it sounds like is offered to whoever wrote it."""

    note_id: UUID
    client_id: UUID
    wants_no_messages: bool
    may_want_fewer: bool
    is_complaint: bool


def write_note(practice_id: UUID, client_id: UUID, text: str, actor: Actor, now: datetime) -> Written:
    """Will keep a note on a client as it was written; it stays. Audited without its words.

    Unlike a note in the record (clients.operations.notes), it opts nobody out: whoever wrote it is asked. Of a
    client who was merged away: the other's. Runs in the practice's open scope.

    Raises:
        NoteRefused: the note is empty, or longer than LONGEST characters.
        Client.DoesNotExist: the practice has no such client.
    """
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise NoteRefused("A note has words, and not too many.")
    held = lock_clients(practice_id, [client_id])
    if client_id not in held:
        raise Client.DoesNotExist(f"No client {client_id}.")
    client_id = held[client_id].merged_into or client_id
    note = StaffNote.objects.create(
        practice_id=practice_id, client_id=client_id, text=text, by_id=actor.staff_member_id, at=now
    )
    audit(practice_id, actor, "note_written", now, client_id=client_id, subject_id=note.pk)
    return Written(note.pk, client_id, wants_no_messages(text), may_want_fewer(text), is_complaint(text))
