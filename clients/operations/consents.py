"""What have clients agreed to, and what does the practice vouch for? (SEQ-12)"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from uuid6 import uuid7

from clients.events import ConsentAttested, consent_attested
from clients.models import Consent, ConsentAttestation
from clients.models.consent import ConsentScope
from clients.operations.reported import ReportedConsent
from practices.operations.auditing import Actor, audit
from practices.operations.rows import array, insert_rows, run
from practices.tenancy import practice_scope

_NEWEST: Final = """
    SELECT client_id, scope, kind, address FROM (
        SELECT DISTINCT ON (client_id, scope, kind, address) client_id, scope, kind, address, at, recorded_at, id
        FROM clients_consent WHERE practice_id = %s AND client_id = ANY(%s::uuid[])
        ORDER BY client_id, scope, kind, address, at DESC, recorded_at DESC, id DESC
    ) newest ORDER BY at, recorded_at, id
"""
_COLUMNS: Final = (
    "id",
    "practice_id",
    "client_id",
    "scope",
    "kind",
    "address",
    "at",
    "source",
    "wording",
    "recorded_at",
)
_LONGEST_SOURCE: Final = 80

_About = tuple[UUID, str, bool]
"""A client, a scope, and whether it is a flag."""


class AttestationRefused(ValueError):
    """An attestation says too little; the text says what is missing."""


def append_consents(
    practice_id: UUID, words: Sequence[tuple[UUID, ReportedConsent]], now: datetime, *, is_file: bool
) -> set[UUID]:
    """Will add words about consent to the ledger; returns the clients about whom something was new (SEQ-12).

    Each says for which number or email (`address`). A mere flag of the records becomes a veto of every kind of
    message or takes one back, and never allows. A repeat is kept once; a file, which cannot say since when, adds
    nothing where the last word was the same for the same number. Clients must be held.
    """
    newest = _newest_words(practice_id, {client_id for client_id, _ in words}) if is_file else {}
    rows: list[tuple[Any, ...]] = []
    for client_id, word in words:
        kind = kind_of(word)
        if is_file and _says_the_same(newest.get((client_id, word.scope, word.is_flag), ()), kind, word.address):
            continue
        said = (kind, "" if word.is_flag else word.address, word.at)
        source = word.source[:_LONGEST_SOURCE]
        rows.append((uuid7(), practice_id, client_id, word.scope, *said, source, word.wording, now))
    new = insert_rows(Consent, _COLUMNS, rows, on_conflict="ON CONFLICT DO NOTHING RETURNING client_id")
    return {client_id for (client_id,) in new}


def _says_the_same(newest: Iterable[tuple[str, str]], kind: str, address: str) -> bool:
    """Whether the last word said so, for that number too: what was granted for another is another word."""
    granted = Consent.Kind.GRANTED.value
    of_it = [
        each for each, other in newest if kind != granted or each != granted or not address or other in ("", address)
    ]
    return bool(of_it) and of_it[-1] == kind


def kind_of(word: ReportedConsent) -> str:
    """What a word means in the ledger.

    >>> from datetime import UTC
    >>> word = ReportedConsent("sms", True, datetime(2026, 1, 5, tzinfo=UTC), "form", is_flag=True)
    >>> kind_of(word)
    'veto_lifted'
    """
    if word.is_flag:
        return str((Consent.Kind.VETO_LIFTED if word.is_granted else Consent.Kind.VETO).value)
    return str((Consent.Kind.GRANTED if word.is_granted else Consent.Kind.WITHDRAWN).value)


def attest(
    practice_id: UUID,
    scope: ConsentScope,
    wording: str,
    attested_by: str,
    now: datetime,
    *,
    actor: Actor | None = None,
) -> ConsentAttestation:
    """Will keep the practice's word that its clients agreed, in this wording, on forms it keeps (SEQ-12).

    Opens the practice's scope itself. The same word again changes nothing.

    Raises:
        AttestationRefused: no wording, or nobody who attests.
    """
    if not wording.strip() or not attested_by.strip():
        raise AttestationRefused("An attestation needs the wording that clients agreed to, and who attests it.")
    with practice_scope(practice_id):
        standing = ConsentAttestation.objects.filter(
            practice_id=practice_id, scope=scope, wording=wording.strip(), withdrawn_at=None
        ).first()
        if standing is not None:
            return standing
        attestation = ConsentAttestation.objects.create(
            practice_id=practice_id,
            scope=scope,
            wording=wording.strip(),
            attested_by=attested_by.strip()[:120],
            attested_at=now,
        )
        event = ConsentAttested(practice_id, ConsentScope(scope).value, now)
        consent_attested.send(sender=ConsentAttestation, event=event)
        detail = {"scope": ConsentScope(scope).value}
        audit(practice_id, actor or Actor(), "consent_attested", now, subject_id=attestation.pk, detail=detail)
    return attestation


def withdraw_attestation(practice_id: UUID, attestation_id: UUID, actor: Actor, now: datetime) -> ConsentAttestation:
    """Will take the practice's word back: who never agreed herself is held again (SEQ-12, R26). Audited.

    What was sent on it stays sent. Each message asks anew when it leaves, so that nothing need be planned again.
    Withdrawn already, it stays so. Opens the practice's scope itself.

    Raises:
        ConsentAttestation.DoesNotExist: the practice never gave this word.
    """
    with practice_scope(practice_id):
        attestation = ConsentAttestation.objects.select_for_update().get(practice_id=practice_id, pk=attestation_id)
        if attestation.withdrawn_at is None:
            attestation.withdrawn_at = now
            attestation.save(update_fields=["withdrawn_at"])
            detail = {"scope": attestation.scope}
            audit(practice_id, actor, "attestation_withdrawn", now, subject_id=attestation.pk, detail=detail)
    return attestation


def _newest_words(practice_id: UUID, client_ids: Iterable[UUID]) -> dict[_About, list[tuple[str, str]]]:
    """Each client's newest words of each kind and number, the newest last."""
    flags = {Consent.Kind.VETO.value, Consent.Kind.VETO_LIFTED.value}
    found: defaultdict[_About, list[tuple[str, str]]] = defaultdict(list)
    for client_id, scope, kind, address in run(_NEWEST, [practice_id, array(client_ids)]):
        found[client_id, scope, kind in flags].append((kind, address))
    return found
