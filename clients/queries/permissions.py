"""What have these clients agreed to, refused and complained about? Drawn from the ledgers, set-based."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from clients.models import Client, Consent, ConsentAttestation, ServiceIssue, Suppression
from clients.models.consent import ConsentScope

Kind = Consent.Kind
_PHONE, _EMAIL, _CLIENT = _KINDS = tuple(subject.value for subject in Suppression.Subject)
OWN_WORDS = frozenset({Kind.GRANTED, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Permission:
    """What rules ask of one client (RULES.md, Kinds of message). Consent, veto and stop are different things."""

    is_sms_consented: bool
    is_sms_vetoed: bool
    is_email_vetoed: bool
    is_photo_consented: bool
    is_opted_out: bool
    is_sms_stopped: bool
    is_email_stopped: bool
    open_issues: tuple[tuple[UUID, datetime], ...]
    """Service issue and since when, the oldest first."""
    phone_shared_by: int
    email_shared_by: int


@dataclass(frozen=True, slots=True)
class _Contact:
    id: UUID
    phone: str
    email: str


def permissions_of(practice_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, Permission]:
    """Return the permissions of each of these clients, in a fixed number of queries."""
    contacts = [
        _Contact(*row)
        for row in Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids).values_list(
            "id", "phone", "email"
        )
    ]
    words = _latest_words(practice_id, client_ids)
    attested = set(
        ConsentAttestation.objects.filter(practice_id=practice_id, withdrawn_at__isnull=True).values_list(
            "scope", flat=True
        )
    )
    stopped = _Stopped(practice_id, contacts)
    unhappy: defaultdict[UUID, tuple[tuple[UUID, datetime], ...]] = defaultdict(tuple)
    issues = ServiceIssue.objects.filter(practice_id=practice_id, client_id__any_of=client_ids, resolved_at=None)
    for client_id, issue_id, opened_at in issues.order_by("opened_at", "id").values_list(
        "client_id", "id", "opened_at"
    ):
        unhappy[client_id] += ((issue_id, opened_at),)
    phones = _owners(practice_id, "phone", [each.phone for each in contacts])
    emails = _owners(practice_id, "email", [each.email for each in contacts])
    return {
        each.id: Permission(
            is_sms_consented=_consented(words[each.id], ConsentScope.SMS, attested),
            is_sms_vetoed=words[each.id].get((ConsentScope.SMS, "veto")) == Kind.VETO,
            is_email_vetoed=_forbidden(words[each.id], ConsentScope.EMAIL),
            is_photo_consented=words[each.id].get((ConsentScope.PHOTOS, "own")) == Kind.GRANTED,
            is_opted_out=stopped.any(each),
            is_sms_stopped=stopped.sms(each),
            is_email_stopped=stopped.email(each),
            open_issues=unhappy[each.id],
            phone_shared_by=phones.get(each.phone, 1),
            email_shared_by=emails.get(each.email, 1),
        )
        for each in contacts
    }


Words = dict[tuple[str, str], str]


def _latest_words(practice_id: UUID, client_ids: Collection[UUID]) -> defaultdict[UUID, Words]:
    """The newest own word and the newest flag of each client and scope; at one moment a refusal wins."""
    words: defaultdict[UUID, Words] = defaultdict(dict)
    rows = Consent.objects.filter(practice_id=practice_id, client_id__any_of=client_ids).values_list(
        "client_id", "scope", "kind", "at"
    )
    for client_id, scope, kind, _ in sorted(rows, key=lambda row: (row[3], row[2] in {Kind.WITHDRAWN, Kind.VETO})):
        words[client_id][scope, "own" if kind in OWN_WORDS else "veto"] = kind
    return words


def _consented(words: Words, scope: ConsentScope, attested: Collection[str]) -> bool:
    """Her own word counts; without one the practice's attestation, unless a flag forbids it (SEQ-12)."""
    own = words.get((scope, "own"))
    if own is not None:
        return own == Kind.GRANTED
    return scope in attested


def _forbidden(words: Words, scope: ConsentScope) -> bool:
    """Email needs no consent, but a withdrawal or a flag forbids it."""
    return words.get((scope, "veto")) == Kind.VETO or words.get((scope, "own")) == Kind.WITHDRAWN


class _Stopped:
    """The active suppressions that reach these clients: by person, phone or email (OPT-1, OPT-3)."""

    def __init__(self, practice_id: UUID, contacts: Iterable[_Contact]) -> None:
        contacts = list(contacts)
        # What forbids its own channel, and what of that forbids all promotion.
        self._narrow: set[tuple[str, str | UUID | None]] = set()
        self._broad: set[tuple[str, str | UUID | None]] = set()
        ids = [each.id for each in contacts]
        rows = Suppression.objects.filter(practice_id=practice_id, lifted_at__isnull=True).filter(
            Q(client_id__any_of=ids)
            | Q(subject=Suppression.Subject.PHONE, address__any_of=[each.phone for each in contacts if each.phone])
            | Q(subject=Suppression.Subject.EMAIL, address__any_of=[each.email for each in contacts if each.email])
        )
        for subject, address, client_id, narrowed_at in rows.values_list(
            "subject", "address", "client_id", "narrowed_at"
        ):
            for kinds in (self._narrow, self._broad) if narrowed_at is None else (self._narrow,):
                kinds.add((subject, address))
                kinds.add((subject, client_id))

    def sms(self, contact: _Contact) -> bool:
        """STOP ends every text to that number, and to the one she has instead."""
        return not {(_PHONE, contact.phone), (_PHONE, contact.id)}.isdisjoint(self._narrow)

    def email(self, contact: _Contact) -> bool:
        """Unsubscribed from email."""
        return not {(_EMAIL, contact.email), (_EMAIL, contact.id)}.isdisjoint(self._narrow)

    def any(self, contact: _Contact) -> bool:
        """Any opt-out ends all promotion on every channel, until one of them is taken back (OPT-3)."""
        mine = {(_PHONE, contact.phone), (_EMAIL, contact.email), *((kind, contact.id) for kind in _KINDS)}
        return not mine.isdisjoint(self._broad)


def _owners(practice_id: UUID, column: str, addresses: Iterable[str]) -> dict[str, int]:
    """How many clients each address belongs to (R23)."""
    known = {address for address in addresses if address}
    rows = (
        Client.objects.filter(practice_id=practice_id, merged_into=None, **{f"{column}__any_of": known})
        .values_list(column)
        .annotate(count=Count("id"))
    )
    return dict(rows)
