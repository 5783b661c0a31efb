"""For which number or email was each word about consent said? (SEQ-12)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from clients.models import Consent
from clients.models.consent import ConsentScope
from clients.operations.consents import kind_of
from clients.operations.contact_data import ContactData, words_of
from clients.operations.reported import ReportedClient, ReportedConsent

_COLUMNS: Final = {ConsentScope.SMS.value: "phone", ConsentScope.EMAIL.value: "email"}

Word = tuple[UUID, ReportedConsent]
"""A client, and what she said."""


def addressed(
    practice_id: UUID, said: Iterable[tuple[UUID, ReportedClient]], held: Mapping[UUID, ContactData]
) -> list[Word]:
    """Return each client's words about consent, once for each number or email that they were said for.

    That is the one which the word itself names, else the one of the line it stands in, else the one that the client
    has now: of a word without any that the ledger does not hold yet for another. So neither the order of lines in a
    batch nor that of events matters (R13), and a number beside which a word was never said gains nothing by a repeat.
    One query, and only where a word names nothing.
    """
    found: dict[Word, set[str]] = {}
    for client_id, reported in said:
        contact = words_of(reported, held[client_id])
        for word in reported.consents:
            named = word.address or contact.get(_COLUMNS.get(word.scope, ""), "")
            found.setdefault((client_id, replace(word, address="")), set()).add("" if word.is_flag else named)
    nameless = [each for each, named in found.items() if not any(named) and _has_address(each[1])]
    known = _known(practice_id, nameless)
    return [
        (client_id, replace(word, address=address))
        for (client_id, word), named in found.items()
        if (client_id, word) not in known
        for address in sorted(named - {""}) or [_now(held[client_id], word)]
    ]


def _known(practice_id: UUID, words: Iterable[Word]) -> set[Word]:
    """Which of these words the ledger holds, for whichever number or email."""
    keys = {(client_id, word.scope, kind_of(word), word.at): (client_id, word) for client_id, word in words}
    if not keys:
        return set()
    rows = Consent.objects.filter(practice_id=practice_id, client_id__any_of={key[0] for key in keys})
    return {keys[row] for row in rows.values_list("client_id", "scope", "kind", "at") if row in keys}


def _has_address(word: ReportedConsent) -> bool:
    return word.scope in _COLUMNS and not word.is_flag


def _now(data: ContactData, word: ReportedConsent) -> str:
    return str(getattr(data, _COLUMNS[word.scope])) if _has_address(word) else ""
