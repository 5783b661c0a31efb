"""How does the suppression list leave the house as a file that any spreadsheet opens safely? (OPT-2)"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import Client, Suppression
from clients.queries.suppressions import Cursor, Wanted, export_page, owners_of
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope

HEADINGS: Final[tuple[str, ...]] = (
    "phone",
    "email",
    "client",
    "client id",
    "how",
    "words",
    "since",
    "by",
    "narrowed",
    "lifted",
)
_CLIENT: Final = Suppression.Subject.CLIENT
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def export_stops(practice_id: UUID, wanted: Wanted, actor: Actor, now: datetime) -> Iterator[str]:
    """Will note in the open scope that the list leaves, and return it as CSV, piece by piece.

    The pieces are read when they are sent, each in a short scope of its own, so that the open one may be left.
    Importing the file again changes nothing: what was lifted says so. Of somebody erased, it has the keyed hash.
    """
    audit(practice_id, actor, "suppressions_exported", now, detail={"state": wanted.state, "origin": wanted.origin})
    return _pieces(practice_id, wanted)


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("+13125550186"), safe_cell("Dana")
    ("'=1+1", "'+13125550186", 'Dana')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _pieces(practice_id: UUID, wanted: Wanted) -> Iterator[str]:
    yield _lines([HEADINGS])
    after: Cursor | None = None
    while True:
        with practice_scope(practice_id):
            page = export_page(practice_id, wanted, after)
            owners = owners_of(practice_id, page.rows)
            piece = _lines([_line(each, owners.get(each.pk)) for each in page.rows])
        yield piece
        after = page.older
        if after is None:
            return


def _line(each: Suppression, client: Client | None) -> tuple[str, ...]:
    return (
        each.address if each.subject == Suppression.Subject.PHONE else "",
        each.address if each.subject == Suppression.Subject.EMAIL else "",
        client.full_name if client else "",
        str(client.pk) if client else each.address if each.is_hashed and each.subject == _CLIENT else "",
        each.origin,
        " ".join(each.wording.split()),
        each.at.isoformat(timespec="seconds"),
        (each.by.person.name or each.by.person.email) if each.by else "",
        each.narrowed_at.isoformat(timespec="seconds") if each.narrowed_at else "",
        each.lifted_at.isoformat(timespec="seconds") if each.lifted_at else "",
    )


def _lines(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
