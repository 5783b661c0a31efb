"""What have these clients agreed to, refused and complained about? Drawn from the ledgers, set-based."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from clients.models import AddressMark, Client, ServiceIssue
from clients.models.consent import ConsentScope
from clients.queries.agreements import Agreement, agreements_of, attested_scopes
from clients.queries.stops_in_force import Contact, StopsInForce

_PHONE, _EMAIL = AddressMark.Subject.PHONE.value, AddressMark.Subject.EMAIL.value
_WISH = ServiceIssue.Origin.WISH.value
_NOBODY = Agreement({}, {})


@dataclass(frozen=True, slots=True)
class Permission:
    """What rules ask of one client (RULES.md, Kinds of message). Consent, veto and stop are different things."""

    is_sms_consented: bool
    is_sms_attested: bool
    """The practice's word alone allows texts: she said nothing herself of the number that she has (SEQ-12)."""
    is_sms_withdrawn: bool
    is_sms_vetoed: bool
    is_email_vetoed: bool
    is_email_withdrawn: bool
    is_photo_consented: bool
    is_opted_out: bool
    is_sms_stopped: bool
    is_email_stopped: bool
    """Unsubscribed from email, or took back her agreement to it: confirmations still come (RULES.md)."""
    is_phone_unreachable: bool
    """A gateway reported that the number takes no texts (CHN-2)."""
    is_email_unreachable: bool
    open_issues: tuple[tuple[UUID, datetime], ...]
    """Service issue and since when, the oldest first."""
    may_want_fewer: bool
    """A note on her, or on another record with her phone or email, may ask for fewer messages (OPT-1)."""
    phone_shared_by: int
    email_shared_by: int


def permissions_of(practice_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, Permission]:
    """Return the permissions of each of these clients, in a fixed number of queries."""
    contacts = [
        Contact(*row)
        for row in Client.objects.filter(practice_id=practice_id, pk__any_of=client_ids).values_list(
            "id", "phone", "email"
        )
    ]
    agreements = agreements_of(practice_id, contacts)
    is_attested = ConsentScope.SMS.value in attested_scopes(practice_id)
    stopped = StopsInForce(practice_id, contacts)
    phones, emails = [each.phone for each in contacts], [each.email for each in contacts]
    marked = _marked(practice_id, phones, emails)
    issues = _OpenIssues(practice_id, client_ids)
    phone_owners = _owners(practice_id, "phone", phones)
    email_owners = _owners(practice_id, "email", emails)
    found = {}
    for each in contacts:
        said = agreements.get(each.id, _NOBODY)
        says_nothing = ConsentScope.SMS.value not in said.own
        is_email_withdrawn = said.is_withdrawn(ConsentScope.EMAIL)
        found[each.id] = Permission(
            is_sms_consented=said.is_granted(ConsentScope.SMS) or (says_nothing and is_attested),
            is_sms_attested=says_nothing and is_attested,
            is_sms_withdrawn=said.is_withdrawn(ConsentScope.SMS),
            is_sms_vetoed=said.is_vetoed(ConsentScope.SMS),
            is_email_vetoed=said.is_vetoed(ConsentScope.EMAIL),
            is_email_withdrawn=is_email_withdrawn,
            is_photo_consented=said.is_granted(ConsentScope.PHOTOS),
            is_opted_out=stopped.any(each),
            is_sms_stopped=stopped.sms(each),
            is_email_stopped=is_email_withdrawn or stopped.email(each),
            is_phone_unreachable=(_PHONE, each.phone) in marked,
            is_email_unreachable=(_EMAIL, each.email) in marked,
            open_issues=issues.of(each),
            may_want_fewer=issues.hold_texts_to(each),
            phone_shared_by=phone_owners.get(each.phone, 1),
            email_shared_by=email_owners.get(each.email, 1),
        )
    return found


class _OpenIssues:
    """What waits for a person: the issues of these clients, and the unclear wishes of everybody, in one query."""

    def __init__(self, practice_id: UUID, client_ids: Collection[UUID]) -> None:
        self._issues: defaultdict[UUID, tuple[tuple[UUID, datetime], ...]] = defaultdict(tuple)
        self._wishing: set[UUID | str] = set()
        wanted = Q(client_id__any_of=client_ids) | Q(origin=_WISH)
        issues = ServiceIssue.objects.filter(wanted, practice_id=practice_id, resolved_at=None)
        for client_id, issue_id, opened_at, origin, phone, email in issues.order_by("opened_at", "id").values_list(
            "client_id", "id", "opened_at", "origin", "client__phone", "client__email"
        ):
            self._issues[client_id] += ((issue_id, opened_at),)
            if origin == _WISH:
                self._wishing.update([client_id, *filter(None, (phone, email))])

    def of(self, contact: Contact) -> tuple[tuple[UUID, datetime], ...]:
        """Service issue and since when, the oldest first."""
        return self._issues[contact.id]

    def hold_texts_to(self, contact: Contact) -> bool:
        """Whether a wish is hers, or of a record with her phone or email."""
        return not self._wishing.isdisjoint({contact.id, contact.phone, contact.email})


def _marked(practice_id: UUID, phones: Iterable[str], emails: Iterable[str]) -> set[tuple[str, str]]:
    """The phones and emails that gateways reported as unreachable, for whoever has them now (CHN-2)."""
    known_phones, known_emails = set(filter(None, phones)), set(filter(None, emails))
    wanted = Q(subject=_PHONE, address__any_of=known_phones) | Q(subject=_EMAIL, address__any_of=known_emails)
    if not known_phones and not known_emails:
        return set()
    marks = AddressMark.objects.filter(wanted, practice_id=practice_id, lifted_at__isnull=True)
    return set(marks.values_list("subject", "address"))


def _owners(practice_id: UUID, column: str, addresses: Iterable[str]) -> dict[str, int]:
    """How many clients each address belongs to (R23)."""
    known = {address for address in addresses if address}
    rows = (
        Client.objects.filter(practice_id=practice_id, merged_into=None, **{f"{column}__any_of": known})
        .values_list(column)
        .annotate(count=Count("id"))
    )
    return dict(rows)
