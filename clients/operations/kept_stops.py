"""What stays of an opt-out when the person is erased? Keyed hashes, that nobody can read back (REC-5)"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.db.models import Q

from clients.models import Client, Suppression
from clients.models.suppression import Subject
from clients.operations.stopping import suppress
from clients.queries.keyed_hashes import identity_words, keyed_hash, keyed_hashes
from clients.queries.refusals import refused_at
from practices.operations.auditing import Actor

_PHONE, _EMAIL, _CLIENT = (subject.value for subject in Suppression.Subject)
_BY_STAFF, _BY_RECORDS = Suppression.Origin.STAFF.value, Suppression.Origin.WEBHOOK.value


@dataclass(frozen=True, slots=True)
class Erased:
    """Who is being erased: her rows, her phones (E.164) and emails (lower case), and source and id of each source.

    Of those that she had before, the ones that nobody else has now.
    """

    client_ids: tuple[UUID, ...]
    phones: frozenset[str]
    emails: frozenset[str]
    remote_ids: frozenset[tuple[str, str]]

    @property
    def addresses(self) -> list[Subject]:
        """Her phones and emails, as the suppression list names them."""
        return [*((_PHONE, each) for each in sorted(self.phones)), *((_EMAIL, each) for each in sorted(self.emails))]


def keep_stops(
    practice_id: UUID, person: Erased, alone: Erased, actor: Actor, now: datetime, *, keep_out: bool
) -> bool:
    """Will put hashes in the place of her phones and emails on the suppression list, and blank all words there.

    `alone`: what of hers nobody else has; what a sister has too stays as it is, for the sister. If she had stopped
    all promotion, or a refusal of texts or emails stands in the ledger of consents, or with `keep_out`, hashes of
    every address and every source's id are added, so that she is known again whatever she comes in by. Returns
    whether she stays out. Runs in the open scope; she is held.
    """
    reaching = _reaching(practice_id, person)
    standing = [each for each in reaching if each.lifted_at is None]
    out = [(each.at, each.origin, each.by_id) for each in standing if each.narrowed_at is None]
    if refused := refused_at(practice_id, person.client_ids):
        out.append((refused, _BY_RECORDS, None))
    at, origin, by_id = min(out, key=itemgetter(0), default=(now, _BY_STAFF, actor.staff_member_id))
    _hide(practice_id, reaching, person)
    if not out and not keep_out:
        return False
    known = [(_CLIENT, identity_words(*each)) for each in sorted(person.remote_ids)]
    wanted = [(subject, keyed_hash(practice_id, subject, words)) for subject, words in (*alone.addresses, *known)]
    # What was narrowed to its own channel stands for all of them again where she is kept out as a whole.
    hashes = [hashed for _, hashed in wanted]
    mine = Suppression.objects.filter(practice_id=practice_id, is_hashed=True, address__any_of=hashes, lifted_at=None)
    mine.update(narrowed_at=None)
    suppress(practice_id, [(subject, hashed, None, origin, "", by_id, at) for subject, hashed in wanted])
    return True


def _reaching(practice_id: UUID, person: Erased) -> list[Suppression]:
    """Every opt-out that reaches her or did, those of numbers that she had once and those of an earlier erasing too."""
    found = Q(client_id__in=person.client_ids)
    for subject, address in person.addresses:
        found |= Q(subject=subject, address__in=[address, *keyed_hashes(practice_id, subject, address)])
    for each in person.remote_ids:
        found |= Q(subject=_CLIENT, address__in=keyed_hashes(practice_id, _CLIENT, identity_words(*each)))
    return list(Suppression.objects.filter(found, practice_id=practice_id).order_by("pk").select_for_update())


def _hide(practice_id: UUID, reaching: Collection[Suppression], person: Erased) -> None:
    """Put the hash in the place of each address that nobody else has; let go of her everywhere."""
    plain = [each for each in reaching if not each.is_hashed and each.subject != _CLIENT]
    shared = _others_have(practice_id, plain, person)
    hers = set(person.client_ids)
    for each in reaching:
        if each.is_hashed or each.subject == _CLIENT:
            each.wording = ""
        elif (each.subject, each.address) in shared:
            if each.client_id in hers:
                each.client_id, each.wording = None, ""
        else:
            hashed = keyed_hash(practice_id, each.subject, each.address)
            if each.lifted_at is None and _stands(practice_id, each.subject, hashed):
                each.delete()  # said already, of the same person, when she was erased before
                continue
            each.address, each.is_hashed, each.client_id, each.wording = hashed, True, None, ""
        each.save(update_fields=["address", "is_hashed", "client_id", "wording"])


def _stands(practice_id: UUID, subject: str, hashed: str) -> bool:
    rows = Suppression.objects.filter(practice_id=practice_id, subject=subject, address=hashed, lifted_at=None)
    return rows.exists()


def _others_have(practice_id: UUID, rows: Collection[Suppression], person: Erased) -> set[Subject]:
    """Which of these phones and emails some other client has now."""
    others = Client.objects.filter(practice_id=practice_id).exclude(pk__in=person.client_ids)
    phones = [each.address for each in rows if each.subject == _PHONE]
    emails = [each.address for each in rows if each.subject == _EMAIL]
    return {
        *((_PHONE, each) for each in others.filter(phone__any_of=phones).values_list("phone", flat=True)),
        *((_EMAIL, each) for each in others.filter(email__any_of=emails).values_list("email", flat=True)),
    }
