"""How do two clients who are one person become one, and how is that undone? (REC-2, R18)"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.events import ClientsMerged, client_merged, client_unmerged
from clients.models import Client, ClientIdentity, ClientMerge, Consent, ServiceIssue, Suppression
from clients.operations.contact_data import COLUMNS
from clients.operations.directory import types_of_services
from clients.operations.locking import lock_clients
from clients.operations.merge_contacts import fill, separate_contacts
from clients.operations.merge_notes import MergeNotes
from clients.operations.stopping import suppress
from clients.operations.treatment_lines import lines_of_clients
from clients.operations.treatments import derive, link
from clients.queries.agreements import OWN_WORDS
from clients.queries.find import client_named
from practices.operations.rows import run, update_rows
from practices.tenancy import practice_scope

REFUSALS: Final = (Consent.Kind.WITHDRAWN, Consent.Kind.VETO)

_MOVED: Final = {
    "clients_clientidentity": "SELECT 1 WHERE false",
    "clients_treatmentrecord": "SELECT 1 WHERE false",
    "clients_appointment": "SELECT 1 WHERE false",
    "clients_treatment": """
        SELECT 1 FROM clients_treatment o WHERE o.practice_id = t.practice_id AND o.client_id = {into}
        AND o.treatment_type_id = t.treatment_type_id AND o.performed_on = t.performed_on
    """,
    "clients_consent": """
        SELECT 1 FROM clients_consent o WHERE o.practice_id = t.practice_id AND o.client_id = {into}
        AND o.scope = t.scope AND o.kind = t.kind AND o.at = t.at AND o.address = t.address
    """,
    "clients_suppression": "SELECT 1 WHERE false",
    "clients_serviceissue": "SELECT 1 WHERE false",
    "clients_staffnote": "SELECT 1 WHERE false",
}
"""The tables whose rows change hands, each with what stands in the way (a row `o` at the client they go to)."""

_HEARD_BY_BOTH: Final = ("clients_consent", "clients_suppression", "clients_serviceissue")

_INHERIT: Final = """
    INSERT INTO clients_suppression (id, practice_id, subject, address, client_id, origin, wording, by_id, at)
    SELECT gen_random_uuid(), s.practice_id, 'client', %(gone)s::text, %(kept)s, s.origin, s.wording, s.by_id, s.at
    FROM clients_suppression s JOIN clients_client gone ON gone.id = %(gone)s
    WHERE s.practice_id = %(practice)s AND s.lifted_at IS NULL AND s.client_id IS DISTINCT FROM %(kept)s
    AND ((s.subject = 'phone' AND s.address = gone.phone AND gone.phone <> '')
        OR (s.subject = 'email' AND s.address = gone.email AND gone.email <> ''))
    ORDER BY s.at LIMIT 1
    ON CONFLICT DO NOTHING RETURNING id
"""


class MergeRefused(ValueError):
    """These two cannot be merged, or this merge cannot be undone; it says why."""


def merge(practice_id: UUID, kept_id: UUID, gone_id: UUID, now: datetime, by_id: UUID | None = None) -> ClientMerge:
    """Will make two clients one: everything of the gone one moves to the kept one, in the practice's open scope.

    The kept one's contact data stays, and what is empty and was never said of her is filled from the gone one.
    Any opt-out, refusal or issue of either counts (R18). Treatments of one day and type become one (R16). The
    gone row stays as a tombstone that nobody finds; what is reported under its ids reaches the kept one. Plans
    are recomputed by those who hear `client_merged`, in this transaction. `by_id`: the staff member who asked.

    Raises:
        MergeRefused: the same client twice, one whom the practice does not have, or one merged away already.
    """
    if kept_id == gone_id:
        raise MergeRefused("A client cannot be merged with herself.")
    held = lock_clients(practice_id, [kept_id, gone_id])
    for client_id in (kept_id, gone_id):
        if client_id not in held:
            raise MergeRefused(f"The practice has no client {client_id}.")
        if held[client_id].merged_into:
            raise MergeRefused(f"Client {client_id} was merged into {held[client_id].merged_into} already.")
    made = ClientMerge.objects.create(practice_id=practice_id, kept_id=kept_id, gone_id=gone_id, at=now, by_id=by_id)
    notes = MergeNotes(practice_id, made.id, kept_id, gone_id)
    for table in _HEARD_BY_BOTH:
        notes.note_own(table)
    for table, conflict in _MOVED.items():
        notes.move(table, conflict.format(into="%(kept)s"))
    ClientIdentity.objects.filter(practice_id=practice_id, client_id=kept_id, merge=None, pk__in=_ids(notes)).update(
        merge=made
    )
    inherited = run(_INHERIT, {"practice": practice_id, "kept": kept_id, "gone": gone_id})
    notes.note_changes(
        "clients_suppression", {}, notes.rows_by_id("clients_suppression", [row[0] for row in inherited])
    )
    contacts = notes.rows_of_both("clients_client", "id")
    if fill(held[kept_id], held[gone_id]):
        update_rows(Client, (*COLUMNS, "updated_at"), [(*held[kept_id].as_row(), now)])
    Client.objects.filter(practice_id=practice_id, merged_into_id=gone_id).update(merged_into_id=kept_id)
    Client.objects.filter(practice_id=practice_id, id=gone_id).update(merged_into_id=kept_id)
    notes.note_changes("clients_client", contacts, notes.rows_of_both("clients_client", "id"))
    _derive(notes, now)
    _tell(client_merged, notes, now)
    return made


def unmerge(practice_id: UUID, merge_id: UUID, now: datetime) -> None:
    """Will make two clients of one again, in the practice's open scope (R18).

    Each gets back what was hers, and what has come since under her own ids; everything else that has come since
    stays with the kept one. A stop, refusal or issue that came while they were one stands for both.

    Raises:
        MergeRefused: no such merge, one undone already, or the kept client was merged into another since.
    """
    found = ClientMerge.objects.filter(practice_id=practice_id, id=merge_id).first()
    if found is None:
        raise MergeRefused(f"The practice has no merge {merge_id}.")
    notes = MergeNotes(practice_id, found.id, found.kept_id, found.gone_id)
    held = lock_clients(practice_id, [found.kept_id, found.gone_id])
    if found.kept_id not in held:
        raise MergeRefused(f"Client {found.kept_id} was erased.")
    found.refresh_from_db()
    if found.undone_at is not None:
        raise MergeRefused(f"Merge {merge_id} was undone already.")
    if held[found.kept_id].merged_into:
        raise MergeRefused(f"Client {found.kept_id} was merged into another since: undo that first.")
    found.undone_at = now
    found.save(update_fields=["undone_at"])
    _leave_with_both(notes, now)
    for inner in _inside(notes):
        for table, conflict in _MOVED.items():
            inner.put_back(table, conflict.format(into="%(to)s"), to=found.gone_id)
        Client.objects.filter(practice_id=practice_id, id=inner.gone_id).update(merged_into_id=found.gone_id)
    for table, conflict in _MOVED.items():
        notes.put_back(table, conflict.format(into="%(to)s"))
    ClientIdentity.objects.filter(practice_id=practice_id, merge=found).update(merge=None)
    _, inherited = notes.untouched("clients_suppression")
    Suppression.objects.filter(pk__in=inherited).delete()
    Client.objects.filter(id=found.gone_id).update(merged_into=None)
    separate_contacts(notes, held[found.kept_id], held[found.gone_id], now)
    _derive(notes, now)
    _tell(client_unmerged, notes, now)


def merge_named(practice_id: UUID, kept: str, gone: str, now: datetime) -> ClientMerge:
    """Will merge two clients named by their id, or as `source:remote_id`, in a scope of its own.

    Raises:
        MergeRefused: as `merge`.
    """
    with practice_scope(practice_id):
        return merge(practice_id, _named(practice_id, kept), _named(practice_id, gone), now)


def _named(practice_id: UUID, word: str) -> UUID:
    client_id = client_named(practice_id, word)
    if client_id is None:
        raise MergeRefused(f"The practice has no client {word!r}.")
    return client_id


def undo_merge(practice_id: UUID, merge_id: UUID, now: datetime) -> None:
    """As `unmerge`, in a scope of its own."""
    with practice_scope(practice_id):
        unmerge(practice_id, merge_id, now)


def _ids(notes: MergeNotes) -> Any:
    """The identities that the merge moved."""
    rows = ClientMerge(pk=notes.merge_id).rows.filter(table="clients_clientidentity")
    return rows.values("row_id")


def _inside(notes: MergeNotes) -> list[MergeNotes]:
    """Merges into the gone client, and into those in turn, that stand: what comes under their ids is hers."""
    into: dict[UUID, list[ClientMerge]] = {}
    for each in ClientMerge.objects.filter(practice_id=notes.practice_id, undone_at=None):
        into.setdefault(each.kept_id, []).append(each)
    inside, waiting = [], [notes.gone_id]
    while waiting:
        for each in into.get(waiting.pop(), ()):
            inside.append(MergeNotes(notes.practice_id, each.id, notes.kept_id, each.gone_id))
            waiting.append(each.gone_id)
    return inside


def _derive(notes: MergeNotes, now: datetime) -> None:
    """Makes the treatments of both follow their lines (R16)."""
    lines = lines_of_clients(notes.practice_id, [notes.kept_id, notes.gone_id])
    if lines:
        derive(notes.practice_id, lines, types_of_services(notes.practice_id), now)
        link(lines)


def _leave_with_both(notes: MergeNotes, now: datetime) -> None:
    """What stops or holds the joined person, and came while they were one, stops and holds both (R18)."""
    since = {
        table: ClientMerge(pk=notes.merge_id).rows.filter(table=table).values("row_id") for table in _HEARD_BY_BOTH
    }
    stops = Suppression.objects.filter(practice_id=notes.practice_id, client_id=notes.kept_id, lifted_at=None)
    words = (
        stops.exclude(pk__in=since["clients_suppression"])
        .order_by("at")
        .values_list("origin", "wording", "by_id", "at")
    )
    gone = notes.gone_id
    suppress(notes.practice_id, [("client", str(gone), gone, *word) for word in words[:1]])
    issues = ServiceIssue.objects.filter(practice_id=notes.practice_id, client_id=notes.kept_id, resolved_at=None)
    ServiceIssue.objects.bulk_create(
        ServiceIssue(
            practice_id=notes.practice_id,
            client_id=gone,
            origin=issue.origin,
            text=issue.text,
            opened_at=issue.opened_at,
        )
        for issue in issues.exclude(pk__in=since["clients_serviceissue"])
    )
    latest: dict[tuple[str, bool], Consent] = {}
    known = set(since["clients_consent"].values_list("row_id", flat=True))
    for consent in Consent.objects.filter(practice_id=notes.practice_id, client_id=notes.kept_id).order_by("at"):
        latest[consent.scope, consent.kind in OWN_WORDS] = consent
    refused = [each for each in latest.values() if each.kind in REFUSALS and each.pk not in known]
    for each in refused:
        each.pk, each.client_id, each.recorded_at = uuid7(), gone, now
    Consent.objects.bulk_create(refused, ignore_conflicts=True)


def _tell(signal: Any, notes: MergeNotes, now: datetime) -> None:
    event = ClientsMerged(notes.practice_id, notes.merge_id, notes.kept_id, notes.gone_id, now)
    signal.send(sender=ClientMerge, event=event)
