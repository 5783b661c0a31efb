"""For which number or email was each word about consent said? (SEQ-12)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from clients.models.consent import ConsentScope
from clients.operations.contact_data import ContactData, words_of
from clients.operations.reported import ReportedClient, ReportedConsent

_COLUMNS = {ConsentScope.SMS.value: "phone", ConsentScope.EMAIL.value: "email"}


def addressed(
    said: Iterable[tuple[UUID, ReportedClient]], held: Mapping[UUID, ContactData]
) -> list[tuple[UUID, ReportedConsent]]:
    """Return each client's words about consent once, with the number or email they were said for.

    That is the one which the word itself names, else the one of the line it stands in, else the one that the client
    has now. The order of lines in a batch does not matter.
    """
    found: dict[tuple[UUID, ReportedConsent], str] = {}
    for client_id, reported in said:
        contact = words_of(reported, held[client_id])
        for word in reported.consents:
            named = word.address or contact.get(_COLUMNS.get(word.scope, ""), "")
            key = client_id, replace(word, address="")
            found[key] = max(found.get(key, ""), named)
    return [
        (client_id, replace(word, address=named or _now(held[client_id], word)))
        for (client_id, word), named in found.items()
    ]


def _now(data: ContactData, word: ReportedConsent) -> str:
    column = _COLUMNS.get(word.scope)
    return str(getattr(data, column)) if column else ""
