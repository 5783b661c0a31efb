"""Which contact data has a client who was two, and which does each keep? (R13, R18)"""

from datetime import UTC, datetime

from clients.models import Client, ClientMerge
from clients.operations.contact_data import COLUMNS, ContactData
from clients.operations.merge_notes import MergeNotes
from practices.operations.rows import update_rows


def fill(kept: ContactData, gone: ContactData) -> set[str]:
    """Will fill what the kept one lacks and nobody took back, as old as it was said of the gone one (R13).

    Returns the fields that changed.
    """
    filled: set[str] = set()
    for name in ContactData.SAID:
        value, known = getattr(gone, name), getattr(kept, name)
        if value and not known and name not in kept.field_stamps:
            filled |= kept.hear({name: value}, _said_at(gone, name))
    return filled


def _said_at(data: ContactData, name: str) -> datetime:
    written = data.field_stamps.get(name)
    if written:
        return datetime.fromisoformat(written[0])
    return data.reported_at or datetime(1, 1, 1, tzinfo=UTC)


def separate_contacts(notes: MergeNotes, kept: ContactData, gone: ContactData, now: datetime) -> None:
    """Will take from the kept one what was only filled in from the gone one; what has been said since stays."""
    untouched, _ = notes.untouched("clients_client")
    if notes.kept_id in untouched:
        notes.restore("clients_client", (*COLUMNS[1:], "updated_at"), [untouched[notes.kept_id]])
        return
    noted = ClientMerge(pk=notes.merge_id).rows.filter(table="clients_client", row_id=notes.kept_id).first()
    if noted is None or noted.before is None or noted.after is None:
        return
    for name in ContactData.SAID:
        lent = not noted.before.get(name) and getattr(kept, name) == getattr(gone, name)
        if lent and noted.after.get(name) and _said_at(kept, name) == _said_at(gone, name):
            kept.hear({name: None if name == "date_of_birth" else ""}, now)
            kept.field_stamps.pop(name, None)
    update_rows(Client, (*COLUMNS, "updated_at"), [(*kept.as_row(), now)])
