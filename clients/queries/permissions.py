"""What have these clients agreed to, refused and complained about? Drawn from the ledgers, set-based."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from clients.models import Client, Consent, ConsentAttestation, ServiceIssue, Suppression
from clients.models.consent import ConsentScope

Kind = Consent.Kind
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
    has_open_issue: bool
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
        for row in Client.objects.filter(practice_id=practice_id, pk__in=client_ids).values_list("id", "phone", "email")
    ]
    words = _latest_words(practice_id, client_ids)
    attested = set(
        ConsentAttestation.objects.filter(practice_id=practice_id, withdrawn_at__isnull=True).values_list(
            "scope", flat=True
        )
    )
    stopped = _Stopped(practice_id, contacts)
    unhappy = set(
        ServiceIssue.objects.filter(
            practice_id=practice_id, client_id__in=client_ids, resolved_at__isnull=True
        ).values_list("client_id", flat=True)
    )
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
            has_open_issue=each.id in unhappy,
            phone_shared_by=phones.get(each.phone, 1),
            email_shared_by=emails.get(each.email, 1),
        )
        for each in contacts
    }


Words = dict[tuple[str, str], str]


def _latest_words(practice_id: UUID, client_ids: Collection[UUID]) -> defaultdict[UUID, Words]:
    """The newest own word and the newest flag of each client and scope; at one moment a refusal wins."""
    words: defaultdict[UUID, Words] = defaultdict(dict)
    rows = Consent.objects.filter(practice_id=practice_id, client_id__in=client_ids).values_list(
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
        self._by_address: set[tuple[str, str]] = set()
        self._by_client: dict[UUID, set[str]] = defaultdict(set)
        ids = [each.id for each in contacts]
        rows = Suppression.objects.filter(practice_id=practice_id, lifted_at__isnull=True).filter(
            Q(client_id__in=ids)
            | Q(subject=Suppression.Subject.PHONE, address__in=[each.phone for each in contacts if each.phone])
            | Q(subject=Suppression.Subject.EMAIL, address__in=[each.email for each in contacts if each.email])
        )
        for subject, address, client_id in rows.values_list("subject", "address", "client_id"):
            self._by_address.add((subject, address))
            if client_id is not None:
                self._by_client[client_id].add(subject)

    def sms(self, contact: _Contact) -> bool:
        """STOP ends every text; so does an opt-out of the person as such."""
        return self._has(contact, Suppression.Subject.PHONE, contact.phone)

    def email(self, contact: _Contact) -> bool:
        """Unsubscribed from email."""
        return self._has(contact, Suppression.Subject.EMAIL, contact.email)

    def any(self, contact: _Contact) -> bool:
        """Any opt-out ends all promotion on every channel (OPT-3)."""
        return bool(self._by_client.get(contact.id)) or self.sms(contact) or self.email(contact)

    def _has(self, contact: _Contact, subject: Suppression.Subject, address: str) -> bool:
        own = self._by_client.get(contact.id, set())
        return subject in own or Suppression.Subject.CLIENT in own or (subject, address) in self._by_address


def _owners(practice_id: UUID, column: str, addresses: Iterable[str]) -> dict[str, int]:
    """How many clients each address belongs to (R23)."""
    known = {address for address in addresses if address}
    rows = (
        Client.objects.filter(practice_id=practice_id, **{f"{column}__in": known})
        .values_list(column)
        .annotate(count=Count("id"))
    )
    return dict(rows)
